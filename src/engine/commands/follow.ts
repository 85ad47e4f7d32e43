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
  event: InstanceEvent | undefined;
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
  const { indices } = matchPattern(graph, pattern);
  const path = liveRun(store, graph.name);
  if (path === undefined) return;
  const watched = new Map(
    indices.map((index): [string, Watched] => {
      const { id, label } = graph.instances[index]!;
      return [id, { id, label, event: undefined, mark: "", seen: 0 }];
    }),
  );
  const run = new LiveRun(path);
  run.read(watched);
  while (watched.size > 0) {
    // Whether it goes on is asked first: what it wrote before it ended is read after that.
    const goesOn = run.goesOn();
    run.read(watched);
    for (const one of watched.values()) {
      yield* freshLines(path, one);
      const { label, event } = one;
      const ended = event !== undefined && event.state !== "started";
      if (!ended && goesOn) continue;
      watched.delete(one.id);
      const error = event?.error === undefined ? {} : { error: event.error };
      yield { kind: "end", label, state: ended ? event.state : "stopped", ...error };
    }
    if (watched.size > 0) await setTimeout(pollMs);
  }
}

/** The newest run that goes on. */
function liveRun(store: Store, pipeline: string): string | undefined {
  const paths = journalNames(store, pipeline)
    .slice(0, runsMax)
    .map((name) => journalPath(store, pipeline, name));
  return paths.find((path) => {
    const run = new LiveRun(path);
    run.read(new Map());
    return run.goesOn();
  });
}

class LiveRun {
  readonly #journal: JournalTail;
  #owner: ProcessIdentity | undefined;
  #finished = false;

  constructor(path: string) {
    this.#journal = new JournalTail(path);
  }

  goesOn(): boolean {
    return !this.#finished && this.#owner !== undefined && isOwnerAlive(this.#owner);
  }

  read(watched: ReadonlyMap<string, Watched>): void {
    for (const event of this.#journal.next() as unknown as readonly Event[]) {
      if ((event.event as string) === processEvent)
        this.#owner = event as unknown as ProcessIdentity;
      if (event.event === "finished") this.#finished = true;
      const one = event.event === "instance" ? watched.get(event.id) : undefined;
      if (one) one.event = event as InstanceEvent;
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
