import { appendFileSync, mkdirSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { sha256 } from "../../src/store/digest.ts";
import {
  Journal,
  JournalTail,
  journalNames,
  pipelinesWithJournals,
  readJournals,
} from "../../src/store/journal.ts";
import { Folder } from "./folder.ts";

test("readJournals() gives the runs of a pipeline, newest first", async () => {
  using folder = new Folder();
  const store = folder.open();
  expect(readJournals(store, "a")).toEqual([]);
  for (const n of [1, 2, 3]) {
    const journal = Journal.create(store, "a");
    journal.append({ event: "started", n } as { event: string });
    journal.append({ event: "finished" });
    journal.close();
    await sleep(2);
  }
  Journal.create(store, "b").close();
  const started = readJournals(store, "a").map(([first]) => first);
  expect(started).toEqual([3, 2, 1].map((n) => ({ event: "started", n })));
  expect(readJournals(store, "a", 2).length).toBe(2);
  expect(readJournals(store, "b")).toEqual([[]]);
});

test("readJournals() leaves out a line that a kill tore", () => {
  using folder = new Folder();
  const store = folder.open();
  const journal = Journal.create(store, "a");
  journal.append({ event: "started" });
  appendFileSync(journal.path, '{"event":"instance","id":"x');
  expect(readJournals(store, "a")).toEqual([[{ event: "started" }]]);
  journal.close();
});

test.each([
  { key: null },
  { key: "sha256:abc" },
  { id: 5 },
  { seconds: -5 },
  { seconds: 1e300 },
  { seconds: null },
  { error: 1 },
  { log: "text" },
])("a line that is damaged otherwise is left out too: %j", (damage) => {
  using folder = new Folder();
  const store = folder.open();
  const journal = Journal.create(store, "p");
  journal.append({ event: "instance", ...damage });
  const sound = { event: "instance", id: "a", seconds: 0, key: sha256("") };
  journal.append(sound);
  journal.close();
  expect(readJournals(store, "p")).toEqual([[sound]]);
});

test("append() is on disk before it returns", () => {
  using folder = new Folder();
  const store = folder.open();
  const journal = Journal.create(store, "a");
  journal.append({ event: "started" });
  expect(readJournals(folder.open(), "a")).toEqual([[{ event: "started" }]]);
  journal.close();
});

test("Journal.create() finds a folder for any pipeline name", () => {
  using folder = new Folder();
  const store = folder.open();
  for (const name of ["..", "a/b", "é", ".hidden"]) {
    const journal = Journal.create(store, name);
    expect(dirname(dirname(journal.path))).toBe(store.shelf("runs"));
    expect(basename(journal.path)).toMatch(/^\d{8}T\d{9}Z-[0-9a-f]{8}\.jsonl$/);
    expect(readJournals(store, name)).toEqual([[]]);
    journal.close();
  }
  expect(readdirSync(store.shelf("runs")).length).toBe(4);
});

test("a name of any length has a folder of its own, and what reads all journals finds it", () => {
  using folder = new Folder();
  const store = folder.open();
  const base = [
    "a".repeat(300),
    "\u91cf".repeat(150),
    `..${".".repeat(250)}`,
    `a/${"b".repeat(4000)}`,
  ];
  const names = base.flatMap((name) => [name, `${name}1`]);
  for (const name of names) {
    const journal = Journal.create(store, name);
    journal.append({ event: "started", name } as { event: string });
    journal.close();
  }
  for (const name of names)
    expect(readJournals(store, name)).toEqual([[{ event: "started", name }]]);
  const folders = readdirSync(store.shelf("runs"));
  expect(folders.length).toBe(names.length);
  for (const one of folders) expect(Buffer.byteLength(one)).toBeLessThanOrEqual(200);
  mkdirSync(join(store.shelf("runs"), "%zz")); // Not ours.
  const found = pipelinesWithJournals(store);
  expect(found.map((pipeline) => journalNames(store, pipeline).length)).toEqual(names.map(() => 1));
});

test("JournalTail gives each event once, a line that is not whole yet later", () => {
  using folder = new Folder();
  const journal = Journal.create(folder.open(), "a");
  const tail = new JournalTail(journal.path);
  expect(tail.next()).toEqual([]);
  journal.append({ event: "started" });
  appendFileSync(journal.path, '{"event":"wä');
  expect(tail.next()).toEqual([{ event: "started" }]);
  expect(tail.next()).toEqual([]);
  appendFileSync(journal.path, 'rning"}\n\n{"event":"finished"}\n');
  expect(tail.next()).toEqual([{ event: "wärning" }, { event: "finished" }]);
  expect(tail.next()).toEqual([]);
  journal.close();
});
