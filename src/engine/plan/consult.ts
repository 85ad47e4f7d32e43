/**
 * Plans with what remotes have: asks them for everything that a plan missed, and plans again with what
 * came. The plan itself stays a pure function of what is known.
 */

import type { Judge } from "../../store/objections.ts";
import type { KnownRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { ActionKey, Digest } from "../../table/digest.ts";
import type { Plan, Records } from "./plan.ts";

/** Takes at most as many rounds as the graph is deep, and as many again for lost bytes. */
export async function planWithRemotes(
  store: Store,
  makePlan: (records: Records) => Plan,
): Promise<Plan> {
  const known = new Map<ActionKey, KnownRecord>();
  const asked = new Set<ActionKey | Digest>();
  for (;;) {
    const records = new Map<ActionKey, Judge>();
    const objects = new Set<Digest>();
    const plan = makePlan({
      getRecord(key, judge) {
        const record = known.get(key) ?? store.knownRecord(key, judge);
        if (record) known.set(key, record);
        else if (!asked.has(key)) records.set(key, judge);
        return record;
      },
      hasObject(digest) {
        if (store.canRead(digest) || asked.has(digest)) return store.canRead(digest);
        objects.add(digest);
        // Hoped for until asked: else its producer would run, and need bytes of its own, and so on.
        return store.hasRemotes;
      },
    });
    for (const name of records.keys()) asked.add(name);
    if ((await store.findRecords(records.keys(), (key) => records.get(key))) > 0) continue;
    // Only now: with more records, fewer instances run, and fewer bytes are read.
    for (const name of objects) asked.add(name);
    if (!store.hasRemotes || (await store.locate(objects)) === objects.size) return plan;
  }
}
