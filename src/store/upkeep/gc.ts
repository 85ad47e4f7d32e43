/**
 * `cache gc`: makes room. Finds out what is there and who uses it, and removes what `gc-plan.ts`
 * says. May run beside other processes: what they are making is young or under a live claim, and
 * what they read is used by the newest run of their pipeline.
 */

import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as pause } from "node:timers/promises";
import type { ActionKey, Digest } from "../../table/digest.ts";
import { isDigest, named } from "../digest.ts";
import { namesIn } from "../files.ts";
import {
  isNamed,
  journalNames,
  journalPath,
  pipelinesWithJournals,
  readJournal,
} from "../journal.ts";
import { logsFolder, recordPath } from "../layout.ts";
import type { LocalStore } from "../local-store.ts";
import type { Store } from "../store.ts";
import { type Inventory, planRemoval, type Removal, type StoredRecord } from "./gc-plan.ts";
import { pinnedKeys } from "./pins.ts";

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** Younger objects stay: an object is written before its record. */
const YOUNG_MS = HOUR_MS;
const QUARANTINE_MS = 7 * DAY_MS;
const OUTBOX_MS = 30 * DAY_MS;

export interface CollectOptions {
  /** Bytes of objects and records that may stay. */
  readonly size?: number | undefined;
  /** Milliseconds since a run last used a record. */
  readonly age?: number | undefined;
  /** Keys of records that stay. */
  readonly keep?: ReadonlySet<ActionKey>;
  /** What this many newest runs of each pipeline used stays. */
  readonly keepRuns?: number;
  readonly dryRun?: boolean;
  /** Called while it looks through the store, which takes most of the time. */
  onProgress?(done: number, total: number): void;
}

export interface Collected {
  readonly objects: { readonly files: number; readonly bytes: number };
  readonly records: { readonly files: number; readonly bytes: number };
  /** Old journals, damaged and joined files, hints that point nowhere, uploads that no remote took. */
  readonly others: number;
  /** Bytes of the objects and records that stay, and of those that must stay. */
  readonly left: number;
  readonly kept: number;
  /** Runs that have a name: what they used stays, and so do their journals. */
  readonly namedRuns: number;
}

export async function collectGarbage(
  { local: store }: Store,
  options: CollectOptions = {},
  now = Date.now(),
): Promise<Collected> {
  const { size, age, keepRuns = 1, dryRun = false } = options;
  const busy = oldestClaim(store);
  const runs = readRuns(store, keepRuns, busy, now);
  const inventory = await takeInventory(store, runs.used, options.onProgress);
  const removal = planRemoval(inventory, {
    size,
    usedSince: age === undefined ? undefined : now - age,
    keep: new Set([...(options.keep ?? []), ...pinnedKeys(store), ...runs.newest]),
    touchedSince: Math.min(now - YOUNG_MS, busy ?? now),
  });
  const others = otherGarbage(store, inventory, removal, runs.old, age, now);
  if (!dryRun) {
    const paths = [
      ...removal.objects.map((digest) => store.objectPath(digest)),
      ...removal.records.map((key) => recordPath(store.folder, key)),
      ...others,
    ];
    // A file that cannot be removed is an error: a person must not believe that there is room.
    for (const path of paths) {
      store.writing(path, () => rmSync(path, { force: true, recursive: true }));
    }
  }
  const amount = (found: readonly ({ readonly bytes: number } | undefined)[]) => ({
    files: found.length,
    bytes: found.reduce((total, one) => total + (one?.bytes ?? 0), 0),
  });
  return {
    objects: amount(removal.objects.map((digest) => inventory.objects.get(digest))),
    records: amount(removal.records.map((key) => inventory.records.get(key))),
    others: others.length,
    left: removal.left,
    kept: removal.kept,
    namedRuns: runs.named,
  };
}

/** When the oldest live claim began; undefined if there is none. */
function oldestClaim(store: LocalStore): number | undefined {
  const times = namesIn(store.shelf("claims")).flatMap((name) => {
    const holder = /^[0-9a-f]{64}$/.test(name) ? store.claims.holder(named(name)) : undefined;
    return holder ? [Date.parse(holder.since) || 0] : [];
  });
  return times.length > 0 ? Math.min(...times) : undefined;
}

