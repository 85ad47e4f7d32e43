/** Finds a node type in the module that exports it. */
import { fileURLToPath } from "node:url";
import { ActionError, type AnyNodeType } from "../node-type.ts";
import { codeDigest } from "./code-digest.ts";
import { prepareLoader } from "./loader-hooks.ts";

interface Wanted {
  /** URL. */
  readonly module: string;
  /** The node type's name, and the digest of a user's module. */
  readonly preimage: { readonly node: string; readonly code?: string };
}

/**
 * Looks at every export, which may be a node type or a list of them. Throws `ActionError` if somebody
 * edited the module since the run began: the key names the earlier one.
 */
export async function loadNode({ module, preimage }: Wanted): Promise<AnyNodeType> {
  prepareLoader(module);
  const exports = (await import(module)) as Record<string, unknown>;
  if (preimage.code !== undefined && (await codeDigest(fileURLToPath(module))) !== preimage.code) {
    throw new ActionError(`${fileURLToPath(module)} changed since the run began; run again`);
  }
  const found = nodeTypesOf(exports).find((node) => node.type === preimage.node);
  if (!found) throw new Error(`internal error: ${module} exports no node type "${preimage.node}"`);
  return found;
}

export function nodeTypesOf(exports: Readonly<Record<string, unknown>>): AnyNodeType[] {
  const found = Object.values(exports).flatMap((value) => (Array.isArray(value) ? value : [value]));
  return [...new Set(found)].filter(isNodeType);
}

function isNodeType(value: unknown): value is AnyNodeType {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as AnyNodeType).type === "string" &&
    typeof (value as AnyNodeType).run === "function"
  );
}
