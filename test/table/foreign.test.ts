/** Files that pyarrow wrote; `foreign/make.py` says how. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sha256 } from "../../src/store/digest.ts";
import {
  concatTables,
  readForeign,
  readForeignTables,
  toArrowFile,
} from "../../src/store/tables.ts";
import { bytesOf, encodeArtifact } from "../../src/table/arrow-writer.ts";
import { SchemaMismatch, UnreadableArrow } from "../../src/table/errors.ts";
import type { Columns, Table } from "../../src/table/schema.ts";

const fileOf = (name: string) =>
  new Uint8Array(readFileSync(new URL(`foreign/${name}.arrow`, import.meta.url)));

async function read(name: string): Promise<Table> {
  const tables = await readForeignTables(fileOf(name));
  return concatTables(tables[0]!.schema, tables);
}

async function digest(schema: Columns, name: string): Promise<string[]> {
  const digests: string[] = [];
  const { batches } = await readForeign(fileOf(name), schema);
  for await (const chunk of encodeArtifact(schema, batches)) digests.push(sha256(bytesOf(chunk)));
  return digests;
}

const schema: Columns = {
  int64: { type: "int64" },
  float64: { type: "float64" },
  text: { type: "utf8" },
  large_text: { type: "utf8" },
  text_view: { type: "utf8" },
  dictionary: { type: "utf8" },
  null_dictionary: { type: "utf8", nullable: true },
  bool: { type: "bool" },
  null_bool: { type: "bool", nullable: true },
  fixed: { type: "fixed_size_list", item: "float32", size: 2 },
  bits: { type: "fixed_size_list", item: "bool", size: 9 },
  list: { type: "list", item: "float64" },
  large_list: { type: "list", item: "utf8" },
  zeros: { type: "uint8" },
};

test("readForeignTables() reads every layout of pyarrow", async () => {
  const { rows, schema: found, columns } = await read("file");
  expect([rows, found]).toEqual([45, schema]);
  const first = Object.fromEntries(
    Object.entries(columns).map(([name, data]) => [name, Array.from(data as string[]).slice(0, 3)]),
  );
  // Rows 3, 4 and 5 of the table in make.py.
  expect(first).toEqual({
    int64: [3n, 4n, 5n],
    float64: [1, 4 / 3, 5 / 3],
    text: ["row 3", "row 4", "row 5"],
    large_text: ["", "ab", "abab"],
    text_view: ["a string that is not short", "é", "a string that is not short"],
    dictionary: ["up", "down", "up"],
    null_dictionary: ["x", null, null],
    bool: [1, 0, 0],
    null_bool: [1, 0, null],
    fixed: [3, 3.5, 4],
    // 000000011 000000100 000000101, the lowest bit first
    bits: [0b00000011, 0b00001000, 0b00010100],
    list: [Float64Array.of(0.25, 0.25, 0.25), Float64Array.of(), Float64Array.of(0.25)],
    large_list: [[], ["x"], ["x", "x"]],
    zeros: [0, 0, 0],
  });
});

test("readForeign() gives the same artifact from a file and from a stream", async () => {
  expect(await digest(schema, "stream")).toEqual(await digest(schema, "file"));
});

test("readForeignTables() gives one empty table for a file without batches", async () => {
  const tables = await readForeignTables(fileOf("no-batches"));
  expect(tables.map(({ rows }) => rows)).toEqual([0]);
  expect(Object.keys(tables[0]!.columns)).toEqual(Object.keys(schema));
});

test("readForeign() does not let values under nulls into the bytes", async () => {
  // The file holds 2 and 4 under its nulls, and a validity bitmap with ones in its padding.
  const x: Columns = { x: { type: "float64", nullable: true } };
  const clean: string[] = [];
  for await (const chunk of encodeArtifact(x, [{ x: [1, null, 3, null] }]))
    clean.push(sha256(bytesOf(chunk)));
  expect(await digest(x, "null-garbage")).toEqual(clean);
});

test("readForeign() picks the declared columns and checks them", async () => {
  const one = async (columns: Columns) => await readForeign(fileOf("file"), columns);
  const { batches, more } = await one({ bool: { type: "bool" } });
  expect(Object.keys(batches[0]!.columns)).toEqual(["bool"]);
  expect([...more, "bool"].sort()).toEqual(
    Object.keys((await readForeignTables(fileOf("file")))[0]!.schema).sort(),
  );
  await expect(one({ none: { type: "bool" } })).rejects.toThrow(
    /^column "none": is missing; there are "int64", /,
  );
  await expect(one({ int64: { type: "float64" } })).rejects.toThrow(
    new SchemaMismatch("int64", "expected float64, got int64"),
  );
  await expect(digest({ null_bool: { type: "bool" } }, "file")).rejects.toThrow(
    'column "null_bool": row 2: null in a column without nulls',
  );
});

test("readForeign() knows the rows of packed bits that are alone", async () => {
  // Eight rows of 3 bits are as many bytes as seven or six.
  const bits = (size: number) => ({ type: "fixed_size_list", item: "bool", size }) as const;
  for (const schema of [{ a: bits(4) }, { a: bits(3) }, { a: bits(4), b: bits(3) }] as Columns[]) {
    for (const rows of [1, 2, 6, 7, 8]) {
      const columns = Object.entries(schema).map(([name, column]) => {
        const size = (column as { size: number }).size;
        return [name, new Uint8Array(Math.ceil((rows * size) / 8))];
      });
      const table = { rows, schema, columns: Object.fromEntries(columns) } as Table;
      const { batches } = await readForeign(await toArrowFile(table, table), schema);
      const chunks: number[] = [];
      for await (const chunk of encodeArtifact(schema, batches)) chunks.push(chunk.rows);
      expect(chunks).toEqual([2 * rows]);
    }
  }
});

test("readForeignTables() says what a table cannot hold", async () => {
  const refused = (name: string, message: string | RegExp) =>
    expect(readForeignTables(fileOf(name))).rejects.toThrow(message);
  await refused("null-list", 'column "x" has a null list');
  await refused("null-item", 'column "x" has a null in a list');
  await refused("timestamp", /^column "t" has type timestamp; expected bool, /);
});

test("readForeignTables() refuses bytes that are not an Arrow file, and a file cut anywhere", async () => {
  const whole = fileOf("null-garbage");
  const cut = Array.from({ length: whole.length }, (_, length) => whole.slice(0, length));
  for (const bytes of [new Uint8Array(100), ...cut]) {
    await expect(readForeignTables(bytes)).rejects.toThrow(UnreadableArrow);
  }
});

test("readForeign() gives the same artifact from compressed data", async () => {
  const plain = await digest(schema, "file");
  expect(await digest(schema, "lz4")).toEqual(plain);
  expect(await digest(schema, "zstd")).toEqual(plain);
});
