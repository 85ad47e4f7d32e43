/** Hands one action to the executor, with what its stage asks of the place, within its limit of time. */
import type { Action, ActionHooks, ActionResult } from "./action.ts";
import { ActionFailure, type Executor, type Placement } from "./executors/executor.ts";
import type { Job } from "./job.ts";
import { LogTail } from "./log.ts";

/** The longest that a timer can be set to: 25 days, in ms. */
const timerMax = 2 ** 31 - 1;

/** Rejects with `ActionFailure`, which then has the end of the log, or with the abort's reason. */
export async function performWithin(
  executor: Executor,
  action: Action,
  { type, resources }: Job,
  { signal, ...hooks }: ActionHooks,
): Promise<ActionResult> {
  const tensorflow = type.backend === true && action.backend === "tensorflow";
  const placement: Placement = {
    isolation: tensorflow ? "process" : (type.isolation ?? "thread"),
    threads: resources.threads ?? 1,
    memory: resources.memory,
    seconds: resources.timeout,
  };
  const { seconds } = placement;
  const limit =
    seconds === undefined ? undefined : AbortSignal.timeout(Math.min(seconds * 1000, timerMax));
  const tail = new LogTail();
  const log = (line: string) => {
    tail.add(line);
    hooks.log(line);
  };
  try {
    const either = limit ? AbortSignal.any([signal, limit]) : signal;
    return await executor.execute(action, placement, { ...hooks, signal: either, log });
  } catch (error) {
    if (limit?.aborted && !signal.aborted) {
      const message = `exceeded its timeout of ${seconds} s; raise resources.timeout for this stage`;
      throw new ActionFailure(message, { log: tail.lines });
    }
    throw error instanceof ActionFailure ? error.after(tail.lines) : error;
  }
}
