/**
 * Decides what a collection removes: a pure function of what is in the store. Objects go before
 * records, since a record without its objects is still good for planning; objects that cost least to
 * compute again, in seconds per byte, go first. Touches no file.
 */
import type { ActionKey, Digest } from "../../table/digest.ts";
import { artifactsOf, type StoreRecord } from "../record.ts";

export interface Inventory {
  readonly records: ReadonlyMap<ActionKey, StoredRecord>;
  /** By digest. */
  readonly objects: ReadonlyMap<Digest, { readonly bytes: number; readonly touched: number }>;
}

export interface StoredRecord {
  readonly record: StoreRecord;
  /** The size of its file. */
  readonly bytes: number;
  /** When a run last asked for it or made it; milliseconds since 1970, like all times here. */
  readonly used: number;
}

export interface Limits {
  /** Bytes of objects and records together. */
  readonly size?: number | undefined;
  /** Records that no run used since then go. */
  readonly usedSince?: number | undefined;
  /** Keys of records that stay, with their parts and all their objects. */
  readonly keep: ReadonlySet<ActionKey>;
  /** Objects that no record names go unless they were touched since then. */
  readonly touchedSince: number;
}

export interface Removal {
  /** Digests, in the order of removal. */
  readonly objects: readonly Digest[];
  /** Keys. */
  readonly records: readonly ActionKey[];
  /** Bytes that stay, and bytes that must stay. */
  readonly left: number;
  readonly kept: number;
}

export function planRemoval({ records, objects }: Inventory, limits: Limits): Removal {
  const keep = withParts(limits.keep, records);
  const users = usersOf(records);
  const gone = { objects: new Set<Digest>(), records: new Set<ActionKey>() };
  let left = sum(records.values()) + sum(objects.values());
  const dropObject = (digest: Digest) => {
    const object = objects.get(digest);
    if (!object || gone.objects.has(digest)) return;
    gone.objects.add(digest);
    left -= object.bytes;
  };
  const dropRecord = (key: ActionKey) => {
    if (gone.records.has(key)) return;
    gone.records.add(key);
    left -= records.get(key)!.bytes;
  };
  for (const [digest, { touched }] of objects) {
    if (!users.has(digest) && touched < limits.touchedSince) dropObject(digest);
  }
  const free = [...records].filter(([key]) => !keep.has(key));
  const old = free.filter(([, { used }]) => used < (limits.usedSince ?? Number.NEGATIVE_INFINITY));
  for (const digest of freed(old, users)) dropObject(digest);
  for (const [key] of old) dropRecord(key);
  const over = () => left > (limits.size ?? Number.POSITIVE_INFINITY);
  const rest = free.filter(([key]) => !gone.records.has(key)).sort(byWorth(objects));
  const passed = new Set(gone.records);
  for (const [key, { record }] of rest) {
    if (!over()) break;
    passed.add(key);
    // An object may be in several records: it goes when no record that stays needs it.
    for (const digest of digestsOf(record)) {
      if ([...users.get(digest)!].every((user) => passed.has(user))) dropObject(digest);
    }
  }
  for (const [key] of [...rest].sort(([, a], [, b]) => a.used - b.used)) {
    if (!over()) break;
    dropRecord(key);
  }
  return {
    objects: [...gone.objects],
    records: [...gone.records],
    left,
    kept: bytesOf(keep, records, objects),
  };
}

/** Adds the records from whose outputs these are put together. */
function withParts(keys: ReadonlySet<ActionKey>, records: Inventory["records"]): Set<ActionKey> {
  const all = new Set<ActionKey>();
  const pending = [...keys];
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    if (all.has(key)) continue;
    all.add(key);
    for (const part of records.get(key)?.record.parts ?? []) pending.push(part);
  }
  return all;
}

/** The keys of the records that name an object, by digest. */
function usersOf(records: Inventory["records"]): Map<Digest, Set<ActionKey>> {
  const users = new Map<Digest, Set<ActionKey>>();
  for (const [key, { record }] of records) {
    for (const digest of digestsOf(record)) {
      const of = users.get(digest) ?? new Set();
      users.set(digest, of.add(key));
    }
  }
  return users;
}

/** The objects that only these records name. */
function freed(
  entries: readonly (readonly [ActionKey, StoredRecord])[],
  users: ReadonlyMap<Digest, ReadonlySet<ActionKey>>,
): Digest[] {
  const keys = new Set(entries.map(([key]) => key));
  const digests = new Set(entries.flatMap(([, { record }]) => digestsOf(record)));
  return [...digests].filter((digest) => [...users.get(digest)!].every((key) => keys.has(key)));
}

/** Least seconds per byte first; among equals, the one used longest ago. */
function byWorth(objects: Inventory["objects"]) {
  const worth = new Map<StoredRecord, number>();
  const worthOf = (stored: StoredRecord) => {
    const known = worth.get(stored);
    if (known !== undefined) return known;
    const digests = [...new Set(digestsOf(stored.record))];
    const bytes = digests.reduce((total, digest) => total + (objects.get(digest)?.bytes ?? 0), 0);
    const found = stored.record.seconds / Math.max(1, bytes);
    worth.set(stored, found);
    return found;
  };
  return ([, a]: readonly [ActionKey, StoredRecord], [, b]: readonly [ActionKey, StoredRecord]) =>
    worthOf(a) - worthOf(b) || a.used - b.used;
}

function bytesOf(
  keys: ReadonlySet<ActionKey>,
  records: Inventory["records"],
  objects: Inventory["objects"],
): number {
  const stored = [...keys].flatMap((key) => records.get(key) ?? []);
  const digests = new Set(stored.flatMap(({ record }) => digestsOf(record)));
  return sum(stored) + sum([...digests].flatMap((digest) => objects.get(digest) ?? []));
}

function sum(things: Iterable<{ readonly bytes: number }>): number {
  let total = 0;
  for (const { bytes } of things) total += bytes;
  return total;
}

function digestsOf(record: StoreRecord): Digest[] {
  return artifactsOf(record).flatMap(({ chunks }) => chunks.map(({ digest }) => digest));
}
