/** Runs actions in worker threads, which survive a node that exhausts its heap. */
import { getHeapStatistics } from "node:v8";
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Piscina } from "piscina";
import type { Action, ActionHooks, ActionResult } from "../action.ts";
import { deliver, type Outcome, type Report, settle } from "./channel.ts";
import { ActionFailure } from "./executor.ts";

interface Pool {
  readonly workers: Piscina;
  /** Aborted when tasks wait and no worker is left to take them: all died before they were ready. */
  readonly dead: AbortSignal;
}

/** One pool for each heap limit that is asked for. */
export class ThreadExecutor {
  readonly #jobs: number;
  readonly #pools = new Map<number | undefined, Promise<Pool>>();

  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  async execute(
    action: Action,
    memory: number | undefined,
    hooks: ActionHooks,
  ): Promise<ActionResult> {
    const { workers, dead } = await this.#pool(memory);
    const { port1, port2 } = new MessageChannel();
    port1.on("message", (report: Report) => deliver(report, hooks));
    try {
      const outcome: Outcome = await workers.run(
        { action, port: port2 },
        { name: "perform", transferList: [port2], signal: AbortSignal.any([hooks.signal, dead]) },
      );
      return settle(outcome);
    } catch (error) {
      if (hooks.signal.aborted) throw hooks.signal.reason;
      if (error instanceof ActionFailure) throw error;
      throw describe(dead.aborted ? dead.reason : error, memory);
    } finally {
      drain(port1, hooks);
      port1.close();
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
        resourceLimits: { maxOldGenerationSizeMb: memory ?? defaultMemory() },
      });
      return { workers, dead: watchDeaths(workers, () => this.#pools.delete(memory)) };
    });
    this.#pools.set(memory, made);
    return made;
  }
}

/** Passes on what the worker reported before its outcome, which may be faster on its own way. */
function drain(port: MessagePort, hooks: ActionHooks): void {
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
    deliver(next.message as Report, hooks);
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
