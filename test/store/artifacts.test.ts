import { rmSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  beginsWith,
  concatArtifacts,
  extendArtifact,
  openChunks,
} from "../../src/store/artifacts.ts";
import { concatTables, readArtifact, writeArtifact } from "../../src/store/tables.ts";
import { rowsPerChunk } from "../../src/table/columns.ts";
import { SchemaMismatch } from "../../src/table/errors.ts";
import type { Batch, Columns } from "../../src/table/schema.ts";
import { sliceTable } from "../../src/table/slice.ts";
import { anyRows, batchOf } from "../table/arbitrary.ts";
import { anArtifact, Folder } from "./folder.ts";

/** Lists count with a nominal width, so that a chunk of this table has few rows. */
const lists = Array.from({ length: 128 }, (_, i) => `list_${i}`);
const wide: Columns = {
  n: { type: "int32" },
  bits: { type: "fixed_size_list", item: "bool", size: 3 },
  ...Object.fromEntries(lists.map((name) => [name, { type: "list", item: "float64" }])),
};
const perChunk = rowsPerChunk(wide);

function wideRows(from: number, to: number): Batch {
  const rows = Array.from({ length: to - from }, (_, i) => from + i);
  return {
    n: rows,
    bits: rows.map((n) => [n & 1, (n >> 1) & 1, (n >> 2) & 1]),
    ...Object.fromEntries(lists.map((name, i) => [name, rows.map((n) => (n === i ? [n] : []))])),
  };
}

test("extendArtifact() gives what writing all rows at once gives, wherever the rows are cut", async () => {
  expect(perChunk).toBe(8);
  using folder = new Folder();
  const store = folder.open();
  const numbers = fc.array(fc.nat(3 * perChunk), { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(numbers, async (given) => {
      const [first, ...ends] = given.sort((a, b) => a - b) as [number, ...number[]];
      let grown = await writeArtifact(store, wide, [wideRows(0, first)]);
      for (const [i, end] of ends.entries()) {
        const batches = [wideRows(i === 0 ? first : ends[i - 1]!, end)];
        grown = await extendArtifact(store, wide, grown, batches);
      }
      expect(grown).toEqual(await writeArtifact(store, wide, [wideRows(0, ends.at(-1)!)]));
    }),
    { seed: 4, numRuns: 25 },
  );
});

test("extendArtifact() takes columns of every type", async () => {
  using folder = new Folder();
  const store = folder.open();
  await fc.assert(
    fc.asyncProperty(anyRows(30), fc.nat(30), async (table, cut) => {
      const at = Math.min(cut, table.rows);
      const [begin, rest] = [batchOf(table, 0, at, true), batchOf(table, at, table.rows, false)];
      const before = await writeArtifact(store, table.schema, [begin]);
      const all = await writeArtifact(store, table.schema, [begin, rest]);
      expect(await extendArtifact(store, table.schema, before, [rest])).toEqual(all);
    }),
    { seed: 5, numRuns: 60 },
  );
});

test("extendArtifact() reads no chunk that is full", async () => {
  using folder = new Folder();
  const store = folder.open();
  const before = await writeArtifact(store, wide, [wideRows(0, 2 * perChunk + 3)]);
  const all = await writeArtifact(store, wide, [wideRows(0, 4 * perChunk)]);
  expect(openChunks(wide, before)).toEqual(before.chunks.slice(2));
  for (const { digest } of before.chunks.slice(0, 2)) rmSync(store.objectPath(digest));
  const rest = [wideRows(2 * perChunk + 3, 4 * perChunk)];
  expect(await extendArtifact(store, wide, before, rest)).toEqual(all);
});

test("beginsWith() knows a prefix by its bytes", async () => {
  using folder = new Folder();
  const store = folder.open();
  const long = await writeArtifact(store, wide, [wideRows(0, 7)]);
  const short = await writeArtifact(store, wide, [wideRows(0, 4)]);
  const other = await writeArtifact(store, wide, [wideRows(1, 5)]);
  expect(await beginsWith(store, long, 4, short.chunks[0]!.digest)).toBe(true);
  expect(await beginsWith(store, long, 4, other.chunks[0]!.digest)).toBe(false);
  expect(await beginsWith(store, long, 3, short.chunks[0]!.digest)).toBe(false);
  expect(await beginsWith(store, short, 7, long.chunks[0]!.digest)).toBe(false);
});

test("concatArtifacts() lines up chunks as they are, of equal columns", async () => {
  using folder = new Folder();
  const store = folder.open();
  const [one, two] = [await anArtifact(store, 1), await anArtifact(store, 2)];
  const both = concatArtifacts(one.schema, [one, two, one]);
  expect(both.chunks).toEqual([...one.chunks, ...two.chunks, ...one.chunks]);
  expect(both.rows).toBe(6);
  expect(both.digest).not.toBe(concatArtifacts(one.schema, [two, one, one]).digest);
  const other = await writeArtifact(store, { n: { type: "int8" } }, [{ n: [1] }]);
  expect(() => concatArtifacts(one.schema, [one, other])).toThrow(SchemaMismatch);
});

test("sliceTable() cuts columns of every type", async () => {
  using folder = new Folder();
  const store = folder.open();
  await fc.assert(
    fc.asyncProperty(anyRows(20), fc.nat(20), fc.nat(20), async (table, a, b) => {
      const [from, to] = [Math.min(a, b, table.rows), Math.min(Math.max(a, b), table.rows)];
      const artifact = await writeArtifact(store, table.schema, [
        batchOf(table, 0, table.rows, true),
      ]);
      const tables = [];
      for await (const chunk of readArtifact(store, artifact)) tables.push(chunk);
      const slice = sliceTable(concatTables(table.schema, tables), from, to);
      const direct = [batchOf(table, from, to, false)];
      expect(await writeArtifact(store, table.schema, [slice])).toEqual(
        await writeArtifact(store, table.schema, direct),
      );
    }),
    { seed: 6, numRuns: 60 },
  );
});
