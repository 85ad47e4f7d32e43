/**
 * Decides what would run: a pure function of the graph and of what the store holds. Runs nothing.
 *
 * Inputs enter a key by content, so an instance is `unknown` until its inputs' bytes are known (see
 * `states.ts`). It may still turn out to be cached, if what it waits for comes out the same.
 */
import type { Judge } from "../../store/objections.ts";
import type { KnownRecord } from "../../store/record.ts";
import type { ActionKey, Digest } from "../../table/digest.ts";
import type { Artifact } from "../../table/schema.ts";
import { type Graph, type Instance, type PortRef, producers } from "../graph.ts";
import type { PlanState } from "../states.ts";
import { columnsByPort, judgeBy } from "./judge.ts";
import { type Facts, keyOf } from "./key.ts";
import type { Preimage } from "./preimage.ts";
import { Waits } from "./waits.ts";

export interface Planned {
  readonly state: PlanState;
  /** The action key; undefined while the state is unknown. */
  readonly key: ActionKey | undefined;
  readonly preimage: Preimage | undefined;
  readonly record: KnownRecord | undefined;
  /** For `unknown`: the nearest upstream instances in state `run`. */
  readonly waitsFor: readonly number[];
  /** For `run` although a record exists: the instance that needs the bytes, which are gone. */
  readonly neededBy: number | undefined;
}

/** By instance index; undefined for an instance that nobody asked for. */
export type Plan = readonly (Planned | undefined)[];

/** What planning asks of the store. */
export interface Records {
  /** Returns no record that the judge objects to. */
  getRecord(key: ActionKey, judge: Judge): KnownRecord | undefined;
  hasObject(digest: Digest): boolean;
}

/**
 * @param wanted - the instances to bring up to date, producers included; all if undefined
 * @param read - whose bytes will be read although nothing runs (results, and what is asked for)
 */
export function makePlan(
  graph: Graph,
  store: Records,
  facts: Facts,
  wanted?: ReadonlySet<number>,
  read: readonly PortRef[] = [],
): Plan {
  const plan: (Planned | undefined)[] = [];
  const forced = new Map<number, number>();
  // Finding bytes gone forces a producer, which may miss bytes of its own: repeat until it settles.
  for (;;) {
    const waits = new Waits(plan);
    for (const [i] of graph.instances.entries()) {
      plan[i] =
        wanted && !wanted.has(i) ? undefined : planOne(graph, plan, waits, i, store, facts, forced);
    }
    const before = forced.size;
    findMissingBytes(graph, plan, store, read, forced);
    if (forced.size === before) return plan;
  }
}

function planOne(
  graph: Graph,
  plan: readonly (Planned | undefined)[],
  waits: Waits,
  index: number,
  store: Records,
  facts: Facts,
  forced: ReadonlyMap<number, number>,
): Planned {
  const instance = graph.instances[index]!;
  const waitsFor = waits.of(instance);
  if (waitsFor.length > 0) {
    const none = { key: undefined, preimage: undefined, record: undefined, neededBy: undefined };
    return { state: "unknown", waitsFor, ...none };
  }
  const digestOf = (i: number, port: string) => plan[i]!.record!.outputs[port]!.digest;
  const { key, preimage } = keyOf(instance, index, digestOf, facts);
  const record = store.getRecord(key, judgeOf(instance, plan));
  const neededBy = forced.get(index);
  const state = record && neededBy === undefined ? "cached" : "run";
  return { state, key, preimage, record, waitsFor: [], neededBy };
}

/** What an instance's record must be, given those of its inputs. */
function judgeOf({ node, inputs, outputs }: Instance, plan: Plan): Judge {
  const { maps, checkpoint } = node.type;
  const edge = maps === undefined || !Object.hasOwn(inputs, maps) ? undefined : inputs[maps]!;
  const members = edge && (edge.kind === "one" ? [edge] : edge.members);
  const rows = members?.reduce((sum, { instance, port }) => {
    return sum + plan[instance]!.record!.outputs[port]!.rows;
  }, 0);
  const columns = columnsOf.get(outputs) ?? columnsByPort(outputs);
  columnsOf.set(outputs, columns);
  return judgeBy({ columns, checkpoint, rows });
}

/** Thousands of instances share their ports. */
const columnsOf = new WeakMap<Instance["outputs"], ReturnType<typeof columnsByPort>>();

/** Forces the producers whose objects are gone although an instance that runs will read them. */
function findMissingBytes(
  graph: Graph,
  plan: Plan,
  store: Records,
  read: readonly PortRef[],
  forced: Map<number, number>,
): void {
  const present = (artifact: Artifact) =>
    artifact.chunks.every((chunk) => store.hasObject(chunk.digest));
  const check = ({ instance, port }: PortRef, consumer: number) => {
    const planned = plan[instance];
    if (planned?.state !== "cached") return;
    if (!present(planned.record!.outputs[port]!)) forced.set(instance, consumer);
  };
  for (const [consumer, planned] of plan.entries()) {
    if (planned?.state !== "run") continue;
    for (const edge of Object.values(graph.instances[consumer]!.inputs)) {
      const members = edge.kind === "one" ? [edge] : edge.members;
      for (const member of members) check(member, consumer);
    }
  }
  for (const wanted of read) check(wanted, wanted.instance);
}

/** The targets and all that they read, directly or not. */
export function ancestors(graph: Graph, targets: Iterable<number>): Set<number> {
  const found = new Set<number>();
  const pending = [...targets];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    // One by one: a call takes some 100,000 arguments, and an edge may have more members.
    for (const edge of Object.values(graph.instances[next]!.inputs))
      for (const producer of producers(edge)) pending.push(producer);
  }
  return found;
}
