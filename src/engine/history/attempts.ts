/**
 * What became of an instance when it was last computed, and in which run: what it printed then lies
 * beside that run's journal. Reads journals newest first, each once, and no further than it is asked.
 */
import { journalNames, journalPath, readJournal } from "../../store/journal.ts";
import { isAlive, type ProcessIdentity, thisProcess } from "../../store/process-identity.ts";
import type { Store } from "../../store/store.ts";
import type { ActionKey } from "../../table/digest.ts";
import type { Event, InstanceEvent } from "../events.ts";
import { processEvent } from "./run-journal.ts";

export interface Attempt {
  /** Path of the run's journal. */
  readonly journal: string;
  /** How it ended, or that it began. */
  readonly event: InstanceEvent;
  /** Whether it goes on now. */
  readonly alive: boolean;
}

interface Run {
  readonly journal: string;
  readonly last: ReadonlyMap<string, InstanceEvent>;
  readonly alive: boolean;
}

const runsMax = 50;

export class Attempts {
  readonly #read: Run[] = [];
  readonly #unread: Iterator<Run>;

  /** @param only - the one run to look at */
  constructor(store: Store, pipeline: string, only?: string) {
    const names = only === undefined ? journalNames(store, pipeline).slice(0, runsMax) : [only];
    this.#unread = (function* () {
      for (const name of names) yield readRun(store, pipeline, name);
    })();
  }

  /**
   * The last time that something was computed for an instance.
   *
   * @param key - the time that this was computed, or is being computed; undefined for any
   */
  find(id: string, key?: ActionKey): Attempt | undefined {
    for (let i = 0; ; i++) {
      const run = this.#read[i] ?? this.#next();
      if (!run) return undefined;
      const event = run.last.get(id);
      if (event && (key === undefined || event.key === key)) return { ...run, event };
    }
  }

  #next(): Run | undefined {
    const { value, done } = this.#unread.next();
    if (done) return undefined;
    this.#read.push(value);
    return value;
  }
}

function readRun(store: Store, pipeline: string, name: string): Run {
  const events = readJournal(store, pipeline, name) as unknown as readonly Event[];
  const last = new Map<string, InstanceEvent>();
  for (const event of events) {
    if (event.event !== "instance" || event.state === "cached") continue;
    // What was begun and then given up has an end that says nothing of it.
    if (event.state === "skipped") continue;
    last.set(event.id, event);
  }
  return { journal: journalPath(store, pipeline, name), last, alive: isGoingOn(events) };
}

/** Whether the process that writes a journal is still at it. Of another machine's it is not known. */
export function isGoingOn(events: readonly { readonly event: string }[]): boolean {
  // A name may be given after the end.
  if (events.some(({ event }) => event === "finished")) return false;
  const owner = events.find(({ event }) => event === processEvent);
  return owner !== undefined && isOwnerAlive(owner as unknown as ProcessIdentity);
}

export function isOwnerAlive(owner: ProcessIdentity): boolean {
  return owner.machine === thisProcess().machine && isAlive(owner);
}
