/**
 * What a plan is expected to take, instance by instance: measured by the records that it found, and by
 * what earlier runs left. Reads of the past what its reasons read too, and nothing if all is cached.
 */
import type { Store } from "../../store/store.ts";
import type { Graph, Instance } from "../graph.ts";
import { producers } from "../graph.ts";
import type { AnyNodeType } from "../node-type.ts";
import type { Facts } from "../plan/key.ts";
import { parsePattern } from "../plan/pattern.ts";
import type { Plan } from "../plan/plan.ts";
import type { Preimage } from "../plan/preimage.ts";
import type { Before, Lookup } from "../plan/why.ts";
import { seedParam } from "../seed.ts";
import { type Described, type Expected, Rates } from "./rates.ts";
import { Spared } from "./spared.ts";
import { workOf } from "./work.ts";

export interface History {
  readonly history: Lookup<Before>;
  /** Seconds of the last time, by id; also where the record is gone. */
  readonly seconds: Lookup<number>;
  /** All that was read of it so far, by id. */
  known(): Iterable<readonly [id: string, before: Before]>;
}

/** By instance index: undefined for what nobody asked for, and where nothing is known. */
export type Expectation = readonly (Expected | undefined)[];

type Seeds = ReadonlySet<string>;

const none: Expected = { seconds: 0, atLeast: false };

/** @param store - has what spares a part of an action; at most `lookups` parts are looked up */
export function expectSeconds(
  { instances }: Graph,
  plan: Plan,
  past: History,
  store: Pick<Store, "getRecord" | "hintsBelow">,
  { backend }: Pick<Facts, "backend">,
  lookups = 2000,
): Expectation {
  const expected: (Expected | undefined)[] = plan.map((planned) => planned && none);
  const stale = [...plan.keys()].filter((i) => plan[i] && plan[i].state !== "cached");
  if (stale.length === 0) return expected;
  // All of them first: what they make the past read says something of the others.
  const own = new Map(stale.map((i) => [i, beforeOf(instances[i]!, past)]));
  const seeds = seedAxes(instances);
  const rates = learn(instances, plan, past, seeds);
  const spared = new Spared(store, lookups);
  const grown = new Set<number>();
  for (const index of stale) {
    const instance = instances[index]!;
    const { type } = instance.node;
    const before = own.get(index);
    const after = Object.values(instance.inputs).flatMap(producers);
    if (after.some((i) => grown.has(i))) grown.add(index);
    const found = rates.of(
      {
        type,
        params: instance.params,
        numerics: type.backend ? { backend } : null,
        place: at(instance, seeds),
      },
      before && asMeasured(instance, before, seeds),
    );
    const last = found ? undefined : past.seconds.get(instance.id);
    const guess = found ?? (last === undefined ? undefined : { seconds: last, atLeast: false });
    const atLeast = (guess?.atLeast ?? false) || grown.has(index);
    expected[index] = guess && {
      seconds: guess.seconds * spared.left(type, plan[index]!),
      atLeast,
    };
    if (atLeast) grown.add(index);
    if (before && workOf(type, instance.params) > workOf(type, before.preimage.params)) {
      grown.add(index);
    }
  }
  return expected;
}

/** What it was when it last ran, with the node type that it has now. */
function beforeOf({ id, node }: Instance, past: History): Before | undefined {
  const before = past.history.get(id);
  return before?.preimage.node === node.type.type ? before : undefined;
}

/**
 * Axes whose values are seeds: what differs in them alone takes the same time. A size may happen to be
 * some seed, so all instances of a stage must have their value of the axis as a seed.
 */
function seedAxes(instances: readonly Instance[]): Seeds {
  const byStage = new Map<string, Map<string, boolean>>();
  for (const { stage, node, params, coordinate } of instances) {
    const name = seedParam(node.type.params);
    if (name === undefined) continue;
    const values = [params[name]].flat();
    const axes = byStage.get(stage) ?? new Map<string, boolean>();
    byStage.set(stage, axes);
    for (const [axis, value] of Object.entries(coordinate)) {
      axes.set(axis, (axes.get(axis) ?? true) && values.includes(value));
    }
  }
  const all = [...byStage.values()].flatMap((axes) => [...axes]);
  return new Set(all.flatMap(([axis, isSeed]) => (isSeed ? [axis] : [])));
}

function learn(instances: readonly Instance[], plan: Plan, past: History, seeds: Seeds): Rates {
  const rates = new Rates();
  const types = new Map<string, AnyNodeType>();
  const ids = new Set<string>();
  for (const [index, instance] of instances.entries()) {
    const { type } = instance.node;
    types.set(type.type, type);
    const { state, record, preimage } = plan[index] ?? {};
    if (state !== "cached" || !record || !preimage) continue;
    ids.add(instance.id);
    rates.add(asMeasured(instance, { preimage }, seeds), record.seconds);
  }
  for (const [id, { preimage, seconds }] of past.known()) {
    const type = types.get(preimage.node);
    if (type && !ids.has(id)) rates.add({ ...preimage, type, place: placeOf(id, seeds) }, seconds);
  }
  return rates;
}

function asMeasured<T extends { readonly preimage: Preimage }>(
  instance: Instance,
  of: T,
  seeds: Seeds,
) {
  const { params, numerics } = of.preimage;
  return { ...of, type: instance.node.type, params, numerics, place: at(instance, seeds) };
}

function at({ stage, coordinate }: Instance, seeds: Seeds): Described["place"] {
  const axes = Object.entries(coordinate).filter(([axis]) => !seeds.has(axis));
  return { ...Object.fromEntries(axes), stage };
}

/** Of an instance that the graph no longer has. */
function placeOf(id: string, seeds: Seeds): Described["place"] {
  try {
    const { stage, axes } = parsePattern(id);
    const values = [...axes].flatMap(([axis, text]): [string, string | number][] => {
      if (seeds.has(axis) || axis === "ablation") return [];
      return [[axis, String(Number(text)) === text ? Number(text) : text]];
    });
    return { ...Object.fromEntries(values), stage };
  } catch {
    return {}; // A value with brackets of its own.
  }
}
