/**
 * Follows what instances print while another process runs them. Reads what that process writes beside
 * its journal, and disturbs it in nothing.
 */
import { setTimeout } from "node:timers/promises";
import { JournalTail, journalNames, journalPath } from "../../store/journal.ts";
import type { ProcessIdentity } from "../../store/process-identity.ts";
import { readRunLog, runLogMark } from "../../store/run-logs.ts";
import type { Store } from "../../store/store.ts";
import type { Event, InstanceEvent } from "../events.ts";
import { isOwnerAlive } from "../history/attempts.ts";
import { processEvent } from "../history/run-journal.ts";
import type { Opened } from "../open/open.ts";
import { matchPattern } from "../plan/pattern.ts";
import { openStore } from "../project/open-store.ts";

export type Followed =
  | { readonly kind: "line"; readonly label: string; readonly line: string }
  /** Lines that were printed too fast to be read, or long before. */
  | { readonly kind: "dropped"; readonly label: string; readonly count: number }
  /** The last of an instance; `stopped` if its run ended before it did. */
  | {
      readonly kind: "end";
      readonly label: string;
      readonly state: InstanceEvent["state"] | "stopped";
      readonly error?: string;
    };

const pollMs = 200;

/** As many of the newest runs may go on at a time. */
const runsMax = 8;

interface Watched {
  readonly id: string;
  readonly label: string;
  /** The run that computes it; others may wait for that one. */
  run: LiveRun | undefined;
  mark: string;
  seen: number;
}

/** Yields nothing if no run goes on; ends when all instances that the pattern names have ended. */
export async function* followLogs(
  opened: Opened,
  pattern: string,
): AsyncGenerator<Followed, void, undefined> {
  const { graph } = opened;
  const store = openStore(opened.settings, opened.hooks);
  let runs = liveRuns(store, graph.name);
  if (runs.length === 0) return;
  const watched = new Set(
    matchPattern(graph, pattern).indices.map((index): Watched => {
      const { id, label } = graph.instances[index]!;
      return { id, label, run: undefined, mark: "", seen: 0 };
    }),
  );
  while (watched.size > 0) {
    // Whether they go on is asked first: what one wrote before it ended is read after that.
    const going = runs.filter((run) => run.goesOn());
    for (const run of runs) run.read();
    for (const one of watched) {
      const run = runOf(one, runs);
      if (run) yield* freshLines(run.path, one);
      const event = run?.events.get(one.id);
      const ended = event !== undefined && event.state !== "started";
      // Where a run was killed, one that waited for it goes on.
      if (!ended && going.length > 0) continue;
      watched.delete(one);
      const error = event?.error === undefined ? {} : { error: event.error };
      yield { kind: "end", label: one.label, state: ended ? event.state : "stopped", ...error };
    }
    runs = runs.filter((run) => going.includes(run) || run.finished);
    if (watched.size > 0) await setTimeout(pollMs);
  }
}

/** The run that computes an instance, or else the newest one that has something to say of it. */
function runOf(one: Watched, runs: readonly LiveRun[]): LiveRun | undefined {
  const computing = runs.find((run) => run.events.get(one.id)?.state === "started");
  if (computing && computing !== one.run) Object.assign(one, { run: computing, mark: "", seen: 0 });
  if (one.run && runs.includes(one.run)) return one.run;
  return runs.find((run) => run.events.has(one.id));
}

/** The runs that go on, newest first. */
function liveRuns(store: Store, pipeline: string): LiveRun[] {
  const runs = journalNames(store, pipeline)
    .slice(0, runsMax)
    .map((name) => new LiveRun(journalPath(store, pipeline, name)));
  for (const run of runs) run.read();
  return runs.filter((run) => run.goesOn());
}

class LiveRun {
  readonly path: string;
  /** The last of each instance, by id. */
  readonly events = new Map<string, InstanceEvent>();
  finished = false;
  readonly #journal: JournalTail;
  #owner: ProcessIdentity | undefined;

  constructor(path: string) {
    this.path = path;
    this.#journal = new JournalTail(path);
  }

  goesOn(): boolean {
    return !this.finished && this.#owner !== undefined && isOwnerAlive(this.#owner);
  }

  read(): void {
    for (const event of this.#journal.next() as unknown as readonly Event[]) {
      if ((event.event as string) === processEvent)
        this.#owner = event as unknown as ProcessIdentity;
      if (event.event === "finished") this.finished = true;
      if (event.event === "instance") this.events.set(event.id, event);
    }
  }
}

function* freshLines(journal: string, one: Watched): Generator<Followed, void, undefined> {
  const { id, label } = one;
  const mark = runLogMark(journal, id);
  if (mark === one.mark) return;
  one.mark = mark;
  const { dropped, lines } = readRunLog(journal, id) ?? { dropped: 0, lines: [] };
  if (dropped > one.seen) yield { kind: "dropped", label, count: dropped - one.seen };
  for (const line of lines.slice(Math.max(0, one.seen - dropped))) {
    yield { kind: "line", label, line };
  }
  one.seen = Math.max(one.seen, dropped + lines.length);
}
