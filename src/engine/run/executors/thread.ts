/** Runs actions in worker threads, which survive a node that exhausts its heap. */
import { getHeapStatistics } from "node:v8";
import type { Piscina } from "piscina";
import type { Action, ActionHooks, ActionResult } from "../action.ts";
import { deliver, type Outcome, type Report, settle } from "./channel.ts";
import { ActionFailure } from "./executor.ts";

/** How an action ended, after so many reports; they come on another way, and may be late. */
export interface Ended {
  readonly id: number;
  readonly outcome: Outcome;
  readonly reports: number;
}

/** What a worker says before it returns what its last actions came to. */
export type Said =
  | { readonly id: number; readonly report: Report }
  /** A list of `Ended` in JSON. */
  | { readonly ended: string };

/** An action on its way. */
interface Flight {
  readonly id: number;
  readonly action: Action;
  readonly hooks: ActionHooks;
  reports: number;
  ended: Ended | undefined;
  resolve(result: ActionResult): void;
  reject(error: unknown): void;
}

interface Pool {
  readonly workers: Piscina;
  /** By id. */
  readonly flights: Map<number, Flight>;
  /** Aborted when tasks wait and no worker is left to take them: all died before they were ready. */
  readonly dead: AbortSignal;
}

/** At most so many small actions go to a worker in one message. */
export const groupMost = 64;

/** One pool for each heap limit that is asked for. */
export class ThreadExecutor {
  readonly #jobs: number;
  readonly #pools = new Map<number | undefined, Promise<Pool>>();
  /** Small actions that wait for a worker, which takes several of them. */
  readonly #gathered: Flight[] = [];
  /** How many workers have some. */
  #busy = 0;
  #lastId = 0;

  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  /**
   * @param together - whether it takes so little that it may wait for others in the same worker; not
   *   with a heap limit of its own
   */
  execute(
    action: Action,
    memory: number | undefined,
    hooks: ActionHooks,
    together = false,
  ): Promise<ActionResult> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      const flight = { id, action, hooks, reports: 0, ended: undefined, resolve, reject };
      if (!together) void this.#dispatch(memory, [flight]);
      // Others come in the same turn of the event loop.
      else if (this.#gathered.push(flight) === 1) setImmediate(() => this.#send());
    });
  }

  /** Shares what was gathered among the workers that have nothing small. */
  #send(): void {
    const gathered = this.#gathered;
    for (let free = this.#jobs - this.#busy; free > 0 && gathered.length > 0; free--) {
      this.#busy++;
      const group = gathered.splice(0, Math.min(groupMost, Math.ceil(gathered.length / free)));
      void this.#dispatch(undefined, group).finally(() => {
        this.#busy--;
        this.#send();
      });
    }
  }

  async #dispatch(memory: number | undefined, group: readonly Flight[]): Promise<void> {
    let dead: AbortSignal | undefined;
    try {
      const pool = await this.#pool(memory);
      dead = pool.dead;
      for (const flight of group) pool.flights.set(flight.id, flight);
      const signals = new Set([...group.map(({ hooks }) => hooks.signal), dead]);
      // As text, which takes a third of the time that plain data take between threads.
      const actions = JSON.stringify(group.map(({ id, action }) => ({ id, action })));
      const options = { name: "perform", signal: AbortSignal.any([...signals]) };
      end(pool, await pool.workers.run(actions, options));
    } catch (error) {
      // What a worker said before it was stopped is on its way.
      await new Promise(setImmediate);
      for (const flight of group) {
        const { hooks, ended, reject } = flight;
        if (ended) continue;
        if (hooks.signal.aborted) reject(hooks.signal.reason);
        // Whose fault it was shows when each is alone.
        else if (group.length > 1) void this.#dispatch(memory, [flight]);
        else reject(describe(dead?.aborted ? dead.reason : error, memory));
      }
    }
  }

  async close(): Promise<void> {
    const pools = await Promise.all(this.#pools.values());
    this.#pools.clear();
    await Promise.all(pools.map(({ workers }) => workers.destroy()));
  }

  #pool(memory: number | undefined): Promise<Pool> {
    const found = this.#pools.get(memory);
    if (found) return found;
    const made = import("piscina").then(({ Piscina }) => {
      const workers = new Piscina({
        filename: new URL("./thread-worker.js", import.meta.url).href,
        minThreads: 0,
        maxThreads: this.#jobs,
        idleTimeout: 60_000,
        // Blocking on Atomics between tasks would hold back a worker's last messages.
        atomics: "disabled",
        resourceLimits: {
          maxOldGenerationSizeMb: Math.max(memory ?? defaultMemory(), leastMemory),
        },
      });
      const dead = watchDeaths(workers, () => this.#pools.delete(memory));
      const pool = { workers, dead, flights: new Map<number, Flight>() };
      workers.on("message", (said: Said) => {
        if ("ended" in said) end(pool, said.ended);
        else hear(pool, said.id, said.report);
      });
      return pool;
    });
    this.#pools.set(memory, made);
    return made;
  }
}

function hear({ flights }: Pool, id: number, report: Report): void {
  const flight = flights.get(id);
  if (!flight) return;
  flight.reports++;
  deliver(report, flight.hooks);
  if (flight.ended) finish(flights, flight, flight.ended);
}

/** @param text - a list of `Ended` in JSON */
function end({ flights }: Pool, text: string): void {
  for (const ended of JSON.parse(text) as Ended[]) {
    const flight = flights.get(ended.id);
    if (!flight) continue;
    flight.ended = ended;
    finish(flights, flight, ended);
  }
}

/** Settles an action once all that it reported is delivered. */
function finish(flights: Map<number, Flight>, flight: Flight, { outcome, reports }: Ended): void {
  if (flight.reports < reports) return;
  flights.delete(flight.id);
  try {
    flight.resolve(settle(outcome));
  } catch (error) {
    flight.reject(error);
  }
}

/** Fails waiting tasks when all workers died before they were ready, which piscina does not do. */
function watchDeaths(workers: Piscina, forget: () => void): AbortSignal {
  const dead = new AbortController();
  // The last error of a worker without a task; piscina rejects the task of a worker that has one.
  let last: unknown = new Error("it did not start");
  workers.on("error", (error) => {
    last = error;
  });
  workers.on("workerDestroy", () =>
    setImmediate(() => {
      if (workers.threads.length > 0 || workers.queueSize === 0) return;
      forget();
      dead.abort(last);
      void workers.destroy();
    }),
  );
  return dead.signal;
}

/** MiB of heap: with less, Node 22 ends the process and not the thread. */
const leastMemory = 4;

/**
 * MiB of heap for an action that asks for none: half of what a process may have by itself, so that
 * the thread meets its own limit first, where V8 ends the thread and not the process. What lies in
 * typed arrays does not count.
 */
function defaultMemory(): number {
  return Math.max(1024, Math.floor(getHeapStatistics().heap_size_limit / 2 ** 21));
}

function describe(error: unknown, memory: number | undefined): ActionFailure {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    const limit = memory ?? defaultMemory();
    return new ActionFailure(
      `ran out of its heap of ${limit} MiB; raise resources.memory for this stage`,
    );
  }
  return new ActionFailure(`its worker thread ended: ${message ?? String(error)}`);
}
