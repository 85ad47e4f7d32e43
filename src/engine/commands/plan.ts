/** What would run, and why. Computes nothing. */

import { eachJournal } from "../../store/journal.ts";
import type { Store } from "../../store/store.ts";
import type { ActionKey } from "../../table/digest.ts";
import { type Expectation, expectSeconds } from "../estimate/expect.ts";
import { Forecast, type Left } from "../estimate/forecast.ts";
import type { Graph, PortRef } from "../graph.ts";
import { type Journal, type Past, readPast } from "../history/history.ts";
import type { Opened } from "../open/open.ts";
import { planWithRemotes } from "../plan/consult.ts";
import { matchPattern } from "../plan/pattern.ts";
import { ancestors, makePlan, type Plan } from "../plan/plan.ts";
import { type Explained, explain } from "../plan/why.ts";
import { openStore } from "../project/open-store.ts";

export interface Planning {
  readonly plan: Plan;
  readonly store: Store;
  /** Lines that say why an instance is in its state, the most important first. */
  reason(index: number): readonly string[];
  readonly past: Past;
  /** How long each instance is expected to take. Reads earlier runs only if something is to run. */
  expected(): Expectation;
}

/** How many past journals to read. */
const maxJournals = 50;

/** Plans what patterns name and all that it needs, or everything. Asks remotes for missing records. */
export async function planPipeline(
  opened: Opened,
  only: readonly string[] = [],
  store = openStore(opened.settings, opened.hooks),
): Promise<Planning> {
  const { graph, facts } = opened;
  const wanted = selectInstances(graph, only);
  store.useIndex(graph.name);
  const plan = await planWithRemotes(store, (records) =>
    makePlan(graph, records, facts, wanted, portsToRead(graph, only)),
  );
  store.saveIndex();
  const getRecord = memoize((key: ActionKey) => store.getRecord(key));
  // Lists the journals now, so that a run that begins later is not among them; reads none yet.
  const journals = eachJournal(store, graph.name, maxJournals);
  const past = readPast(journals as unknown as Iterable<Journal>, getRecord, (key) =>
    store.local.hasSetAside(key),
  );
  const explained: Explained = new Map();
  let expected: Expectation | undefined;
  return {
    ...{ plan, store, past },
    reason: (index) => explain(graph, plan, index, past, explained),
    expected() {
      expected ??= expectSeconds(graph, plan, past, store, facts);
      return expected;
    },
  };
}

/** How long a plan takes from the beginning, on so many slots. */
export function timeFor({ graph }: Opened, { plan, expected }: Planning, jobs: number): Left {
  return new Forecast(graph, plan, expected(), jobs).left(0);
}

/** Whether a plan has nothing to compute. */
export function isCached(plan: Plan): boolean {
  return plan.every((planned) => !planned || planned.state === "cached");
}

/** The instances that patterns name, each once, in the order of the patterns. */
export function namedInstances(graph: Graph, patterns: readonly string[]): ReadonlySet<number> {
  return new Set(patterns.flatMap((pattern) => matchPattern(graph, pattern).indices));
}

/** What patterns name, and all that it needs; undefined, which means everything, without patterns. */
export function selectInstances(graph: Graph, only: readonly string[]): Set<number> | undefined {
  return only.length === 0 ? undefined : ancestors(graph, namedInstances(graph, only));
}

/** The results; with patterns, every output that they name, and the results among what those need. */
export function portsToRead(graph: Graph, only: readonly string[]): readonly PortRef[] {
  const wanted = selectInstances(graph, only);
  const named = namedInstances(graph, only);
  const asked = [...named].flatMap((instance) =>
    Object.keys(graph.instances[instance]!.outputs).map((port) => ({ instance, port })),
  );
  const rest = graph.results.filter(({ instance }) => !wanted || wanted.has(instance));
  return [...asked, ...rest.filter(({ instance }) => !named.has(instance))];
}

function memoize<K, V>(compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key)!;
  };
}
