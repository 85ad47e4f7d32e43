/** Hands one action to the executor, with what its stage asks of the place, within its limit of time. */
import type { AnyNodeType } from "../node-type.ts";
import type { Action, ActionBody, ActionHooks, ActionResult } from "./action.ts";
import { ActionFailure, type Executor, type Placement } from "./executors/executor.ts";
import type { Job } from "./job.ts";
import { LogTail } from "./log.ts";

/** Whether an action runs in a thread or in a process of its own. */
export function isolationOf(type: AnyNodeType, { backend }: ActionBody): Placement["isolation"] {
  return type.backend === true && backend === "tensorflow"
    ? "process"
    : (type.isolation ?? "thread");
}

/** The longest that a timer can be set to: 25 days, in ms. */
const timerMax = 2 ** 31 - 1;

/**
 * @param together - whether it may wait for others in the same worker
 * Rejects with `ActionFailure`, which then has the end of the log, or with the abort's reason.
 */
export async function performWithin(
  executor: Executor,
  action: Action,
  { type, resources }: Job,
  { signal, ...hooks }: ActionHooks,
  together = false,
): Promise<ActionResult> {
  const placement: Placement = {
    isolation: isolationOf(type, action),
    threads: resources.threads ?? 1,
    memory: resources.memory,
    seconds: resources.timeout,
    ...(together ? { together } : {}),
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
