/** What the journal of earlier runs knows of each instance: its last key, and how long it took. */
import type { StoreRecord } from "../../store/record.ts";
import type { Event, InstanceEvent } from "../events.ts";
import type { Preimage } from "../plan/preimage.ts";
import type { Before, Remembered } from "../plan/why.ts";

/** Events of one run, oldest first. */
export type Journal = readonly Event[];

interface Past extends Remembered {
  /** Of the last time that an instance ran, by id. */
  readonly seconds: ReadonlyMap<string, number>;
  /** The event of the last time that an instance ran, by id. */
  readonly ran: ReadonlyMap<string, InstanceEvent>;
  /** The event of the run that computed an action, by key. */
  readonly ranAs: ReadonlyMap<string, InstanceEvent>;
  /** The last event of each instance in a final state, by id. */
  readonly last: ReadonlyMap<string, InstanceEvent>;
}

/** @param journals - newest first */
export function readPast(
  journals: readonly Journal[],
  getRecord: (key: string) => StoreRecord | undefined,
): Past {
  const history = new Map<string, Before>();
  const lost = new Map<string, string>();
  const seconds = new Map<string, number>();
  const ran = new Map<string, InstanceEvent>();
  const ranAs = new Map<string, InstanceEvent>();
  const last = new Map<string, InstanceEvent>();
  for (const journal of journals) {
    const ids = new Set(journal.flatMap((event) => (event.event === "instance" ? event.id : [])));
    for (const event of journal) {
      if (event.event !== "instance" || event.state === "started") continue;
      const { id, key, state } = event;
      if (!last.has(id) && state !== "skipped") last.set(id, event);
      if (state === "ran" && key !== undefined && !ranAs.has(key)) ranAs.set(key, event);
      if (state === "ran" && !ran.has(id)) {
        ran.set(id, event);
        if (event.seconds !== undefined) seconds.set(id, event.seconds);
      }
      if (key !== undefined && state !== "failed" && !history.has(id)) {
        const record = getRecord(key);
        const preimage = record?.preimage as Preimage | undefined;
        if (preimage) history.set(id, { key, preimage, ids });
        else if (!lost.has(id)) lost.set(id, key);
      }
    }
  }
  return { history, lost, seconds, ran, ranAs, last };
}
