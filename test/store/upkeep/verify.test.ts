import { chmodSync, truncateSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recordPath } from "../../../src/store/layout.ts";
import { storeStats } from "../../../src/store/upkeep/stats.ts";
import { verifyStore } from "../../../src/store/upkeep/verify.ts";
import { aDraft, anArtifact, Folder } from "../folder.ts";

test("verifyStore() counts what is whole and quarantines what is not", async () => {
  using folder = new Folder();
  const store = folder.open();
  const artifacts = await Promise.all([1, 2, 3].map((n) => anArtifact(store, n)));
  const keys = artifacts.map((artifact, n) => store.putRecord(aDraft(n, artifact)).key);
  const [one, two, three] = artifacts.map(({ chunks }) => chunks[0]!);
  const bytes = one!.bytes + two!.bytes + three!.bytes;
  const steps: number[] = [];
  const whole = await verifyStore(store, { onProgress: (done) => steps.push(done) });
  expect(whole).toEqual({ objects: 3, records: 3, bytes, damaged: [], missing: [] });
  expect(steps).toEqual([1, 2, 3, 4, 5, 6]);

  chmodSync(store.objectPath(one!.digest), 0o644);
  truncateSync(store.objectPath(one!.digest), 100);
  unlinkSync(store.objectPath(two!.digest));
  chmodSync(recordPath(store.folder, keys[2]!), 0o644);
  truncateSync(recordPath(store.folder, keys[2]!), 40);
  const damaged = await verifyStore(store);
  expect([damaged.objects, damaged.records]).toEqual([1, 2]);
  expect(damaged.damaged.map(({ kind, name }) => [kind, name])).toEqual([
    ["object", one!.digest],
    ["record", keys[2]],
  ]);
  const missing = [one, two].map((chunk, i) => ({ key: keys[i], digest: chunk!.digest }));
  expect(damaged.missing).toEqual(expect.arrayContaining(missing));
  expect(damaged.missing.length).toBe(2);
  expect((await verifyStore(store)).damaged).toEqual([]);
});

test("verifyStore() stops when it is told to", async () => {
  using folder = new Folder();
  const store = folder.open();
  await anArtifact(store, 1);
  await expect(verifyStore(store, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
});

test("storeStats() tells what takes room, by node type", async () => {
  using folder = new Folder();
  const store = folder.open();
  expect(storeStats(store).nodeTypes).toEqual([]);
  const a = await anArtifact(store, 1);
  store.putRecord(aDraft(1, a));
  store.putRecord(aDraft(2, a)); // the same object again
  store.putRecord(aDraft(3, await anArtifact(store, 3)));
  store.quarantineRecord(aDraft(3, a).key, "a test");
  writeFileSync(join(store.shelf("tmp"), "1-left"), "12345");
  const { bytes } = a.chunks[0]!;
  const stats = storeStats(store);
  expect(stats.objects).toEqual({ files: 2, bytes: 2 * bytes });
  expect(stats.records.files).toBe(2);
  expect(stats.quarantine.files).toBe(1);
  expect(stats.tmp).toEqual({ files: 1, bytes: 5 });
  expect(stats.nodeTypes).toEqual([{ type: "probe", records: 2, bytes, seconds: 3 }]);
});
