/** Earlier runs, by name, from their journals. */

import { journalNames, readJournal } from "../../store/journal.ts";
import type { Store } from "../../store/store.ts";
import type { ActionKey } from "../../table/digest.ts";
import type { Event } from "../events.ts";
import { didYouMean } from "../language/problems.ts";
import { type Counts, countFinal, type FinalState } from "../states.ts";
import { UsageError } from "../usage-error.ts";
import { type About, readAbout, readNaming } from "./about.ts";
import { isGoingOn } from "./attempts.ts";

export interface PastRun {
  /** `<time>-<id>`: the name of its journal. */
  readonly name: string;
  /** The name that a person gave it. */
  readonly called: string | undefined;
  readonly note: string | undefined;
  /** ISO 8601; undefined for a run that was killed before it began. */
  readonly at: string | undefined;
  readonly counts: Counts;
  readonly seconds: number | undefined;
  /** False for a run that was killed, or goes on. */
  readonly finished: boolean;
  /** Its process, on this machine, goes on. */
  readonly running: boolean;
  /** Keys of the instances that had a record at the end, by id. */
  readonly keys: ReadonlyMap<string, ActionKey>;
  /** How each instance ended, by id. */
  readonly ended: ReadonlyMap<string, Ended>;
  /** Undefined for a run of an earlier version. */
  readonly about: About | undefined;
}

interface Ended {
  readonly state: FinalState;
  /** 0 if it did not run. */
  readonly seconds: number;
  /** Why it failed, and the end of what it printed. */
  readonly error: string | undefined;
  readonly log: readonly string[] | undefined;
}

/** The newest first. */
export function listRuns(store: Store, pipeline: string): PastRun[] {
  return journalNames(store, pipeline).map((name) => readRun(store, pipeline, name));
}

/** Names of runs, the newest first. Reads no journal. */
export function runNames(store: Store, pipeline: string): readonly string[] {
  return journalNames(store, pipeline);
}

/** How many runs to read for one that computed something. */
const maxLooked = 20;

/** The newest run that computed something, or else the newest; undefined if there is none. */
export function latestRun(store: Store, pipeline: string): PastRun | undefined {
  let newest: PastRun | undefined;
  for (const name of journalNames(store, pipeline).slice(0, maxLooked)) {
    const run = readRun(store, pipeline, name);
    newest ??= run;
    if (run.counts.ran > 0) return run;
  }
  return newest;
}

/**
 * Finds a run as `latest~1`, by the name that a person gave it (the newest of that name), by the name of
 * its journal, or by the beginning of that. Throws `UsageError`.
 */
export function findRun(store: Store, pipeline: string, text: string): PastRun {
  const names = journalNames(store, pipeline);
  const back = /^latest(?:~(\d+))?$/.exec(text);
  const exact = back ? names[Number(back[1] ?? 0)] : names.find((name) => name === text);
  if (exact !== undefined) return readRun(store, pipeline, exact);
  const called: string[] = [];
  for (const name of back ? [] : names) {
    const run = readRun(store, pipeline, name);
    if (run.called === text) return run;
    if (run.called !== undefined) called.push(run.called);
  }
  const [first, ...more] = back || text === "" ? [] : names.filter((name) => name.startsWith(text));
  if (first !== undefined && more.length === 0) return readRun(store, pipeline, first);
  if (first !== undefined) {
    const some = [first, ...more].slice(0, 3).join(", ");
    const rest = more.length > 2 ? ` and ${more.length - 2} more` : "";
    throw new UsageError(`several runs begin with ${JSON.stringify(text)}`, `${some}${rest}`);
  }
  const distinct = [...new Set(called)];
  const named = distinct.length > 0 ? `named: ${distinct.slice(0, 8).join(", ")}; ` : "";
  const there = `there ${names.length === 1 ? "is 1" : `are ${names.length}`}`;
  const hint = didYouMean(text, distinct) ?? `${named}blockspin runs lists them; ${there}`;
  throw new UsageError(`there is no run ${JSON.stringify(text)}`, hint);
}

function readRun(store: Store, pipeline: string, name: string): PastRun {
  const events = readJournal(store, pipeline, name) as unknown as readonly Event[];
  const ended = new Map<string, Ended>();
  const keys = new Map<string, ActionKey>();
  let at: string | undefined;
  let seconds: number | undefined;
  for (const event of events) {
    if (event.event === "started") at = event.at;
    if (event.event === "finished") seconds = event.seconds;
    if (event.event !== "instance" || event.state === "started") continue;
    const { state, seconds: took = 0, error, log } = event;
    ended.set(event.id, { state, seconds: took, error, log });
    const there = event.state === "ran" || event.state === "cached";
    if (there && event.key !== undefined) keys.set(event.id, event.key);
  }
  const counts = countFinal([...ended.values()].map(({ state }) => state));
  const running = seconds === undefined && isGoingOn(events);
  return {
    ...{ name, at, counts, seconds, finished: seconds !== undefined, running, keys, ended },
    ...{ ...readNaming(events), about: readAbout(events) },
  };
}