interface Runs {
  /** When each key was last asked for. */
  readonly used: ReadonlyMap<ActionKey, number>;
  /** Keys of the runs that are kept or still running. */
  readonly newest: ReadonlySet<ActionKey>;
  /** How many of those have a name. */
  readonly named: number;
  /** Paths and times of the journals of all other runs. */
  readonly old: readonly { readonly path: string; readonly at: number }[];
}

/** Keeps a run with a name, and a running run: one without an end that wrote lately, or since the oldest live claim. */
function readRuns(
  store: LocalStore,
  keepRuns: number,
  busy: number | undefined,
  now: number,
): Runs {
  const used = new Map<ActionKey, number>();
  const newest = new Set<ActionKey>();
  const old: { path: string; at: number }[] = [];
  let named = 0;
  for (const pipeline of pipelinesWithJournals(store)) {
    for (const [i, name] of journalNames(store, pipeline).entries()) {
      const path = journalPath(store, pipeline, name);
      const at = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      const events = readJournal(store, pipeline, name);
      const ended = events.some(({ event }) => event === "finished");
      const hasName = isNamed(events);
      if (hasName) named++;
      const running = !ended && (now - at < YOUNG_MS || at > (busy ?? now));
      const keep = i < keepRuns || hasName || running;
      for (const event of events) {
        const { key } = event as { key?: unknown };
        if (!isDigest<ActionKey>(key)) continue;
        used.set(key, Math.max(at, used.get(key) ?? 0));
        if (keep) newest.add(key);
      }
      if (!keep && i > 0) old.push({ path, at });
    }
  }
  return { used, newest, named, old };
}

async function takeInventory(
  store: LocalStore,
  used: ReadonlyMap<ActionKey, number>,
  onProgress: CollectOptions["onProgress"],
): Promise<Inventory> {
  const records = new Map<ActionKey, StoredRecord>();
  const objects = new Map<Digest, { bytes: number; touched: number }>();
  const [keys, digests] = [[...store.listRecords()], [...store.listObjects()]];
  let count = 0;
  const next = async () => {
    if (++count % 100 !== 0) return;
    onProgress?.(count, keys.length + digests.length);
    await pause();
  };
  for (const key of keys) {
    const record = store.getRecord(key);
    const stats = statSync(recordPath(store.folder, key), { throwIfNoEntry: false });
    // A record that came from a remote is as young as its file.
    const last = Math.max(used.get(key) ?? 0, stats?.mtimeMs ?? 0);
    if (record && stats) records.set(key, { record, bytes: stats.size, used: last });
    await next();
  }
  for (const digest of digests) {
    const stats = statSync(store.objectPath(digest), { throwIfNoEntry: false });
    if (stats) objects.set(digest, { bytes: stats.size, touched: stats.mtimeMs });
    await next();
  }
  return { records, objects };
}

/** Paths of everything else that is old enough to go. */
function otherGarbage(
  store: LocalStore,
  { records, objects }: Inventory,
  removal: Removal,
  journals: Runs["old"],
  age: number | undefined,
  now: number,
): string[] {
  const gone = new Set<Digest | ActionKey>([...removal.objects, ...removal.records]);
  const there = new Set<Digest | ActionKey>([...records.keys(), ...objects.keys()]);
  const stays = (digest: Digest) => there.has(digest) && !gone.has(digest);
  const oldIn = (folder: string, limit: number) =>
    namesIn(folder)
      .map((name) => join(folder, name))
      .filter((path) => now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) > limit);
  const outbox = store.shelf("outbox");
  return [
    ...journals
      .filter(({ at }) => age !== undefined && now - at > age)
      .flatMap(({ path }) => [path, logsFolder(path)].filter((each) => existsSync(each))),
    ...oldIn(store.shelf("quarantine"), QUARANTINE_MS),
    ...oldIn(store.shelf("joined"), YOUNG_MS),
    ...namesIn(outbox).flatMap((remote) => oldIn(join(outbox, remote), OUTBOX_MS)),
    ...store.lineages.without(stays),
  ];
}
