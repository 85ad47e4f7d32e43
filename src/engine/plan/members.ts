/**
 * Which instances a collected input has gained and lost since an earlier run. A key has only the
 * digest of all of them, so this goes by their names in the run's journal.
 */
import type { Edge, Graph, Instance } from "../graph.ts";
import { push } from "../group.ts";
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
  const there = idsOf(instances);
  const { ids, places } = sorted(before, edge.axes);
  const kinds = new Set(now.map(({ id }) => kindOf(id, edge.axes) ?? ""));
  const removed = [...kinds]
    .flatMap((kind) => places.get(kind) ?? [])
    .sort((a, b) => a - b)
    .map((place) => ids[place]!)
    .filter((id) => !there.has(id));
  return { added, removed };
}

/** The ids of a run in their order, and the places of each kind. */
interface Sorted {
  readonly ids: readonly string[];
  readonly places: ReadonlyMap<string, readonly number[]>;
}

// Computed once: thousands of instances ask about the same run and the same graph.
const known = new WeakMap<ReadonlySet<string>, Map<string, Sorted>>();
const idsByGraph = new WeakMap<Graph["instances"], ReadonlySet<string>>();

function idsOf(instances: Graph["instances"]): ReadonlySet<string> {
  const ids = idsByGraph.get(instances) ?? new Set(instances.map(({ id }) => id));
  idsByGraph.set(instances, ids);
  return ids;
}

function sorted(run: ReadonlySet<string>, collected: readonly string[]): Sorted {
  const ofRun = known.get(run) ?? new Map<string, Sorted>();
  known.set(run, ofRun);
  const found = ofRun.get(collected.join());
  if (found) return found;
  const ids = [...run];
  const places = new Map<string, number[]>();
  for (const [place, id] of ids.entries()) {
    const kind = kindOf(id, collected);
    if (kind !== undefined) push(places, kind, place);
  }
  const made = { ids, places };
  ofRun.set(collected.join(), made);
  return made;
}

/** The stage with its axes that are not collected: the same for all members of one input. */
function kindOf(id: string, collected: readonly string[]): string | undefined {
  try {
    const { stage, axes } = parsePattern(id);
    const others = [...axes].filter(([axis]) => !collected.includes(axis));
    return JSON.stringify([stage, others.sort()]);
  } catch {
    return undefined; // A value with brackets of its own.
  }
}
