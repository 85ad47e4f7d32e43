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
  const nodes = await load(module);
  if (preimage.code !== undefined) await requireCode(module, preimage.code);
  const node = nodes.get(preimage.node);
  if (!node) throw new Error(`internal error: ${module} exports no node type "${preimage.node}"`);
  return node;
}

/** By name. */
type NodeTypes = ReadonlyMap<string, AnyNodeType>;

/** Modules by URL. Node has them too, but asks the hooks' thread for each `import()` what it means. */
const loaded = new Map<string, NodeTypes>();

async function load(module: string): Promise<NodeTypes> {
  const known = loaded.get(module);
  if (known) return known;
  prepareLoader(module);
  const exports = nodeTypesOf((await import(module)) as Readonly<Record<string, unknown>>);
  // Of several of one name, the first.
  const nodes = new Map(exports.reverse().map((node) => [node.type, node]));
  loaded.set(module, nodes);
  return nodes;
}

/** When a module was last found to be as the key says, by URL and digest. */
const found = new Map<string, number>();

/** What is loaded stays as it is: files that it has yet to load are looked at four times a second. */
const lookEveryMs = 250;

async function requireCode(module: string, code: string): Promise<void> {
  const name = `${code} ${module}`;
  const now = performance.now();
  if (now - (found.get(name) ?? Number.NEGATIVE_INFINITY) < lookEveryMs) return;
  if ((await codeDigest(fileURLToPath(module))) !== code) {
    throw new ActionError(`${fileURLToPath(module)} changed since the run began; run again`);
  }
  found.set(name, now);
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
