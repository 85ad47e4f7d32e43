/** Runs actions on this machine: in threads, or in processes where the placement says so. */
import type { Action, ActionHooks, ActionResult } from "../action.ts";
import type { Executor, Placement } from "./executor.ts";
import { executeInProcess } from "./process.ts";
import { groupMost, ThreadExecutor } from "./thread.ts";

/** What a worker is given at once may take so long. */
const groupSeconds = 0.08;

export class LocalExecutor implements Executor {
  readonly #threads: ThreadExecutor;

  constructor(jobs: number) {
    this.#threads = new ThreadExecutor(jobs);
  }

  /** Two messages' worth are on their way: while a worker has one, the next is made ready. */
  share(expectedSeconds: number): number {
    return Math.max(expectedSeconds / groupSeconds, 1 / groupMost) / 2;
  }

  execute(
    action: Action,
    { isolation, memory, together }: Placement,
    hooks: ActionHooks,
  ): Promise<ActionResult> {
    return isolation === "process"
      ? executeInProcess(action, memory, hooks)
      : this.#threads.execute(action, memory, hooks, together);
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}
