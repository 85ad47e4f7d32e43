/** Runs actions on this machine: in threads, or in processes where the placement says so. */
import type { Action, ActionHooks, ActionResult } from "../action.ts";
import type { Executor, Placement } from "./executor.ts";
import { executeInProcess } from "./process.ts";
import { ThreadExecutor } from "./thread.ts";

export class LocalExecutor implements Executor {
  /** Two messages' worth: while a worker has one, the next is made ready. */
  readonly share = 1 / 16;
  readonly #threads: ThreadExecutor;

  constructor(jobs: number) {
    this.#threads = new ThreadExecutor(jobs);
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
