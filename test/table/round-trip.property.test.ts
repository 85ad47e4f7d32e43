/** Columns of every type, long enough for every fast path, as they are read again. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeChunk } from "../../src/table/arrow-reader.ts";
import { bytesOf, encodeArtifact } from "../../src/table/arrow-writer.ts";
import { concatTables } from "../../src/table/concat.ts";
import type {
  ColumnInput,
  Columns,
  ColumnType,
  ScalarName,
  Table,
} from "../../src/table/schema.ts";
import { sliceTable } from "../../src/table/slice.ts";

const scalars: readonly ScalarName[] = [
  ...(["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64"] as const),
  ...(["float32", "float64", "utf8"] as const),
];
const columns: readonly ColumnType[] = scalars.flatMap((type): ColumnType[] => [
  { type },
  { type, nullable: true },
  ...(type === "utf8" || type === "int64"
    ? []
    : [{ type: "fixed_size_list", item: type, size: 3 } as const]),
  ...(type === "bool" || type === "int64" ? [] : [{ type: "list", item: type } as const]),
]);

/** Around multiples of 4, 8 and 16, by which loops go. */
const sizes = [0, 1, 7, 8, 9, 63, 64, 65, 253];
const texts = [
  "",
  "x",
  "majority",
  "decimation",
  "ä",
  "é😀 lang genug, um nicht kopiert zu werden",
];

function itemOf(type: ScalarName, seed: number): unknown {
  if (type === "utf8") return texts[seed % texts.length];
  if (type === "bool") return seed & 1;
  if (type === "int64") return BigInt(seed) - 2n ** 62n;
  if (type === "float32")
    return Math.fround([seed / 7, Number.NaN, Infinity, -0][seed % 31] ?? seed);
  if (type === "float64") return [seed / 7, Number.NaN, -Infinity, -0][seed % 29] ?? seed / 3;
  return seed % 128;
}

/** Runs of equal rows, of random length: neighbors may share what they are read into. */
function cells(column: ColumnType, rows: number, seeds: readonly number[]): unknown[] {
  const type = ("item" in column ? column.item : column.type) as ScalarName;
  const seedOf = (row: number) => seeds[Math.floor(row / 3) % seeds.length]! + (row % 2 ? row : 0);
  return Array.from({ length: rows }, (_, row) => {
    const seed = seedOf(row);
    const list = (length: number) => Array.from({ length }, (_, i) => itemOf(type, seed + 5 * i));
    if (column.type === "fixed_size_list") return list(3);
    if (column.type === "list") return list(seed % 20);
    return "nullable" in column && seed % 5 === 0 ? null : itemOf(type, seed);
  });
}

function seen({ columns, rows }: Table, column: ColumnType): unknown[] {
  const data = columns["x"] as ArrayLike<unknown>;
  if (column.type !== "fixed_size_list") {
    return Array.from(data, (cell) => (ArrayBuffer.isView(cell) ? [...(cell as Int8Array)] : cell));
  }
  const bit = (i: number) => ((data as Uint8Array)[i >> 3]! >> (i & 7)) & 1;
  const at = (i: number) => (column.item === "bool" ? bit(i) : data[i]);
  return Array.from({ length: rows }, (_, row) => [at(3 * row), at(3 * row + 1), at(3 * row + 2)]);
}

async function written(schema: Columns, batches: readonly (Table | { x: ColumnInput })[]) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeArtifact(schema, batches)) chunks.push(bytesOf(chunk));
  return chunks;
}

const seeds = fc.array(fc.nat(1000), { minLength: 1, maxLength: 6 });

test.each(columns)("%j is read as it was written, whole and in slices", async (column) => {
  const schema: Columns = { x: column };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...sizes), seeds, fc.nat(253), async (rows, some, at) => {
      const values = cells(column, rows, some);
      const x = values as ColumnInput;
      const [chunk, ...more] = await written(schema, [{ x }]);
      expect(more).toEqual([]);
      const table = decodeChunk(chunk!);
      expect(seen(table, column)).toEqual(values);
      // A slice shares the memory of the whole, and begins anywhere in it.
      const middle = Math.min(at, rows);
      const halves = [sliceTable(table, 0, middle), sliceTable(table, middle, rows)];
      expect(await written(schema, halves)).toEqual([chunk]);
      const apart = await Promise.all(halves.map((half) => written(schema, [half])));
      const back = apart.map(([half]) => decodeChunk(half!));
      expect(seen(back[1]!, column)).toEqual(values.slice(middle));
      expect(seen(concatTables(schema, back), column)).toEqual(values);
    }),
    { numRuns: 30, seed: 14 },
  );
});

test("numbers of a whole chunk that hold a NaN or infinities are not changed where they lie", async () => {
  const rows = 65_536;
  const odd = new Uint32Array(Float32Array.from({ length: rows }, (_, i) => i).buffer);
  odd[rows - 1] = 0xffc00001;
  const x = new Float32Array(odd.buffer);
  const [chunk] = await written({ x: { type: "float32" } }, [{ x }]);
  const read = decodeChunk(chunk!).columns["x"] as Float32Array;
  expect(new Uint32Array(read.buffer, read.byteOffset + 4 * (rows - 1), 1)[0]).toBe(0x7fc00000);
  expect(odd[rows - 1]).toBe(0xffc00001);
  const both = Float64Array.from({ length: rows }, (_, i) => [i, Infinity, -Infinity][i % 3]!);
  const [wide] = await written({ x: { type: "float64" } }, [{ x: both }]);
  expect(decodeChunk(wide!).columns["x"]).toEqual(both);
});
