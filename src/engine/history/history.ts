/**
 * Looks up an instance's last key, last event and duration in the journals of earlier runs. Reads
 * journals newest first, each once, and stops as soon as it has the answer.
 */

import type { StoreRecord } from "../../store/record.ts";
import type { ActionKey } from "../../table/digest.ts";
import type { Event, InstanceEvent } from "../events.ts";
import type { Preimage } from "../plan/preimage.ts";
import type { Before, Lookup, Remembered } from "../plan/why.ts";

/** Events of one run, oldest first. */
export type Journal = readonly Event[];

export interface Past extends Remembered {
  /** How long an instance took the last time that it ran, by id. */
  readonly seconds: Lookup<number>;
  /** The event of the last time that an instance ran, by id. */
  readonly ran: Lookup<InstanceEvent>;
  /** The event of the run that computed an action, by key. */
  readonly ranAs: Lookup<InstanceEvent>;
  /** What was read so far. */
  known(): Iterable<readonly [id: string, before: Before]>;
}

/** @param journals - newest first */
export function readPast(
  journals: Iterable<Journal>,
  getRecord: (key: ActionKey) => StoreRecord | undefined,
  isSetAside: (key: ActionKey) => boolean = () => false,
): Past {
  const history = new Map<string, Before>();
  const lost = new Map<string, ActionKey>();
  const seconds = new Map<string, number>();
  const ran = new Map<string, InstanceEvent>();
  const ranAs = new Map<string, InstanceEvent>();
  const last = new Map<string, InstanceEvent>();
  const unread = journals[Symbol.iterator]();
  const read = (journal: Journal) => {
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
        if (preimage) history.set(id, { key, preimage, ids, seconds: record!.seconds });
        else if (!lost.has(id)) lost.set(id, key);
      }
    }
  };
  const readUntil = (known: () => boolean) => {
    while (!known()) {
      const next = unread.next();
      if (next.done) return;
      read(next.value);
    }
  };
  const lookup = <T>(map: ReadonlyMap<string, T>, instead?: ReadonlyMap<string, unknown>) => ({
    get(name: string): T | undefined {
      readUntil(() => map.has(name) || (instead?.has(name) ?? false));
      return map.get(name);
    },
  });
  return {
    history: lookup(history),
    // A key counts as lost only if no newer one has a record.
    lost: lookup(lost, history),
    isSetAside,
    seconds: lookup(seconds, ran),
    ran: lookup(ran),
    ranAs: lookup(ranAs),
    last: lookup(last),
    known: () => history,
  };
}
