import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hexOf, sha256 } from "../../src/store/digest.ts";
import { HINTS_MAX } from "../../src/store/lineages.ts";
import type { Digest } from "../../src/table/digest.ts";
import { Folder } from "./folder.ts";

const name = sha256("an action without what grows");
const [a, b, c] = ["a", "b", "c"].map(sha256) as [Digest, Digest, Digest];

test("below() gives the hints with a smaller value, the largest first", () => {
  using folder = new Folder();
  const { lineages } = folder.open().local;
  expect(lineages.below(name, 100)).toEqual([]);
  lineages.note(name, 9, a);
  lineages.note(name, 40, b);
  lineages.note(name, 100, c);
  lineages.note(sha256("another"), 50, c);
  expect(lineages.below(name, 100)).toEqual([
    { value: 40, digest: b },
    { value: 9, digest: a },
  ]);
  expect(lineages.below(name, 40)).toEqual([{ value: 9, digest: a }]);
});

test("note() replaces an earlier hint, also a torn one, and leaves nothing behind", () => {
  using folder = new Folder();
  const store = folder.open();
  store.local.lineages.note(name, 9, a);
  store.local.lineages.note(name, 9, b);
  expect(store.local.lineages.below(name, 10)).toEqual([{ value: 9, digest: b }]);
  const hex = hexOf(name);
  const shelf = join(store.shelf("lineages"), hex.slice(0, 2), hex.slice(2));
  writeFileSync(join(shelf, "8"), b.slice(0, 30));
  writeFileSync(join(shelf, "nonsense"), b);
  expect(store.local.lineages.below(name, 10)).toEqual([{ value: 9, digest: b }]);
  store.local.lineages.note(name, 8, c);
  expect(store.local.lineages.below(name, 9)).toEqual([{ value: 8, digest: c }]);
  expect(readdirSync(store.shelf("tmp"))).toEqual([]);
});

test("note() in a store that cannot be written is not a failure", () => {
  using folder = new Folder();
  const store = folder.open();
  store.prepare();
  writeFileSync(store.shelf("lineages"), "a file where the folder should be");
  store.local.lineages.note(name, 9, a);
  expect(store.local.lineages.below(name, 10)).toEqual([]);
});

test("below() reads no more hints than are of use, however many there are", () => {
  using folder = new Folder();
  const store = folder.open();
  const hex = hexOf(name);
  store.local.lineages.note(name, 5000, a);
  const shelf = join(store.shelf("lineages"), hex.slice(0, 2), hex.slice(2));
  for (let value = 0; value < 3000; value++) writeFileSync(join(shelf, String(value)), b);
  const found = store.local.lineages.below(name, 4000);
  expect(found.length).toBe(HINTS_MAX);
  expect(found.slice(0, 2).map(({ value }) => value)).toEqual([2999, 2998]);
});
