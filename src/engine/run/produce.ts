/**
 * Obtains an action's record: from the store, from another process that computes it, from its parts, by
 * continuing an earlier result, or by performing the action from nothing. Knows neither the graph nor
 * the state of an instance.
 */
import { isDeepStrictEqual } from "node:util";
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { Artifact } from "../../table/schema.ts";
import type { ActionResult, Numbers } from "./action.ts";
import { assemble, divide, type Part } from "./divide.ts";
import { ActionFailure, type Executor } from "./executors/executor.ts";
import { type Job, judgeOf } from "./job.ts";
import { keepRecord } from "./keep.ts";
import { performWithin } from "./limits.ts";
import { findPrefixes, isPresent } from "./prefixes.ts";
import { emptyCode, emptyOutputs } from "./returned.ts";
import { Slots } from "./slots.ts";

/** How many parts of an action ran now; an undivided action is its only part. */
export interface Parts {
  readonly ran: number;
  readonly cached: number;
  /** How many of those that ran continued an earlier result. */
  readonly continued: number;
}

export interface Made {
  readonly record: StoreRecord;
  readonly state: "ran" | "cached";
  readonly parts: Parts;
  /** Seconds of work now, summed over all parts. */
  readonly seconds: number;
}

/** What a caller wants to know while an action is obtained. */
export interface Watch {
  /** Order in the queue for slots; higher ones come first. */
  readonly priority?: number;
  /** Whether to start nothing more. */
  stopped(): boolean;
  /** Called when something begins to be computed, once for each part. */
  started(): void;
  progress(fraction: number, message: string | undefined, numbers?: Numbers): void;
  /** Called with each line that it prints. */
  log(line: string): void;
  /** Called when another process computes it. */
  waiting(holder: string): void;
  /** Called when a rerun gave other bytes for these ports; the earlier record is in quarantine. */
  differs(ports: readonly string[]): void;
}

/** The run stopped before the action was computed. */
export class Stopped extends Error {}

/** Why a run is given up: another one goes on, which wants these actions and no others. */
export class Replaced extends Stopped {
  readonly wanted: ReadonlySet<string>;
  constructor(wanted: ReadonlySet<string>) {
    super("another run has taken over");
    this.wanted = wanted;
  }
}

interface ProducerOptions {
  readonly store: Store;
  readonly executor: Executor;
  readonly jobs: number;
  readonly keepGoing: boolean;
  readonly signal: AbortSignal;
  /** Aborted with `Replaced`: what runs and is still wanted goes on to its end, all else is stopped. */
  readonly replaced?: AbortSignal | undefined;
  /** Seconds. */
  readonly publishEvery: number;
}

export class Producer {
  readonly #options: ProducerOptions;
  readonly #slots: Slots;
  /** Actions in flight, by key; a second caller waits for the first. */
  readonly #running = new Map<string, Promise<Made>>();

  constructor(options: ProducerOptions) {
    this.#options = options;
    this.#slots = new Slots(options.jobs);
  }

  /**
   * @param bytes - whether the outputs' bytes will be read, so that a record without them is useless
   * Rejects with `ActionFailure`, `Stopped`, or the abort's reason.
   */
  async produce(job: Job, bytes: boolean, watch: Watch): Promise<Made> {
    const { key } = job.action;
    const shared = this.#running.get(key);
    if (shared) return fromStore((await shared).record);
    const made = this.#make(job, bytes, watch);
    this.#running.set(key, made);
    try {
      return await made;
    } finally {
      this.#running.delete(key);
    }
  }

