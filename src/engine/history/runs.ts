/** Earlier runs, by name, from their journals. */

import { journalNames, readJournal } from "../../store/journal.ts";
import type { Store } from "../../store/store.ts";
import type { ActionKey } from "../../table/digest.ts";
import type { Event } from "../events.ts";
import { type Counts, countFinal, type FinalState } from "../states.ts";
import { UsageError } from "../usage-error.ts";

export interface PastRun {
  /** `<time>-<id>`: the name of its journal. */
  readonly name: string;
  /** ISO 8601; undefined for a run that was killed before it began. */
  readonly at: string | undefined;
  readonly counts: Counts;
  readonly seconds: number | undefined;
  /** False for a run that was killed. */
  readonly finished: boolean;
  /** Keys of the instances that had a record at the end, by id. */
  readonly keys: ReadonlyMap<string, ActionKey>;
}

/** The newest first. */
export function listRuns(store: Store, pipeline: string): PastRun[] {
  return journalNames(store, pipeline).map((name) => readRun(store, pipeline, name));
}

/** Names of runs, the newest first. Reads no journal. */
export function runNames(store: Store, pipeline: string): readonly string[] {
  return journalNames(store, pipeline);
}

/** Finds a run by its name, by the beginning of its name, or as `latest~1`. Throws `UsageError`. */
export function findRun(store: Store, pipeline: string, text: string): PastRun {
  const names = journalNames(store, pipeline);
  const back = /^latest(?:~(\d+))?$/.exec(text);
  const found = back
    ? names.slice(Number(back[1] ?? 0), Number(back[1] ?? 0) + 1)
    : names.filter((name) => name.startsWith(text));
  const [name] = found;
  if (found.length === 1 && name !== undefined) return readRun(store, pipeline, name);
  const problem = found.length > 1 ? "several runs begin with" : "there is no run";
  const hint = `blockspin runs lists them; there ${names.length === 1 ? "is 1" : `are ${names.length}`}`;
  throw new UsageError(`${problem} ${JSON.stringify(text)}`, hint);
}

function readRun(store: Store, pipeline: string, name: string): PastRun {
  const events = readJournal(store, pipeline, name) as unknown as readonly Event[];
  const states = new Map<string, FinalState>();
  const keys = new Map<string, ActionKey>();
  let at: string | undefined;
  let seconds: number | undefined;
  for (const event of events) {
    if (event.event === "started") at = event.at;
    if (event.event === "finished") seconds = event.seconds;
    if (event.event !== "instance" || event.state === "started") continue;
    states.set(event.id, event.state);
    const there = event.state === "ran" || event.state === "cached";
    if (there && event.key !== undefined) keys.set(event.id, event.key);
  }
  const counts = countFinal(states.values());
  return { name, at, counts, seconds, finished: seconds !== undefined, keys };
}
