/** What becomes of the actions that a job has not finished: they are tried again, or given up. */
import type { Store } from "../../../store/store.ts";
import { plural } from "../../../text/plural.ts";
import { ActionFailure } from "../executors/executor.ts";
import { longestKept } from "../prefixes.ts";
import { logTail } from "./batch.ts";
import { type Entry, resubmissionsMax } from "./entry.ts";
import type { Flight, Task } from "./flight.ts";

interface LostTask extends Omit<Task, "entries" | "tail" | "goneAt"> {
  readonly left: readonly Entry[];
}

/** Settles what is given up. Returns what to submit again, and what a person has to know. */
export function takeBack(
  flight: Flight,
  { number, left, ended, how, place, process, job }: LostTask,
  store: Store,
): { readonly again: Entry[]; readonly message: string | undefined } {
  const begun = left.some(({ started }) => started);
  const why = ended === undefined ? how : `it had to stop (${ended})`;
  const name = place?.job ?? job ?? `${flight.batch}, task ${number}`;
  const where = `job ${name}${place ? ` on ${place.host}` : ""}`;
  const log = logTail(flight.folder, number);
  for (const entry of left) {
    // Nobody else can see that it has ended, and would wait for a minute.
    if (process) store.claims.giveUp(entry.job.action.key, process);
    // Of what it had not begun, a job that did begin says nothing.
    const own = begun ? entry.started : ended !== "time";
    if (own && !flight.foreign && !hasGrown(entry, store)) {
      entry.lost++;
      entry.most = Math.min(entry.most, Math.ceil(left.length / 2));
    }
    entry.started = false;
    if (entry.isOver() || entry.lost <= resubmissionsMax) continue;
    const message = `its job ended ${entry.lost} times before its time; the last was ${where}: ${why}`;
    entry.reject(new ActionFailure(message, { log }));
  }
  const again = left.filter(({ settled }) => !settled);
  // That a job did not begin what would not end in time is as it should be.
  if (again.length === 0 || (ended === "time" && !begun)) return { again, message: undefined };
  const what = `${where}: ${why}; ${plural(again.length, "action")} submitted again`;
  return { again, message: [what, ...log.map((line) => `  │ ${line}`)].join("\n") };
}

/** Whether a job that ended before its time has brought an action on: then the next one goes on. */
function hasGrown(entry: Entry, store: Store): boolean {
  const [before, now] = [entry.kept, longestKept(entry.job, store)];
  entry.kept = now;
  return now !== undefined && now > (before ?? Number.NEGATIVE_INFINITY);
}
