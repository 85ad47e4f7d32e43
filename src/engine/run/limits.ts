/** Hands one action to the executor, within the stage's limits of time and memory. */
import type { Action, ActionResult } from "./action.ts";
import { ActionFailure, type Executor } from "./executor.ts";
import type { Job } from "./job.ts";
import { LogTail } from "./log.ts";

/** The longest that a timer can be set to: 25 days, in ms. */
const timerMax = 2 ** 31 - 1;

/** Rejects with `ActionFailure`, which then has the end of the log, or with the abort's reason. */
export async function performWithin(
  executor: Executor,
  action: Action,
  { type, resources }: Job,
  signal: AbortSignal,
  progress: (fraction: number, message: string | undefined) => void,
): Promise<ActionResult> {
  const { timeout, memory } = resources;
  const limit =
    timeout === undefined ? undefined : AbortSignal.timeout(Math.min(timeout * 1000, timerMax));
  const tensorflow = type.backend === true && action.backend === "tensorflow";
  const isolation = tensorflow ? "process" : (type.isolation ?? "thread");
  const tail = new LogTail();
  const log = (line: string) => tail.add(line);
  try {
    return await executor.execute(
      action,
      { isolation, memory },
      { signal: limit ? AbortSignal.any([signal, limit]) : signal, progress, log },
    );
  } catch (error) {
    if (limit?.aborted && !signal.aborted) {
      const message = `exceeded its timeout of ${timeout} s; raise resources.timeout for this stage`;
      throw new ActionFailure(message, { log: tail.lines });
    }
    throw error instanceof ActionFailure ? error.after(tail.lines) : error;
  }
}
