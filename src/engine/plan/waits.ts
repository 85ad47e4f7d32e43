/**
 * What instances wait for in a plan: the nearest upstream instances in state `run`. Those that wait for
 * the same ones share the list: thousands of them may wait for thousands. Knows no keys.
 */
import { type Edge, type Instance, producers } from "../graph.ts";
import type { PlanState } from "../states.ts";

type List = readonly number[];

/** What is known of a producer. */
interface Upstream {
  readonly state: PlanState;
  readonly record: unknown;
  readonly waitsFor: List;
}

const none: List = [];

/** Shorter lists are made faster than found. */
const sharedFrom = 16;

/** Of one pass, which plans producers before their readers. */
export class Waits {
  readonly #plan: readonly (Upstream | undefined)[];
  readonly #alone = new Map<number, List>();
  readonly #collected = new Map<Edge, List>();
  readonly #joined = new Map<List, Map<List, List>>();

  constructor(plan: readonly (Upstream | undefined)[]) {
    this.#plan = plan;
  }

  of({ inputs }: Instance): List {
    let lists: Set<List> | undefined;
    for (const port of Object.keys(inputs)) {
      const list = this.#ofEdge(inputs[port]!);
      if (list.length > 0) lists = (lists ?? new Set()).add(list);
    }
    return lists ? this.#join(lists) : none;
  }

  #ofEdge(edge: Edge): List {
    if (edge.kind === "one") return this.#ofProducer(edge.instance);
    const found = this.#collected.get(edge);
    if (found) return found;
    const lists = new Set(producers(edge).map((producer) => this.#ofProducer(producer)));
    const list = lists.size > 1 ? [...new Set([...lists].flat())] : this.#join(lists);
    this.#collected.set(edge, list);
    return list;
  }

  #ofProducer(index: number): List {
    const { state, record, waitsFor } = this.#plan[index]!;
    // A forced producer is expected to give the bytes that its record names.
    if (state !== "run" || record) return waitsFor;
    const list = this.#alone.get(index) ?? [index];
    this.#alone.set(index, list);
    return list;
  }

  #join(lists: Iterable<List>): List {
    let all = none;
    for (const list of lists)
      if (list.length > 0) all = all === none ? list : this.#both(all, list);
    return all;
  }

  #both(a: List, b: List): List {
    if (a.length + b.length < sharedFrom) return [...new Set([...a, ...b])];
    const known = this.#joined.get(a) ?? new Map<List, List>();
    this.#joined.set(a, known);
    const list = known.get(b) ?? [...new Set([...a, ...b])];
    known.set(b, list);
    return list;
  }
}
