/** Finds a node type in the module that exports it. */
import { fileURLToPath } from "node:url";
import { ActionError, type AnyNodeType } from "../node-type.ts";
import type { Action } from "../run/action.ts";
import { codeDigest } from "./code-digest.ts";
import { resolveOwnName } from "./own-name.ts";

/**
 * Looks at every export: a node type, or a list of them. Throws `ActionError` if the module is no
 * longer the one that the key names: it was edited since the run began.
 */
export async function loadNode({
  module,
  nodeType: type,
  preimage,
}: Pick<Action, "module" | "nodeType" | "preimage">): Promise<AnyNodeType> {
  resolveOwnName(module);
  const exports = (await import(module)) as Record<string, unknown>;
  if (preimage.code !== undefined && (await codeDigest(fileURLToPath(module))) !== preimage.code) {
    throw new ActionError(`${fileURLToPath(module)} changed since the run began; run again`);
  }
  const found = nodeTypesOf(exports).find((node) => node.type === type);
  if (!found) throw new Error(`internal error: ${module} exports no node type "${type}"`);
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
