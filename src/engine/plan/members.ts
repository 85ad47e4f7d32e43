/**
 * Which instances a collected input has gained and lost since an earlier run. A key has only the
 * digest of all of them, so this goes by their names in the run's journal.
 */
import type { Edge, Graph, Instance } from "../graph.ts";
import { parsePattern } from "./pattern.ts";

/** @param before - ids of all instances of the earlier run */
export function changedMembers(
  { instances }: Graph,
  edge: Edge,
  before: ReadonlySet<string>,
): { readonly added: readonly Instance[]; readonly removed: readonly string[] } {
  if (edge.kind === "one") return { added: [], removed: [] };
  const now = [...new Set(edge.members.map(({ instance }) => instances[instance]!))];
  const added = now.filter(({ id }) => !before.has(id));
  const kinds = new Set(now.map(({ id }) => kindOf(id, edge.axes)));
  const there = new Set(instances.map(({ id }) => id));
  const removed = [...before].filter(
    (id) => !there.has(id) && kinds.has(kindOf(id, edge.axes) ?? ""),
  );
  return { added, removed };
}

/** The stage with the axes that are not collected: what tells members of one input from others. */
function kindOf(id: string, collected: readonly string[]): string | undefined {
  try {
    const { stage, axes } = parsePattern(id);
    const others = [...axes].filter(([axis]) => !collected.includes(axis));
    return JSON.stringify([stage, others.sort()]);
  } catch {
    return undefined; // A value with brackets of its own.
  }
}
