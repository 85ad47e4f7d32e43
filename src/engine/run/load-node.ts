/** Finds a node type in the module that exports it. */
import type { AnyNodeType } from "../node-type.ts";

/** Looks at every export: a node type, or a list of them. */
export async function loadNode(module: string, type: string): Promise<AnyNodeType> {
  const exports = (await import(module)) as Record<string, unknown>;
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