  async #make(job: Job, bytes: boolean, watch: Watch): Promise<Made> {
    const { store } = this.#options;
    const record = await store.findRecord(job.action.key, judgeOf(job));
    if (record && bytes) await store.fetch(Object.values(record.outputs));
    const found = this.#find(job, bytes);
    if (found) return fromStore(found);
    const parts = divide(job);
    return parts
      ? await this.#divided(job, parts, bytes, watch)
      : await this.#undivided(job, bytes, watch);
  }

  #find({ action }: Job, bytes: boolean): StoreRecord | undefined {
    const { store } = this.#options;
    const record = store.getRecord(action.key);
    if (!record || !bytes) return record;
    return Object.values(record.outputs).every((output) => isPresent(output, store))
      ? record
      : undefined;
  }

  async #divided(job: Job, parts: readonly Part[], bytes: boolean, watch: Watch): Promise<Made> {
    const { store, keepGoing } = this.#options;
    const startedAt = new Date();
    let failed = false;
    const done = parts.map(() => 0);
    const each = async ({ job: part, label }: Part, i: number) => {
      const progress = (fraction: number, message: string | undefined, numbers?: Numbers) => {
        done[i] = fraction;
        const all = done.reduce((sum, one) => sum + one, 0) / parts.length;
        const said = message === undefined ? label : `${label}: ${message}`;
        watch.progress(all, said, numbers && labelled(numbers, label));
      };
      const stopped = () => watch.stopped() || (failed && !keepGoing);
      try {
        const log = (line: string) => watch.log(`${label}: ${line}`);
        const made = await this.produce(part, bytes, { ...watch, stopped, progress, log });
        progress(1, undefined);
        return made;
      } catch (error) {
        failed = true;
        throw error instanceof ActionFailure ? error.within(label) : error;
      }
    };
    const ended = await Promise.allSettled(parts.map(each));
    const errors = ended.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    if (errors.length > 0) throw errors.find((error) => !(error instanceof Stopped)) ?? errors[0];
    const all = ended.map((end) => (end as PromiseFulfilledResult<Made>).value);
    const records = all.map(({ record }) => record);
    const earlier = store.getRecord(job.action.key, judgeOf(job));
    const counts = count(all);
    // Another process may have put it together while we waited for the parts.
    if (earlier && !bytes && counts.ran === 0) return fromStore(earlier);
    if (counts.ran === 0) watch.started();
    const outputs = await assemble(job, records, store);
    const result: ActionResult = {
      outputs,
      seconds: records.reduce((sum, { seconds }) => sum + seconds, 0),
      warnings: distinct(warningsOf(job, parts, records, outputs)),
      log: records.flatMap(({ log }) => log),
    };
    this.#compare(job, result, earlier, watch);
    const record = keepRecord(store, { ...job, prefix: undefined }, result, startedAt, records);
    const seconds = all.reduce((sum, made) => sum + made.seconds, 0);
    return { record, state: "ran", parts: counts, seconds };
  }

  async #undivided(job: Job, bytes: boolean, watch: Watch): Promise<Made> {
    const { store, signal, replaced } = this.#options;
    const { key } = job.action;
    // Who only waits for another process has nothing to bring to its end.
    const either = replaced ? AbortSignal.any([signal, replaced]) : signal;
    const claimed = { priority: watch.priority, slots: job.resources.threads };
    for (;;) {
      const made = await this.#slots.hold(
        signal,
        async () => {
          if (watch.stopped()) throw new Stopped();
          const claim = store.claims.acquire(key);
          if (!("release" in claim)) return claim.holder;
          try {
            // Another process may have finished it while we waited.
            const found = this.#find(job, bytes);
            return found ? fromStore(found) : await this.#perform(job, watch);
          } finally {
            claim.release();
          }
        },
        claimed,
      );
      if ("record" in made) return made;
      watch.waiting(`${made.host} (process ${made.pid})`);
      await store.claims.waitFor(key, { signal: either });
      either.throwIfAborted();
    }
  }

  async #perform(job: Job, watch: Watch): Promise<Made> {
    const { store, executor, publishEvery } = this.#options;
    const signal = this.#signalFor(job.action.key);
    const prefixes = await findPrefixes(job, store);
    // The action fails if an input stays missing; then its producer runs again.
    await store.fetch(inputArtifacts(job));
    const earlier = store.getRecord(job.action.key, judgeOf(job));
    watch.started();
    const startedAt = new Date();
    const action = { ...job.action, prefixes, publishEvery };
    const result = await performWithin(executor, action, job, { ...watch, signal });
    this.#compare(job, result, earlier, watch);
    const prefix = prefixes.find((candidate) => candidate.key === result.continues);
    const record = keepRecord(store, { ...job, prefix }, result, startedAt);
    const parts = { ran: 1, cached: 0, continued: prefix ? 1 : 0 };
    return { record, state: "ran", parts, seconds: result.seconds };
  }

  /** Aborted when the run is, or when it is replaced by one that does not want the action. */
  #signalFor(key: string): AbortSignal {
    const { signal, replaced } = this.#options;
    if (!replaced) return signal;
    const obsolete = new AbortController();
    const decide = () => {
      const { reason } = replaced;
      if (!(reason instanceof Replaced && reason.wanted.has(key))) obsolete.abort(new Stopped());
    };
    if (replaced.aborted) decide();
    else replaced.addEventListener("abort", decide, { signal: obsolete.signal });
    return AbortSignal.any([signal, obsolete.signal]);
  }

  /** Quarantines an earlier record that differs, and reports ports with other bytes. */
  #compare(
    { action }: Job,
    { outputs }: ActionResult,
    earlier: StoreRecord | undefined,
    watch: Watch,
  ): void {
    if (!earlier) return;
    const ports = Object.keys(outputs).filter(
      (port) => outputs[port]!.digest !== earlier.outputs[port]?.digest,
    );
    const { store } = this.#options;
    if (ports.length > 0) {
      store.quarantineRecord(action.key, "nondeterministic");
      watch.differs(ports);
      // The same bytes, but the earlier record states other numbers of rows.
    } else if (!isDeepStrictEqual({ ...outputs }, { ...earlier.outputs })) {
      store.quarantineRecord(action.key, "it is not what its objects are");
    }
  }
}

/** The warnings of the parts. A part without rows is named: the whole may well have rows. */
function warningsOf(
  { action }: Job,
  parts: readonly Part[],
  records: readonly StoreRecord[],
  outputs: ActionResult["outputs"],
): ActionResult["warnings"] {
  const empty = emptyOutputs(action.outputs, outputs);
  const ofParts = records.flatMap(({ warnings }, i) =>
    warnings.flatMap((warning) => {
      const { code, message } = warning;
      if (code !== emptyCode) return warning;
      if (empty.some((whole) => whole.message === message)) return [];
      return { code, message: `${parts[i]!.label}: ${message}` };
    }),
  );
  return [...ofParts, ...empty];
}

export function inputArtifacts({ action }: Job): readonly Artifact[] {
  const members = Object.values(action.inputs).flatMap((input) => input.members);
  return members.map(({ artifact }) => artifact);
}

function fromStore(record: StoreRecord): Made {
  return { record, state: "cached", parts: { ran: 0, cached: 1, continued: 0 }, seconds: 0 };
}

function count(all: readonly Made[]): Parts {
  const sum = (of: keyof Parts) => all.reduce((total, { parts }) => total + parts[of], 0);
  return { ran: sum("ran"), cached: sum("cached"), continued: sum("continued") };
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** Numbers of a part, by names that no other part uses. */
function labelled(numbers: NonNullable<Numbers>, label: string): Numbers {
  const all = Object.entries(numbers).map(([name, value]) => [`${name}, ${label}`, value]);
  return Object.fromEntries(all);
}
