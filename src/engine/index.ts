/**
 * The engine: document → expand → plan → run, called in order. Knows no node type and no physics;
 * the registry is passed in.
 */

import { MissingObject } from "../store/errors.ts";
import { eachJournal } from "../store/journal.ts";
import type { StoreRecord } from "../store/record.ts";
import type { Store } from "../store/store.ts";
import type { ActionKey, Digest } from "../table/digest.ts";
import type { Event, FinalState } from "./events.ts";
import type { Graph, Instance, PortRef } from "./graph.ts";
import { type Journal as Events, type Past, readPast } from "./history/history.ts";
import { RunJournal } from "./history/run-journal.ts";
import type { Opened } from "./open/open.ts";
import { planWithRemotes } from "./plan/consult.ts";
import { matchPattern } from "./plan/pattern.ts";
import { ancestors, makePlan, type Plan } from "./plan/plan.ts";
import { type Explained, explain } from "./plan/why.ts";
import { describeDamage, openStore } from "./project/open-store.ts";
import type { Executor } from "./run/executor.ts";
import { LocalExecutor } from "./run/local-executor.ts";
import { Runner } from "./run/runner.ts";
import { UsageError } from "./usage-error.ts";

export { type Opened, type OpenOptions, openPipeline } from "./open/open.ts";

export interface Planning {
  readonly plan: Plan;
  readonly store: Store;
  /** Lines that say why an instance is in its state. */
  reason(index: number): readonly string[];
  readonly past: Past;
}

/** Runs that are looked back on. */
const maxJournals = 50;

/** What would run, and why. Asks the remotes for the records that are not here. */
export async function planPipeline(
  opened: Opened,
  only: readonly string[] = [],
  store = openStore(opened.settings, opened.hooks),
): Promise<Planning> {
  const { graph, facts } = opened;
  const wanted = selectInstances(graph, only);
  const plan = await planWithRemotes(store, (records) =>
    makePlan(graph, records, facts, wanted, portsToRead(graph, only)),
  );
  const known = new Map(
    plan.flatMap((planned) => (planned?.record ? [[planned.record.key, planned.record]] : [])),
  );
  const getRecord = memoize((key: ActionKey) => known.get(key) ?? store.getRecord(key));
  // A run that begins after this is not among them. None is read before somebody asks.
  const journals = eachJournal(store, graph.name, maxJournals);
  const past = readPast(journals as unknown as Iterable<Events>, getRecord);
  const explained: Explained = new Map();
  return { plan, store, past, reason: (index) => explain(graph, plan, index, past, explained) };
}

export interface RunOptions {
  readonly only?: readonly string[];
  readonly jobs?: number | undefined;
  readonly keepGoing?: boolean;
  /** Least seconds from one intermediate result that is kept to the next (default: 60). */
  readonly publishEvery?: number;
  /** Computes nothing: what would be computed is skipped. */
  readonly frozen?: boolean;
  readonly signal?: AbortSignal;
  /** Where actions run; it stays open. By default, threads and processes of this run's own. */
  readonly executor?: Executor;
  onEvent?(event: Event): void;
}

export interface RunSummary {
  readonly counts: Readonly<Record<FinalState, number>>;
  readonly seconds: number;
  /** Where the results are, for those that were computed. */
  readonly results: readonly {
    readonly instance: Instance;
    readonly port: string;
    readonly record: StoreRecord;
  }[];
  /** What would have been computed, had the run not been frozen, and why, for people to read. */
  readonly stale: readonly Stale[];
  /** To be closed once the results are read: uploads may go on. */
  readonly store: Store;
}

interface Stale {
  readonly id: string;
  readonly state: "run" | "unknown";
  readonly reason: string;
}

/** Bytes may get lost while a run goes on; more often than this, something else is wrong. */
const maxPasses = 5;

