/** Artifacts of several chunks as one Arrow file, written as it comes. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../src/store/digest.ts";
import { writeJoined } from "../../src/store/joined.ts";
import { readForeignTables } from "../../src/table/arrow-foreign.ts";
import { bytesOf, encodeArtifact, encodeFile, toArrowFile } from "../../src/table/arrow-writer.ts";
import { rowsPerChunk } from "../../src/table/columns.ts";
import type { Columns } from "../../src/table/schema.ts";
import { Folder } from "./folder.ts";

const schema: Columns = {
  wide: { type: "fixed_size_list", item: "float64", size: 2048 },
  n: { type: "int32" },
};

/** Batches of three rows, `count` of them in all. */
function* batches(count: number) {
  for (let n = 0; n < count; n += 3) {
    const rows = Array.from({ length: Math.min(3, count - n) }, (_, i) => n + i);
    const wide = Float64Array.from({ length: rows.length * 2048 }, (_, i) => n + i / 2048);
    yield { wide, n: Int32Array.from(rows) };
  }
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

test("encodeFile() writes all rows to one file, in batches as large as a chunk", async () => {
  const full = rowsPerChunk(schema);
  const count = 2 * full + 5;
  const tables = await readForeignTables(await whole(encodeFile(schema, batches(count))));
  expect(tables.map(({ rows }) => rows)).toEqual([full, full, 5]);
  const n = tables.flatMap(({ columns }) => [...(columns["n"] as Int32Array)]);
  expect(n).toEqual(Array.from({ length: count }, (_, i) => i));
  const last = tables[2]!.columns["wide"] as Float64Array;
  expect(last.at(-1)).toBe(count - 1 / 2048);
});

test("a file of one chunk is the chunk, and one without rows has its columns", async () => {
  for (const count of [0, 1, 7]) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of encodeArtifact(schema, batches(count))) chunks.push(bytesOf(chunk));
    const file = await whole(encodeFile(schema, batches(count)));
    expect(chunks).toHaveLength(1);
    expect(Buffer.compare(file, chunks[0]!)).toBe(0);
    const tables = await readForeignTables(file);
    expect(Object.keys(tables[0]?.schema ?? {})).toEqual(["wide", "n"]);
    expect(Buffer.compare(file, toArrowFile(tables))).toBe(0);
  }
});

test("encodeFile() holds one chunk at a time", async () => {
  const full = rowsPerChunk(schema);
  let read = 0;
  function* counted() {
    for (const batch of batches(10 * full)) {
      read += batch.n.length;
      yield batch;
    }
  }
  let written = 0;
  for await (const { length } of encodeFile(schema, counted())) {
    written += length;
    expect(read * 8 * 2048 - written).toBeLessThan(2 * full * 8 * 2048 + 65536);
  }
  expect(written).toBeGreaterThan(10 * full * 8 * 2048);
});

test("writeJoined() replaces what was there, and leaves nothing of what failed", async () => {
  using folder = new Folder();
  const store = folder.open();
  const name = sha256("an artifact");
  async function* pieces(...texts: string[]) {
    for (const text of texts) {
      if (text === "fail") throw new Error("asked to fail");
      yield Buffer.from(text);
    }
  }
  const path = await writeJoined(store, name, pieces("torn"));
  expect(await writeJoined(store, name, pieces("who", "le"))).toBe(path);
  expect(readFileSync(path, "utf8")).toBe("whole");
  expect(statSync(path).mode & 0o222).toBe(0);
  await expect(writeJoined(store, name, pieces("x", "fail"))).rejects.toThrow("asked to fail");
  expect(readFileSync(path, "utf8")).toBe("whole");
  expect(basename(path)).toBe(`${name.slice(7)}.arrow`);
  expect(readdirSync(store.shelf("joined"))).toHaveLength(1);
  expect(readdirSync(store.shelf("tmp"))).toEqual([]);
});
