/** Brings a pipeline up to date: plans, carries the plan out, and plans again where bytes got lost. */

import { dirname } from "node:path";
import { MissingObject } from "../../store/errors.ts";
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { Digest } from "../../table/digest.ts";
import { Forecast } from "../estimate/forecast.ts";
import type { Event } from "../events.ts";
import type { Graph, Instance } from "../graph.ts";
import { aboutOf } from "../history/about.ts";
import { namedEvent, runsCalled } from "../history/naming.ts";
import { RunJournal } from "../history/run-journal.ts";
import type { PastRun } from "../history/runs.ts";
import type { Opened } from "../open/open.ts";
import type { Plan } from "../plan/plan.ts";
import { explain } from "../plan/why.ts";
import { commitOf } from "../project/commit.ts";
import { describeDamage, openStore } from "../project/open-store.ts";
import { Runner } from "../run/runner.ts";
import { type Counts, countPlanned } from "../states.ts";
import { UsageError } from "../usage-error.ts";
import { isCached, type Planning, planPipeline, portsToRead } from "./plan.ts";
import { wantedKeys } from "./wanted.ts";
import { chooseWorkplace, type Workplaces } from "./workplace.ts";

export interface RunOptions extends Workplaces {
  readonly only?: readonly string[];
  readonly keepGoing?: boolean;
  /** Least seconds from one kept intermediate result to the next (default: 60). */
  readonly publishEvery?: number;
  /** Computes nothing: what would be computed is skipped. */
  readonly frozen?: boolean;
  readonly signal?: AbortSignal;
  /** What the run is called, and what there is to say of it; for its journal. */
  readonly name?: string | undefined;
  readonly note?: string | undefined;
  /** The words of the command line, and the version of Blockspin; for the journal. */
  readonly command?: readonly string[] | undefined;
  readonly version?: string | undefined;
  /** Abort it with `Replaced` when another run takes over: what runs and it wants is brought to its end. */
  readonly replaced?: AbortSignal;
  onEvent?(event: Event): void;
  /** Called before the first event with what says how long the run still takes, and after each plan. */
  onForecast?(forecast: Forecast): void;
  /** Called once, before anything starts, with the keys of all actions that the plan may run. */
  onWanted?(keys: ReadonlySet<string>): void;
}

export interface RunSummary {
  readonly counts: Counts;
  readonly seconds: number;
  /** Where the computed results are. */
  readonly results: readonly {
    readonly instance: Instance;
    readonly port: string;
    readonly record: StoreRecord;
  }[];
  /** What a frozen run would have computed, and why, for people to read. */
  readonly stale: readonly Stale[];
  /** The caller closes it after reading the results: uploads may still go on. */
  readonly store: Store;
}

interface Stale {
  readonly id: string;
  readonly state: "run" | "unknown";
  readonly reason: string;
}

/** Bytes may get lost while a run goes on; more often than this, something else is wrong. */
const maxPasses = 5;

