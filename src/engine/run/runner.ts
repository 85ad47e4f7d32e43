/**
 * Carries out a plan: visits every instance that is not cached, in the order that `schedule` keeps, and
 * holds each instance's state. An instance whose inputs came out the same as before turns out to be
 * cached on its visit and does not run (early cutoff).
 */

import type { KnownRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { ActionKey } from "../../table/digest.ts";
import { clipEnd } from "../../text/clip.ts";
import type { Event, InstanceEvent } from "../events.ts";
import { type Graph, type Instance, producers } from "../graph.ts";
import { type Facts, type Keyed, keyOf } from "../plan/key.ts";
import type { Plan, Planned } from "../plan/plan.ts";
import { type Counts, countFinal, type FinalState } from "../states.ts";
import { ActionFailure } from "./executors/executor.ts";
import { jobOf } from "./job.ts";
import { Producer } from "./produce.ts";
import { criticalPaths, schedule, type Task } from "./schedule.ts";
import { type Watched, watchInstance } from "./watch.ts";
import { type Made, Stopped, type Workplace } from "./workplace.ts";

export interface RunnerOptions {
  readonly graph: Graph;
  readonly store: Store;
  readonly facts: Facts;
  readonly workplace: Workplace;
  /** How many instances are visited at once. */
  readonly visits: number;
  readonly keepGoing: boolean;
  /** Aborted on Ctrl-C: nothing more starts, and what runs is stopped. */
  readonly signal: AbortSignal;
  /** Aborted with `Replaced`: nothing more starts, and what nobody wants any more is stopped. */
  readonly replaced?: AbortSignal | undefined;
  /** How many seconds an instance will take, by earlier runs, if they say anything. */
  expected(index: number): number | undefined;
  /** Why an instance runs, for the journal; `plan` has the keys as far as they are known now. */
  reason(index: number, plan: Plan): readonly string[];
  emit(event: Event): void;
}

/** As many characters of an instance's parameters as a person will read. */
const paramsLength = 1000;

export class Runner {
  readonly #options: RunnerOptions;
  readonly #states = new Map<number, FinalState>();
  readonly #records = new Map<number, KnownRecord>();
  readonly #producer: Producer;
  /** The plan, with keys filled in as they become known. */
  #plan: Planned[] = [];
  #failed = false;
  #lost = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#producer = new Producer(options);
  }

  /** How many instances ended in each state. */
  counts(): Counts {
    return countFinal(this.#states.values());
  }

  /** The record of an instance; undefined unless it is up to date. */
  recordOf(index: number): KnownRecord | undefined {
    return this.#states.get(index) === "failed" ? undefined : this.#records.get(index);
  }

  /** The computed results, in the order of the pipeline file. */
  results(): { instance: Instance; port: string; record: KnownRecord }[] {
    return this.#options.graph.results.flatMap(({ instance: index, port }) => {
      const record = this.#records.get(index);
      const instance = this.#options.graph.instances[index]!;
      return record && this.#states.get(index) !== "failed" ? [{ instance, port, record }] : [];
    });
  }

  /**
   * Makes one pass over the plan. Returns whether to plan again: bytes got lost on the way, or came out
   * other than recorded.
   */
  async pass(plan: Plan): Promise<boolean> {
    this.#lost = false;
    this.#plan = [...plan] as Planned[];
    const tasks = new Map<number, Task>();
    for (const [index, planned] of plan.entries()) {
      if (!planned) continue;
      const instance = this.#options.graph.instances[index]!;
      if (planned.record) this.#records.set(index, planned.record);
      if (planned.state === "cached") {
        if (!this.#states.has(index)) this.#cached(index, planned.record!);
        continue;
      }
      const after = Object.values(instance.inputs).flatMap(producers);
      tasks.set(index, { after, seconds: this.#options.expected(index) ?? 1 });
    }
    const forced = new Set(
      [...tasks.keys()].filter((index) => plan[index]!.neededBy !== undefined),
    );
    const paths = criticalPaths(tasks);
    await schedule(tasks, this.#options.visits, (index) =>
      this.#visit(index, forced.has(index), paths.get(index)!),
    );
    return this.#lost && !this.#stopped;
  }

  /** Ends every instance that has no final state: its inputs kept getting lost, or the run stopped. */
  giveUp(): void {
    for (const index of this.#plan.keys()) {
      if (!this.#plan[index] || this.#states.has(index)) continue;
      if (this.#stopped) this.#finish(index, "skipped", {});
      else this.#finish(index, "failed", { error: "the bytes of its inputs keep vanishing" });
    }
  }

  get #stopped(): boolean {
    const { signal, replaced, keepGoing } = this.#options;
    return signal.aborted || (replaced?.aborted ?? false) || (this.#failed && !keepGoing);
  }

  async #visit(index: number, forced: boolean, priority: number): Promise<void> {
    const { graph, facts, store } = this.#options;
    const instance = graph.instances[index]!;
    const upstream = Object.values(instance.inputs).flatMap(producers);
    const blocked = upstream.some((i) => {
      const state = this.#states.get(i);
      return state === "failed" || state === "skipped";
    });
    if (this.#stopped || blocked) {
      this.#finish(index, "skipped", {});
      return;
    }
    // An input got lost in this pass; the next plan makes its producer run.
    if (upstream.some((i) => !this.#records.has(i))) return;
    const known = this.#keyOf(index);
    const { key } = known;
    const job = jobOf(instance, known, (i) => this.#records.get(i)!, facts, store);
    const watched = watchInstance(
      { id: instance.id, key },
      this.#options.emit,
      () => this.#stopped,
      () => this.#options.reason(index, this.#plan),
    );
    try {
      const seconds = this.#options.expected(index);
      const watch = { ...watched.watch, priority, seconds };
      const made = await this.#producer.produce(job, forced, watch);
      this.#records.set(index, made.record);
      this.#done(index, made, watched);
    } catch (error) {
      this.#fail(index, key, error);
    }
    if (watched.differed()) this.#lost = true;
  }

  #done(index: number, { record, state, parts, seconds, place }: Made, { reason }: Watched): void {
    if (state === "cached") {
      this.#cached(index, record);
      return;
    }
    this.#warn(index, record);
    const plain = parts.ran === 1 && parts.cached === 0 && parts.continued === 0;
    this.#finish(index, state, {
      ...{ key: record.key, seconds, reason: reason(), log: record.log },
      ...(plain ? {} : { parts }),
      ...place,
    });
  }

  #cached(index: number, record: KnownRecord): void {
    this.#warn(index, record);
    this.#finish(index, "cached", { key: record.key });
  }

  /** A record's warnings are repeated on every use. */
  #warn(index: number, { warnings }: KnownRecord): void {
    const { emit, graph } = this.#options;
    const { id } = graph.instances[index]!;
    for (const { code, message } of warnings) emit({ event: "warning", code, message, id });
  }

  /** The key, which the plan learns too, for the reasons of what follows. */
  #keyOf(index: number): Keyed {
    const { graph, facts } = this.#options;
    const digestOf = (i: number, port: string) => this.#records.get(i)!.outputs[port]!.digest;
    const known = keyOf(graph.instances[index]!, index, digestOf, facts);
    const { neededBy } = this.#plan[index]!;
    this.#plan[index] = { state: "run", ...known, record: undefined, waitsFor: [], neededBy };
    return known;
  }

  #fail(index: number, key: ActionKey, error: unknown): void {
    const { graph, signal, store } = this.#options;
    if (error instanceof ActionFailure && error.lost !== undefined) {
      // The next plan finds out which producer must run again.
      this.#lost = true;
      const { id } = graph.instances[index]!;
      // An object that contradicts its record was reported where that was found out.
      if (store.local.objections.knows(error.lost)) return;
      this.#options.emit({ event: "warning", code: "lost-input", id, message: error.message });
      return;
    }
    if (signal.aborted || error instanceof Stopped) {
      this.#finish(index, "skipped", {});
      return;
    }
    this.#failed = true;
    const { message, detail, log } = error as Partial<ActionFailure>;
    const { id } = graph.instances[index]!;
    const lines = detail ? detail.split("\n") : [];
    for (const line of lines) this.#options.emit({ event: "log", id, line });
    const params = clipEnd(JSON.stringify(graph.instances[index]!.params), paramsLength);
    this.#finish(index, "failed", {
      key,
      error: `${message ?? String(error)}\n  with ${params}`,
      log: [...(log ?? []), ...lines],
    });
  }

  #finish(index: number, state: FinalState, more: Partial<InstanceEvent>): void {
    this.#states.set(index, state);
    const { id } = this.#options.graph.instances[index]!;
    this.#options.emit({ event: "instance", ...more, id, state });
  }
}
