/** Runs actions in worker threads, which survive a node that exhausts its heap. */
import { MessageChannel } from "node:worker_threads";
import type { Piscina } from "piscina";
import type { Action, ActionHooks, ActionResult } from "./action.ts";
import { ActionFailure, type Failure } from "./executor.ts";
import type { WorkerMessage } from "./worker.ts";

type Outcome = { result: ActionResult } | { failure: Failure };

/** One pool for each heap limit that is asked for. */
export class ThreadExecutor {
  readonly #jobs: number;
  readonly #pools = new Map<number | undefined, Promise<Piscina>>();

  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  async execute(
    action: Action,
    memory: number | undefined,
    hooks: ActionHooks,
  ): Promise<ActionResult> {
    const pool = await this.#pool(memory);
    const { port1, port2 } = new MessageChannel();
    port1.on("message", (message: WorkerMessage) => {
      if (message.kind === "log") hooks.log(message.line);
      else hooks.progress(message.fraction, message.message);
    });
    try {
      const outcome: Outcome = await pool.run(
        { action, port: port2 },
        { name: "perform", transferList: [port2], signal: hooks.signal },
      );
      if ("result" in outcome) return outcome.result;
      const { message, ...options } = outcome.failure;
      throw new ActionFailure(message, options);
    } catch (error) {
      if (hooks.signal.aborted) throw hooks.signal.reason;
      throw error instanceof ActionFailure ? error : describe(error, memory);
    } finally {
      port1.close();
    }
  }

  async close(): Promise<void> {
    const pools = await Promise.all(this.#pools.values());
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #pool(memory: number | undefined): Promise<Piscina> {
    const found = this.#pools.get(memory);
    if (found) return found;
    const made = import("piscina").then(({ Piscina }) => {
      const pool = new Piscina({
        filename: new URL("./worker.js", import.meta.url).href,
        minThreads: 0,
        maxThreads: this.#jobs,
        idleTimeout: 60_000,
        // Blocking on Atomics between tasks would hold back a worker's last messages.
        atomics: "disabled",
        ...(memory === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: memory } }),
      });
      // A worker that dies between tasks; the task that it ran, if any, is rejected by itself.
      pool.on("error", () => {});
      return pool;
    });
    this.#pools.set(memory, made);
    return made;
  }
}

function describe(error: unknown, memory: number | undefined): ActionFailure {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    const limit = memory === undefined ? "its heap" : `its heap of ${memory} MiB`;
    return new ActionFailure(`ran out of ${limit}; raise resources.memory (MiB) for this stage`);
  }
  return new ActionFailure(`its worker thread ended: ${message ?? String(error)}`);
}
