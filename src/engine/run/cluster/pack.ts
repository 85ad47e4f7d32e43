/** Divides actions among jobs by the time that they are expected to take. Pure; knows no scheduler. */

export interface Load {
  /** Expected seconds. */
  readonly seconds: number;
  /** With how many others it may share a job at most; less after a job was lost. */
  readonly most: number;
}

/** Files of a task that are larger are slow to read. */
const actionsMax = 2000;

/** A job that is full to its limit would not end in time. */
const fullest = 0.8;

/**
 * The actions of each job, in order.
 *
 * @param batch - seconds of expected work in a job
 * @param slots - actions at a time in a job
 * @param limit - seconds after which a job is ended
 */
export function pack<T extends Load>(
  loads: readonly T[],
  { batch, slots, limit }: { batch: number; slots: number; limit: number | undefined },
): T[][] {
  const target = Math.min(batch, limit === undefined ? batch : fullest * limit) * slots;
  const tasks: T[][] = [];
  let last: T[] = [];
  let [seconds, most] = [0, actionsMax];
  for (const load of loads) {
    const fits = seconds + load.seconds <= target && last.length < Math.min(most, load.most);
    if (last.length === 0 || !fits) {
      last = [];
      tasks.push(last);
      [seconds, most] = [0, actionsMax];
    }
    last.push(load);
    seconds += load.seconds;
    most = Math.min(most, load.most);
  }
  return tasks;
}
