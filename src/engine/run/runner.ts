/**
 * Carries out a plan: visits every instance that is not cached, in an order that `schedule` keeps,
 * and holds each instance's state. An instance whose inputs came out the same as before is found
 * cached on its visit and does not run (early cutoff).
 */
import { actionKey } from "../../store/digest.ts";
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { Graph, Instance } from "../graph.ts";
import type { Plan, Planned } from "../plan/plan.ts";
import { edgeDigest, type Facts, type Preimage, preimageOf, producers } from "../plan/preimage.ts";
import type { Action, ActionInput, ActionResult } from "./action.ts";
import { claimOrWait } from "./claim.ts";
import type { Event, FinalState, InstanceEvent } from "./events.ts";
import { ActionFailure, type Executor } from "./executor.ts";
import { schedule, type Task } from "./schedule.ts";

/** The end of the log that events, records and failures carry. */
const logTailLines = 200;

export interface RunnerOptions {
  readonly graph: Graph;
  readonly store: Store;
  readonly facts: Facts;
  readonly executor: Executor;
  readonly jobs: number;
  readonly keepGoing: boolean;
  /** Aborted on Ctrl-C: nothing more starts, and what runs is stopped. */
  readonly signal: AbortSignal;
  /** Seconds that an instance is expected to take, from earlier runs. */
  expected(instance: Instance): number;
  /** Why an instance runs, for the journal; `plan` has the keys as far as they are known now. */
  reason(index: number, plan: Plan): readonly string[];
  emit(event: Event): void;
}

interface Known {
  readonly key: string;
  readonly preimage: Preimage;
}

