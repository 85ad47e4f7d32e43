import {
  chmodSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { recordPath } from "../../src/store/layout.ts";
import type { RecordDraft } from "../../src/store/record.ts";
import { Store } from "../../src/store/store.ts";
import { collectGarbage } from "../../src/store/upkeep/gc.ts";
import { aDraft, anArtifact, Folder } from "./folder.ts";

const anything = () => undefined;
const hour = 3600_000;

/** What a store that uses the index of a pipeline says of a record, and what is in the index then. */
function ask(folder: Folder, { key }: Pick<RecordDraft, "key">, name = "p") {
  const store = folder.open();
  store.useIndex(name);
  const found = store.knownRecord(key, anything);
  store.saveIndex();
  return found;
}

const indexOf = (store: Store, name = "p") => join(store.shelf("index"), name);

/** A store with records, whose folders have been at rest for an hour. */
async function filled(folder: Folder, count = 3) {
  const store = folder.open();
  const drafts: RecordDraft[] = [];
  for (let n = 0; n < count; n++) drafts.push(aDraft(n, await anArtifact(store, n)));
  for (const draft of drafts) store.putRecord(draft);
  rest(store);
  return { store, drafts };
}

/** Makes all folders of records look as if the last change was an hour ago. */
function rest(store: Store): void {
  const then = (Date.now() - hour) / 1000;
  for (const name of readdirSync(store.shelf("records"))) {
    utimesSync(join(store.shelf("records"), name), then, then);
  }
}

/** Hides a record's file, which only the index can answer for then; the folder's time stays. */
function hide(store: Store, { key }: RecordDraft): () => void {
  const path = recordPath(store.folder, key);
  const folder = dirname(path);
  const { atime, mtime } = statSync(folder);
  const move = (from: string, to: string) => {
    renameSync(from, to);
    utimesSync(folder, atime, mtime);
  };
  move(path, join(store.folder, "hidden"));
  return () => move(join(store.folder, "hidden"), path);
}

test("an index answers with what the record has", async () => {
  using folder = new Folder();
  const { store, drafts } = await filled(folder);
  const [draft] = drafts as [RecordDraft];
  const { key, outputs, seconds, warnings } = store.getRecord(draft.key)!;
  expect(ask(folder, draft)).toMatchObject({ key, outputs });
  const show = hide(store, draft);
  expect(ask(folder, draft)).toEqual({ key, outputs, seconds, warnings });
  // Another pipeline has another index.
  expect(ask(folder, draft, "q")).toBeUndefined();
  show();
});

test("everything that plans and runs need comes back, a checkpoint and an acceptance too", async () => {
  using folder = new Folder();
  const store = folder.open();
  const draft = {
    ...aDraft(1, await anArtifact(store, 1)),
    checkpoint: await anArtifact(store, 2),
    accepted: {
      from: aDraft(2, await anArtifact(store, 1)).key,
      reason: "—",
      by: "me",
      at: new Date(0).toISOString(),
    },
    warnings: [{ code: "c", message: "é\n\u2028" }],
  };
  store.putRecord(draft);
  rest(store);
  const { key, outputs, checkpoint, accepted, seconds, warnings } = store.getRecord(draft.key)!;
  ask(folder, draft);
  hide(store, draft);
  expect(ask(folder, draft)).toEqual({ key, outputs, checkpoint, accepted, seconds, warnings });
});

test("a record that is gone, replaced or damaged is what it is, whatever the index says", async () => {
  for (const at of ["at rest", "changed lately"]) {
    using folder = new Folder();
    const { store, drafts } = await filled(folder);
    const [gone, replaced, damaged] = drafts as [RecordDraft, RecordDraft, RecordDraft];
    if (at === "changed lately") {
      for (const { key } of drafts) {
        utimesSync(dirname(recordPath(store.folder, key)), new Date(), new Date());
      }
    }
    for (const draft of drafts) expect(ask(folder, draft)).toMatchObject({ key: draft.key });
    rmSync(recordPath(store.folder, gone.key));
    store.quarantineRecord(replaced.key, "other bytes");
    const outputs = { out: await anArtifact(store, 9) };
    store.putRecord({ ...replaced, outputs });
    store.quarantineRecord(damaged.key, "to be damaged");
    const path = recordPath(store.folder, damaged.key);
    writeFileSync(path, "damaged");
    expect(ask(folder, gone)).toBeUndefined();
    expect(ask(folder, replaced)).toMatchObject({ outputs });
    expect(ask(folder, damaged)).toBeUndefined();
    // Nor does the index that was written then remember what was.
    expect(ask(folder, gone)).toBeUndefined();
    expect(ask(folder, replaced)).toMatchObject({ outputs });
  }
});

test("a change that leaves the same time on a folder shows while the index is young", async () => {
  using folder = new Folder();
  const { store, drafts } = await filled(folder);
  const [draft] = drafts as [RecordDraft];
  const path = recordPath(store.folder, draft.key);
  const now = new Date();
  utimesSync(dirname(path), now, now);
  ask(folder, draft);
  rmSync(path);
  utimesSync(dirname(path), now, now);
  expect(ask(folder, draft)).toBeUndefined();
});

test("a record whose bits rot is still right in the index, and noticed where it is read", async () => {
  using folder = new Folder();
  const { store, drafts } = await filled(folder);
  const [draft] = drafts as [RecordDraft];
  const { outputs } = store.getRecord(draft.key)!;
  ask(folder, draft);
  const path = recordPath(store.folder, draft.key);
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
  expect(ask(folder, draft)).toMatchObject({ outputs });
  const reader = folder.open();
  expect(reader.getRecord(draft.key)).toBeUndefined();
  expect(reader.local.damages).toMatchObject([{ kind: "record", name: draft.key }]);
  expect(ask(folder, draft)).toBeUndefined();
});

test("an index with any bit flipped, or cut off anywhere, counts as absent", async () => {
  using folder = new Folder();
  const { store, drafts } = await filled(folder, 1);
  const [draft] = drafts as [RecordDraft];
  ask(folder, draft);
  const path = indexOf(store);
  const whole = readFileSync(path);
  hide(store, draft);
  const answer = () => {
    const reader = folder.open();
    reader.useIndex("p");
    return reader.knownRecord(draft.key, anything);
  };
  expect(answer()).toBeDefined();
  chmodSync(path, 0o644);
  for (let byte = 0; byte < whole.length; byte++) {
    const flipped = Buffer.from(whole);
    flipped[byte]! ^= 1 << (byte % 8);
    writeFileSync(path, flipped);
    expect(answer(), `byte ${byte}`).toBeUndefined();
    writeFileSync(path, whole.subarray(0, byte));
    expect(answer(), `cut at ${byte}`).toBeUndefined();
  }
  writeFileSync(path, whole);
  expect(answer()).toBeDefined();
});

test("what a run puts is in the index at its end", async () => {
  using folder = new Folder();
  const store = folder.open();
  store.useIndex("p");
  const draft = aDraft(1, await anArtifact(store, 1));
  expect(store.knownRecord(draft.key, anything)).toBeUndefined();
  const { outputs } = store.putRecord(draft);
  await store.close(0);
  // The folder has changed since it was first looked at, so the file is compared.
  expect(readFileSync(indexOf(store), "utf8")).toContain(draft.key);
  expect(ask(folder, draft)).toMatchObject({ outputs });
  rmSync(recordPath(store.folder, draft.key));
  expect(ask(folder, draft)).toBeUndefined();
});

test("a judge that objects to an entry judges the record", async () => {
  using folder = new Folder();
  const { drafts } = await filled(folder);
  const [draft] = drafts as [RecordDraft];
  ask(folder, draft);
  const store = folder.open();
  store.useIndex("p");
  expect(store.knownRecord(draft.key, () => "it is wrong")).toBeUndefined();
  expect(store.local.damages).toMatchObject([{ reason: "it is wrong", name: draft.key }]);
});

test("garbage collection leaves nothing in the index that is gone", async () => {
  using folder = new Folder();
  const { store, drafts } = await filled(folder);
  for (const draft of drafts) ask(folder, draft);
  await collectGarbage(store, { age: 0 }, Date.now() + 400 * 24 * hour);
  const left = drafts.filter(({ key }) => store.getRecord(key));
  expect(left).toEqual([]);
  for (const draft of drafts) expect(ask(folder, draft)).toBeUndefined();
});

test("entries that nobody asks for stay for a while, and a store without an index folder has none", async () => {
  using folder = new Folder();
  const { store, drafts } = await filled(folder, 5);
  const all = folder.open();
  all.useIndex("p");
  for (const { key } of drafts) all.knownRecord(key, anything);
  all.saveIndex();
  const more = aDraft(7, await anArtifact(store, 7));
  store.putRecord(more);
  rest(store);
  ask(folder, more);
  for (const { key } of drafts.slice(1)) {
    const same = key.slice(7, 9) === more.key.slice(7, 9);
    expect(readFileSync(indexOf(store), "utf8").includes(key)).toBe(!same);
  }
  writeFileSync(join(folder.path, "file"), "");
  const none = Store.open(join(folder.path, "nothing"));
  none.useIndex("p");
  none.saveIndex();
  expect(readdirSync(folder.path)).not.toContain("nothing");
});
