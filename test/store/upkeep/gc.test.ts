import { readdirSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { actionKey, sha256 } from "../../../src/store/digest.ts";
import { Journal, journalPath, pipelinesWithJournals } from "../../../src/store/journal.ts";
import { recordPath } from "../../../src/store/layout.ts";
import type { StoreRecord } from "../../../src/store/record.ts";
import type { Store } from "../../../src/store/store.ts";
import { collectGarbage } from "../../../src/store/upkeep/gc.ts";
import { type Inventory, planRemoval } from "../../../src/store/upkeep/gc-plan.ts";
import { pin, pinnedKeys, unpin } from "../../../src/store/upkeep/pins.ts";
import { aDraft, anArtifact, Folder, preimageOf } from "../folder.ts";

const hour = 3_600_000;
const keyOf = (n: number) => actionKey(preimageOf(n));

/** Makes a file look as if it was last touched some hours ago. */
function age(path: string, hours: number): void {
  const then = (Date.now() - hours * hour) / 1000;
  utimesSync(path, then, then);
}

async function compute(store: Store, n: number, seconds = 1): Promise<StoreRecord> {
  return store.putRecord({ ...aDraft(n, await anArtifact(store, n)), seconds });
}

const digestOf = (record: StoreRecord) => record.outputs["out"]!.chunks[0]!.digest;

/** A run that asked for some keys. */
function run(
  store: Store,
  pipeline: string,
  keys: readonly string[],
  hours = 0,
  ended = true,
): void {
  const journal = Journal.create(store, pipeline);
  for (const key of keys) journal.append({ event: "instance", key } as { event: string });
  if (ended) journal.append({ event: "finished" });
  journal.close();
  age(journal.path, hours);
}

test("without options, only what nothing needs goes: old objects without a record, and its like", async () => {
  using folder = new Folder();
  const store = folder.open();
  store.prepare();
  const used = await compute(store, 1);
  const [old, young] = [2, 3].map((n) => store.putObject(new Uint8Array([n])).digest);
  for (const digest of [digestOf(used), old!]) age(store.objectPath(digest), 2);
  store.noteHint(sha256("a"), 1, used.key);
  store.noteHint(sha256("a"), 2, keyOf(9));
  store.putRecord(aDraft(4, used.outputs["out"]!));
  store.quarantineRecord(keyOf(4), "a test");
  const [damaged] = readdirSync(store.shelf("quarantine"));
  age(join(store.shelf("quarantine"), damaged!), 8 * 24);
  const dry = await collectGarbage(store, { dryRun: true });
  expect(dry).toMatchObject({ objects: { files: 1, bytes: 1 }, records: { files: 0 }, others: 2 });
  expect(store.hasObject(old!)).toBe(true);
  expect(await collectGarbage(store)).toEqual(dry);
  expect([...store.local.listObjects()].sort()).toEqual([digestOf(used), young!].sort());
  expect(store.hintsBelow(sha256("a"), 10)).toEqual([{ value: 1, digest: used.key }]);
  expect(readdirSync(store.shelf("quarantine"))).toEqual([]);
  expect(await collectGarbage(store)).toMatchObject({ objects: { files: 0 }, others: 0 });
});

test("an object that is put again counts as young", async () => {
  using folder = new Folder();
  const store = folder.open();
  const { digest } = store.putObject(new Uint8Array([1]));
  age(store.objectPath(digest), 100);
  store.putObject(new Uint8Array([1]));
  await collectGarbage(store);
  expect(store.hasObject(digest)).toBe(true);
});

test("under a live claim, nothing that was touched since it was made is garbage", async () => {
  using folder = new Folder();
  const store = folder.open();
  const claim = store.claims.acquire(keyOf(1));
  if (!("release" in claim)) throw new Error("held");
  const { digest } = store.putObject(new Uint8Array([1]));
  const inFiveHours = Date.now() + 5 * hour;
  expect((await collectGarbage(store, {}, inFiveHours)).objects.files).toBe(0);
  claim.release();
  expect((await collectGarbage(store, {}, inFiveHours)).objects.files).toBe(1);
  expect(store.hasObject(digest)).toBe(false);
});

test("--age removes what no run used for so long, objects and records, and old journals", async () => {
  using folder = new Folder();
  const store = folder.open();
  const records = await Promise.all([1, 2, 3, 4].map((n) => compute(store, n)));
  for (const { key } of records) age(recordPath(store.folder, key), 50);
  run(store, "p", [keyOf(1), keyOf(2)], 40);
  run(store, "p", [keyOf(2)], 5);
  pin(store, keyOf(4), "four");
  const found = await collectGarbage(store, { age: 20 * hour });
  expect(found).toMatchObject({ objects: { files: 2 }, records: { files: 2 }, others: 1 });
  expect([...store.listRecords()].sort()).toEqual([keyOf(2), keyOf(4)].sort());
  expect(found.kept).toBe(found.left);
  expect(await collectGarbage(store, { age: 0, keepRuns: 0 })).toMatchObject({
    records: { files: 1 },
  });
  expect([...store.listRecords()]).toEqual([keyOf(4)]);
});

test("--size removes objects first, those that cost least to compute again before others", async () => {
  using folder = new Folder();
  const store = folder.open();
  const costs = [5, 1, 9, 3];
  const records = await Promise.all(costs.map((seconds, n) => compute(store, n, seconds)));
  const { left } = await collectGarbage(store, { dryRun: true });
  const one = records[0]!.outputs["out"]!.chunks[0]!.bytes;
  const kept = () => costs.filter((_, n) => store.hasObject(digestOf(records[n]!)));
  expect(await collectGarbage(store, { size: left })).toMatchObject({ objects: { files: 0 } });
  await collectGarbage(store, { size: left - 1 });
  expect(kept()).toEqual([5, 9, 3]);
  await collectGarbage(store, { size: left - 3 * one });
  expect(kept()).toEqual([9]);
  expect([...store.listRecords()].length).toBe(4);
  expect(await collectGarbage(store, { size: 0 })).toMatchObject({
    records: { files: 4 },
    left: 0,
  });
});

test("what the newest runs used, named keys and pins stay whatever the size", async () => {
  using folder = new Folder();
  const store = folder.open();
  for (const n of [1, 2, 3, 4, 5]) await compute(store, n);
  run(store, "p", [keyOf(1)], 2);
  run(store, "p", [keyOf(2)], 1);
  run(store, "q/..", [keyOf(3)], 9);
  pin(store, keyOf(4), "four");
  expect(pipelinesWithJournals(store).sort()).toEqual(["p", "q/.."]);
  const left = async (options: object) => {
    const { records } = await collectGarbage(store, { size: 0, dryRun: true, ...options });
    return 5 - records.files;
  };
  expect(await left({})).toBe(3);
  expect(await left({ keepRuns: 2 })).toBe(4);
  expect(await left({ keepRuns: 0 })).toBe(1);
  expect(await left({ keepRuns: 0, keep: new Set([keyOf(5)]) })).toBe(2);
  expect([unpin(store, keyOf(4)), unpin(store, keyOf(4))]).toEqual([true, false]);
  expect(pinnedKeys(store).size).toBe(0);
  expect(await left({ keepRuns: 0 })).toBe(0);
});

test("what a run that goes on has asked for stays; of one that was killed an hour ago it may go", async () => {
  using folder = new Folder();
  const store = folder.open();
  for (const n of [1, 2, 3]) await compute(store, n);
  run(store, "p", [keyOf(1)], 0, false);
  run(store, "q", [keyOf(2)], 2, false);
  await collectGarbage(store, { size: 0, keepRuns: 0 });
  expect([...store.listRecords()]).toEqual([keyOf(1)]);
});

test("a record of very many parts is collected like any other", () => {
  const parts = Array.from({ length: 300_000 }, (_, i) => `part ${i}`);
  const whole = { seconds: 1, parts, outputs: {} } as unknown as StoreRecord;
  const records = new Map([[actionKey({}), { record: whole, bytes: 1, used: 0 }]]);
  const limits = { size: 0, keep: new Set([actionKey({})]), touchedSince: 0 };
  expect(planRemoval({ records, objects: new Map() }, limits)).toMatchObject({
    records: [],
    left: 1,
  });
});

test("parts of what stays stay", async () => {
  using folder = new Folder();
  const store = folder.open();
  const part = await compute(store, 1);
  const whole = aDraft(2, part.outputs["out"]!);
  store.putRecord({ ...whole, parts: [part.key] });
  await collectGarbage(store, { size: 0, keep: new Set([whole.key]) });
  expect([...store.listRecords()].sort()).toEqual([part.key, whole.key].sort());
});

test("a store that shrinks under its hands is not a problem", async () => {
  using folder = new Folder();
  const store = folder.open();
  const record = await compute(store, 1);
  run(store, "p", [record.key]);
  rmSync(journalPath(store, "p", readdirSync(join(store.shelf("runs"), "p"))[0]!.slice(0, -6)));
  rmSync(store.objectPath(digestOf(record)));
  expect(await collectGarbage(store, { size: 0 })).toMatchObject({ objects: { files: 0 } });
});

/** A store of a few records that share a few objects. */
const inventories = fc
  .array(
    fc.record({
      objects: fc.array(fc.nat(7), { minLength: 1, maxLength: 4 }),
      seconds: fc.nat(9),
      used: fc.nat(9),
      bytes: fc.integer({ min: 1, max: 50 }),
      parts: fc.array(fc.nat(5), { maxLength: 2 }),
      kept: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  .map((rows) => {
    const name = (i: number) => actionKey({ i });
    const objects = new Map(
      Array.from({ length: 9 }, (_, i) => [sha256(`${i}`), { bytes: 10 * i + 1, touched: i }]),
    );
    const records = new Map(
      rows.map((row, i) => {
        const chunks = row.objects.map((o) => ({ digest: sha256(`${o}`), rows: 1, bytes: 1 }));
        const parts = row.parts.map(name);
        const record = { seconds: row.seconds, parts, outputs: { out: { chunks } } };
        return [
          name(i),
          { record: record as unknown as StoreRecord, bytes: row.bytes, used: row.used },
        ];
      }),
    );
    const keep = new Set(rows.flatMap((row, i) => (row.kept ? [name(i)] : [])));
    return { inventory: { records, objects } as Inventory, keep };
  });

test("planRemoval() keeps what is kept whole, frees as told or all that it may, and counts right", () => {
  fc.assert(
    fc.property(inventories, fc.nat(400), fc.nat(9), ({ inventory, keep }, size, usedSince) => {
      const plan = planRemoval(inventory, { size, usedSince, keep, touchedSince: 5 });
      const [objects, records] = [new Set(plan.objects), new Set(plan.records)];
      for (const key of keep) {
        expect(records.has(key)).toBe(false);
        const { record } = inventory.records.get(key)!;
        for (const { digest } of record.outputs["out"]!.chunks)
          expect(objects.has(digest)).toBe(false);
        for (const part of record.parts ?? []) expect(records.has(part)).toBe(false);
      }
      let left = 0;
      for (const [digest, { bytes }] of inventory.objects) left += objects.has(digest) ? 0 : bytes;
      for (const [key, { bytes }] of inventory.records) left += records.has(key) ? 0 : bytes;
      expect(plan.left).toBe(left);
      // What is neither kept nor young is gone, if there is still too much.
      const young = [...inventory.objects].filter(([digest, { touched }]) => {
        const named = [...inventory.records.values()].some(({ record }) =>
          record.outputs["out"]!.chunks.some((chunk) => chunk.digest === digest),
        );
        return !named && touched >= 5;
      });
      const must = plan.kept + young.reduce((total, [, { bytes }]) => total + bytes, 0);
      expect(plan.left).toBeGreaterThanOrEqual(must);
      if (plan.left > size) expect(plan.left).toBe(must);
      for (const [key, { used }] of inventory.records) {
        if (used >= usedSince && size >= left + 400) expect(records.has(key)).toBe(false);
      }
    }),
  );
});