/** Brings the pipeline up to date. */
export async function runPipeline(opened: Opened, options: RunOptions = {}): Promise<RunSummary> {
  const started = performance.now();
  const { graph, facts } = opened;
  const store = openStore(opened.settings, {
    onDamage: (damage) =>
      emit({ event: "warning", code: "damaged", message: describeDamage(damage) }),
    onRemoteProblem: (message) => emit({ event: "warning", code: "remote", message }),
  });
  const journal = new RunJournal(store, graph.name, (reason) => {
    const message = `this run is not in the journal: ${reason}`;
    options.onEvent?.({ event: "warning", code: "journal", message });
  });
  const emit = (event: Event) => {
    if (event.event !== "progress") journal.add(event);
    options.onEvent?.(event);
  };
  const first = await planPipeline(opened, options.only, store);
  if (!options.frozen) await requireBackend(opened, first.plan, emit);
  // Before this run's own events are among them.
  const { past } = first;
  journal.begin(!options.frozen && !isCached(first.plan));
  emit({ event: "started", ...summarize(opened, first.plan) });
  const executor = options.executor ?? new LocalExecutor(options.jobs ?? opened.jobs);
  const freeze = new AbortController();
  const signals = [freeze.signal, ...(options.signal ? [options.signal] : [])];
  const runner = new Runner({
    ...{ graph, store, facts, executor, emit },
    jobs: options.jobs ?? opened.jobs,
    keepGoing: options.keepGoing ?? false,
    publishEvery: options.publishEvery ?? 60,
    signal: AbortSignal.any(signals),
    expected: ({ id }) => past.seconds.get(id) ?? 1,
    reason: (index, plan) => explain(graph, plan, index, past),
  });
  let planning = first;
  try {
    store.resumeUploads();
    for (let pass = 1; ; pass++) {
      if (options.frozen && staleIn(planning, graph).length > 0) freeze.abort();
      const again = await runner.pass(planning.plan);
      if (signals.some(({ aborted }) => aborted)) break;
      const whole = await bringBytes(opened, options.only ?? [], runner, store);
      if ((!again && whole) || pass === maxPasses) break;
      planning = await planPipeline(opened, options.only, store);
      journal.begin(!options.frozen && !isCached(planning.plan));
    }
  } catch (error) {
    await store.close(0);
    throw error;
  } finally {
    if (!options.executor) await executor.close();
  }
  runner.giveUp();
  const seconds = (performance.now() - started) / 1000;
  const counts = runner.counts();
  emit({ event: "finished", ...counts, seconds });
  // Reading the results may still find damage.
  journal.close();
  const stale = freeze.signal.aborted ? staleIn(planning, graph) : [];
  return { counts, seconds, store, results: runner.results(), stale };
}

/** Whether there is nothing to compute. */
function isCached(plan: Plan): boolean {
  return plan.every((planned) => !planned || planned.state === "cached");
}

function staleIn({ plan, reason }: Planning, graph: Graph): RunSummary["stale"] {
  return [...plan.entries()].flatMap(([index, planned]) => {
    if (!planned || planned.state === "cached") return [];
    const { label: id } = graph.instances[index]!;
    return [{ id, state: planned.state, reason: reason(index)[0] ?? "" }];
  });
}

/** Brings the bytes of the results, and of what was asked for, here; tells whether all came. */
async function bringBytes(
  { graph }: Opened,
  only: readonly string[],
  runner: Runner,
  store: Store,
): Promise<boolean> {
  const artifacts = portsToRead(graph, only).flatMap(({ instance, port }) => {
    return runner.recordOf(instance)?.outputs[port] ?? [];
  });
  await store.fetch(artifacts);
  const chunks = artifacts.flatMap((artifact) => artifact.chunks);
  return chunks.every(({ digest }) => isWhole(store, digest));
}

/** Reads and verifies; a damaged object goes to quarantine, and its producer runs again. */
function isWhole(store: Store, digest: Digest): boolean {
  try {
    store.readObject(digest);
    return true;
  } catch (error) {
    if (error instanceof MissingObject) return false;
    throw error;
  }
}

/** Looking up needs no backend; what has to be computed without it should not wait to fail. */
async function requireBackend(
  { graph, facts, backendProblem }: Opened,
  plan: Plan,
  emit: (event: Event) => void,
): Promise<void> {
  if (facts.backend === "wasm") return;
  const states = plan.flatMap((planned, index) => {
    return planned && graph.instances[index]!.node.type.backend ? [planned.state] : [];
  });
  if (states.every((state) => state === "cached")) return;
  const problem = await backendProblem();
  if (problem === undefined) return;
  const message = `backend "${facts.backend}" cannot be used: ${problem}`;
  if (states.includes("run")) throw new UsageError(message, "blockspin nodes --backends");
  emit({ event: "warning", code: "backend", message });
}

function summarize(opened: Opened, plan: Plan) {
  const states = plan.flatMap((planned) => (planned ? [planned.state] : []));
  const count = (state: string) => states.filter((s) => s === state).length;
  return {
    pipeline: opened.graph.name,
    backend: opened.facts.backend,
    instances: states.length,
    cached: count("cached"),
    run: count("run"),
    unknown: count("unknown"),
    at: new Date().toISOString(),
  };
}

/** The instances that patterns name and all that they need; undefined, all, without a pattern. */
export function selectInstances(graph: Graph, only: readonly string[]): Set<number> | undefined {
  if (only.length === 0) return undefined;
  return ancestors(
    graph,
    only.flatMap((pattern) => matchPattern(graph, pattern).indices),
  );
}

/** The results; or, where patterns say what is wanted, that, and the results among what it needs. */
function portsToRead(graph: Graph, only: readonly string[]): PortRef[] {
  const wanted = selectInstances(graph, only);
  const named = new Set(only.flatMap((pattern) => matchPattern(graph, pattern).indices));
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