export class Runner {
  readonly #options: RunnerOptions;
  readonly #states = new Map<number, FinalState>();
  readonly #records = new Map<number, StoreRecord>();
  readonly #running = new Map<string, Promise<StoreRecord>>();
  /** The plan, with keys filled in as they become known. */
  #plan: Planned[] = [];
  #failed = false;
  #lost = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** How many instances ended in each state. */
  counts(): Record<FinalState, number> {
    const counts = { ran: 0, cached: 0, failed: 0, skipped: 0 };
    for (const state of this.#states.values()) counts[state]++;
    return counts;
  }

  /** The results that are there, in the order of the pipeline file. */
  results(): { instance: Instance; port: string; record: StoreRecord }[] {
    return this.#options.graph.results.flatMap(({ instance: index, port }) => {
      const record = this.#records.get(index);
      const instance = this.#options.graph.instances[index]!;
      return record && this.#states.get(index) !== "failed" ? [{ instance, port, record }] : [];
    });
  }

  /**
   * One pass over the plan. Returns whether bytes got lost on the way, or came out other than
   * recorded, so that planning again is needed.
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
        if (!this.#states.has(index)) this.#finish(index, "cached", { key: planned.key! });
        continue;
      }
      const after = Object.values(instance.inputs).flatMap(producers);
      tasks.set(index, { after, seconds: this.#options.expected(instance) });
    }
    const forced = new Set(
      [...tasks.keys()].filter((index) => plan[index]!.neededBy !== undefined),
    );
    await schedule(tasks, this.#options.jobs, (index) => this.#visit(index, forced.has(index)));
    return this.#lost && !this.#stopped;
  }

  get #stopped(): boolean {
    return this.#options.signal.aborted || (this.#failed && !this.#options.keepGoing);
  }

  async #visit(index: number, forced: boolean): Promise<void> {
    const { graph, store } = this.#options;
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
    // An input was lost in this pass: the next plan takes care of it.
    if (upstream.some((i) => !this.#records.has(i))) return;
    const known = this.#keyOf(index);
    const record = store.getRecord(known.key);
    if (record && !forced) {
      this.#records.set(index, record);
      this.#finish(index, "cached", { key: known.key });
      return;
    }
    try {
      const shared = this.#running.get(known.key);
      if (shared) {
        this.#records.set(index, await shared);
        this.#finish(index, "cached", { key: known.key });
        return;
      }
      const made = this.#execute(index, known, forced);
      this.#running.set(
        known.key,
        made.then(({ record }) => record),
      );
      this.#running.get(known.key)!.catch(() => {});
      const { record: fresh, state, reason } = await made;
      this.#records.set(index, fresh);
      this.#finish(index, state, {
        key: known.key,
        ...(state === "ran" ? { seconds: fresh.seconds, reason, log: fresh.log } : {}),
      });
    } catch (error) {
      this.#fail(index, known.key, error);
    } finally {
      this.#running.delete(known.key);
    }
  }

  #keyOf(index: number): Known {
    const { graph, facts } = this.#options;
    const instance = graph.instances[index]!;
    const inputs = Object.fromEntries(
      Object.entries(instance.inputs).map(([port, edge]) => [
        port,
        edgeDigest(edge, (i, name) => this.#records.get(i)!.outputs[name]!.digest),
      ]),
    );
    const preimage = preimageOf(instance, index, inputs, facts);
    const known = { preimage, key: actionKey(preimage) };
    const { neededBy } = this.#plan[index]!;
    this.#plan[index] = { state: "run", ...known, record: undefined, waitsFor: [], neededBy };
    return known;
  }

  async #execute(
    index: number,
    { key, preimage }: Known,
    forced: boolean,
  ): Promise<{ record: StoreRecord; state: FinalState; reason: readonly string[] }> {
    const { graph, store, signal, emit } = this.#options;
    const instance = graph.instances[index]!;
    const claim = await claimOrWait(store, key, signal, (holder) =>
      emit({ event: "waiting", id: instance.id, holder }),
    );
    try {
      // Somebody else may have finished it while we waited.
      const found = store.getRecord(key);
      if (found && !forced) return { record: found, state: "cached", reason: [] };
      const reason = this.#options.reason(index, this.#plan);
      emit({ event: "instance", id: instance.id, state: "started", key });
      const startedAt = new Date();
      const result = await this.#perform(index, key);
      const record = this.#commit(index, { key, preimage }, result, startedAt, found);
      return { record, state: "ran", reason };
    } finally {
      claim.release();
    }
  }

  async #perform(index: number, key: string): Promise<ActionResult> {
    const { graph, executor, facts, emit, signal } = this.#options;
    const instance = graph.instances[index]!;
    const { timeout, memory } = instance.resources;
    const log: string[] = [];
    const limit = timeout === undefined ? undefined : AbortSignal.timeout(timeout * 1000);
    const tensorflow = instance.node.type.backend === true && facts.backend === "tensorflow";
    const isolation = tensorflow ? "process" : (instance.node.type.isolation ?? "thread");
    try {
      return await executor.execute(
        this.#actionOf(index, key),
        { isolation, memory },
        {
          signal: limit ? AbortSignal.any([signal, limit]) : signal,
          progress: (fraction, message) =>
            emit({
              event: "progress",
              id: instance.id,
              fraction,
              ...(message === undefined ? {} : { message }),
            }),
          log: (line) => {
            log.push(line);
            if (log.length > logTailLines) log.shift();
          },
        },
      );
    } catch (error) {
      if (limit?.aborted && !signal.aborted) {
        throw Object.assign(
          new ActionFailure(
            `exceeded its timeout of ${timeout} s; raise resources.timeout for this stage`,
          ),
          { log },
        );
      }
      throw error instanceof Error ? Object.assign(error, { log }) : error;
    }
  }

  #actionOf(index: number, key: string): Action {
    const { graph, facts, store } = this.#options;
    const instance = graph.instances[index]!;
    const artifact = (i: number, port: string) => this.#records.get(i)!.outputs[port]!;
    const inputs = Object.fromEntries(
      Object.entries(instance.inputs).map(([port, edge]): [string, ActionInput] => {
        if (edge.kind === "one") {
          const only = { coordinate: {}, artifact: artifact(edge.instance, edge.port) };
          return [port, { axes: [], members: [only] }];
        }
        const members = edge.members.map((member) => ({
          coordinate: member.coordinate,
          artifact: artifact(member.instance, member.port),
        }));
        return [port, { axes: edge.axes, members }];
      }),
    );
    const { node, id, params, files, outputs } = instance;
    return {
      ...{ id, key, params, files, inputs, outputs },
      nodeType: node.type.type,
      module: node.module,
      backend: facts.backend,
      store: store.folder,
    };
  }

  #commit(
    index: number,
    { key, preimage }: Known,
    result: ActionResult,
    startedAt: Date,
    earlier: StoreRecord | undefined,
  ): StoreRecord {
    const { store, graph, emit } = this.#options;
    const { id } = graph.instances[index]!;
    const differs =
      earlier &&
      Object.keys(result.outputs).filter(
        (port) => result.outputs[port]!.digest !== earlier.outputs[port]?.digest,
      );
    if (differs && differs.length > 0) {
      emit({
        event: "warning",
        code: "nondeterministic",
        id,
        message: `a rerun gave other bytes for ${differs.map((p) => `"${p}"`).join(", ")}; the earlier record is in quarantine`,
      });
      store.quarantineRecord(key, "nondeterministic");
      this.#lost = true;
    }
    for (const { code, message } of result.warnings) {
      emit({ event: "warning", code, message, id });
    }
    const finishedAt = new Date();
    return store.putRecord({
      key,
      preimage,
      outputs: result.outputs,
      seconds: result.seconds,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      warnings: result.warnings,
      log: result.log.slice(-logTailLines),
    });
  }

  #fail(index: number, key: string, error: unknown): void {
    const { graph, signal } = this.#options;
    if (error instanceof ActionFailure && error.lost !== undefined) {
      // Its producer must run again; planning again finds out which.
      this.#lost = true;
      const { id } = graph.instances[index]!;
      this.#options.emit({ event: "warning", code: "lost-input", id, message: error.message });
      return;
    }
    if (signal.aborted) {
      this.#finish(index, "skipped", {});
      return;
    }
    this.#failed = true;
    const { message, detail, log } = error as ActionFailure & { log?: string[] };
    const params = JSON.stringify(graph.instances[index]!.params);
    this.#finish(index, "failed", {
      key,
      error: `${message ?? String(error)}\n  with ${params}`,
      log: [...(log ?? []), ...(detail ? detail.split("\n") : [])],
    });
  }

  #finish(index: number, state: FinalState, more: Partial<InstanceEvent>): void {
    this.#states.set(index, state);
    const { id } = this.#options.graph.instances[index]!;
    this.#options.emit({ event: "instance", ...more, id, state });
  }
}