export async function runPipeline(opened: Opened, options: RunOptions = {}): Promise<RunSummary> {
  const started = performance.now();
  const { graph, facts } = opened;
  const naming = namedEvent(options);
  const { only = [], frozen = false } = options;
  const chosen = chooseWorkplace(opened, options, (event) => emit(event));
  const { jobs, visits } = chosen;
  let forecast: Forecast | undefined;
  const { store, journal, emit } = openRun(opened, (event) => {
    forecast?.on(event, performance.now());
    options.onEvent?.(event);
  });
  const commit = commitOf(dirname(graph.path));
  const first = await orClose([chosen, store], async () => {
    const planning = await planPipeline(opened, only, store);
    if (!frozen) await requireBackend(opened, planning.plan, emit);
    return planning;
  });
  const freeze = new AbortController();
  const { signal, replaced } = options;
  const signals = [freeze.signal, ...(signal ? [signal] : [])];
  const publishEvery = options.publishEvery ?? 60;
  const either = AbortSignal.any(signals);
  const workplace = chosen.open(store, { signal: either, replaced, publishEvery });
  const runner = new Runner({
    ...{ graph, store, facts, workplace, visits, emit, signal: either, replaced },
    keepGoing: options.keepGoing ?? false,
    expected: (index) => planning.expected()[index]?.seconds,
    reason: (index, plan) => explain(graph, plan, index, first.past),
  });
  let planning = first;
  const foresee = () => {
    forecast = new Forecast(graph, planning.plan, planning.expected(), jobs);
    options.onForecast?.(forecast);
  };
  try {
    if (options.onForecast) foresee();
    journal.add(aboutOf(opened, options, await commit));
    if (naming) journal.add(naming);
    const namesakes = options.name === undefined ? [] : runsCalled(store, graph.name, options.name);
    options.onWanted?.(wantedKeys(opened, first));
    journal.begin(!frozen && !isCached(first.plan));
    if (namesakes.length > 0) emit(namedAgain(options.name!, namesakes));
    emit({ event: "started", ...summarize(opened, first.plan) });
    store.resumeUploads();
    for (let pass = 1; ; pass++) {
      if (frozen && staleIn(planning, graph).length > 0) freeze.abort();
      const again = await runner.pass(planning.plan);
      if (replaced?.aborted || signals.some(({ aborted }) => aborted)) break;
      const whole = await bringBytes(graph, only, runner, store);
      if ((!again && whole) || pass === maxPasses) break;
      planning = await planPipeline(opened, only, store);
      if (options.onForecast) foresee();
      journal.begin(!frozen && !isCached(planning.plan));
    }
  } catch (error) {
    await store.close(0);
    throw error;
  } finally {
    await workplace.close();
  }
  runner.giveUp();
  const seconds = (performance.now() - started) / 1000;
  const counts = runner.counts();
  emit({ event: "finished", ...counts, seconds });
  // Reading the results may still find damage.
  journal.close();
  const stale = freeze.signal.aborted ? staleIn(planning, graph) : [];
  const results = runner.results().flatMap(({ record: { key }, ...of }) => {
    const record = store.getRecord(key);
    return record ? [{ ...of, record }] : [];
  });
  return { counts, seconds, store, results, stale };
}

/** Does a part of the work; closes everything where that fails. */
async function orClose<T>(
  open: readonly { close(graceMs?: number): Promise<unknown> }[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const one of open) await one.close(0);
    throw error;
  }
}

/** A name means the newest run of that name; earlier ones keep it, and what they made. */
function namedAgain(name: string, [newest, ...others]: readonly PastRun[]): Event {
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  const message = `run ${newest!.name}${more} is called ${JSON.stringify(name)} too; from now on the name means this run`;
  return { event: "warning", code: "run-name", message };
}

/** The store with a journal; every event goes to both the journal and the caller. */
function openRun(opened: Opened, onEvent: (event: Event) => void) {
  const store = openStore(opened.settings, {
    onDamage: (damage) =>
      emit({ event: "warning", code: "damaged", message: describeDamage(damage) }),
    onRemoteProblem: (message) => emit({ event: "warning", code: "remote", message }),
  });
  const journal = new RunJournal(store, opened.graph.name, (reason) => {
    const message = `this run is not in the journal: ${reason}`;
    onEvent({ event: "warning", code: "journal", message });
  });
  const emit = (event: Event) => {
    journal.add(event);
    onEvent(event);
  };
  return { store, journal, emit };
}

/** What a plan would compute, with the first reason of each. */
export function staleIn({ plan, reason }: Planning, graph: Graph): readonly Stale[] {
  return [...plan.entries()].flatMap(([index, planned]) => {
    if (!planned || planned.state === "cached") return [];
    const { label: id } = graph.instances[index]!;
    return [{ id, state: planned.state, reason: reason(index)[0] ?? "" }];
  });
}

/** Brings the bytes of the results, and of what was asked for, here; returns whether all came. */
async function bringBytes(
  graph: Graph,
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

/**
 * Fails early if what runs needs a backend that this machine lacks; warns if it may. Looking up needs
 * no backend.
 */
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

function summarize({ graph, facts }: Opened, plan: Plan) {
  const states = plan.flatMap((planned) => (planned ? [planned.state] : []));
  return {
    pipeline: graph.name,
    backend: facts.backend,
    instances: states.length,
    ...countPlanned(states),
    at: new Date().toISOString(),
  };
}
