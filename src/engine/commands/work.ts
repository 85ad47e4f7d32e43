/** What a job of a cluster does on its node: the actions of one task of a batch, until it has to stop. */
import { workBatch } from "../run/cluster/work.ts";

/**
 * SIGUSR1 says that its time is nearly over, SIGTERM that it is wanted no more. Returns whether all its
 * actions have an outcome.
 */
export async function workTask(folder: string, task: number): Promise<boolean> {
  const stop = new AbortController();
  const reasons = { SIGUSR1: "time", SIGTERM: "SIGTERM", SIGINT: "SIGINT" };
  const listeners = Object.entries(reasons).map(([signal, why]) => {
    const listener = () => stop.abort(new Error(why));
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  try {
    return await workBatch(folder, task, stop.signal);
  } finally {
    for (const forget of listeners) forget();
  }
}
