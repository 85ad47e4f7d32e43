import fc from "fast-check";
import { parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { cellsOf } from "../../../src/formats/cells.ts";
import { encodeParquet } from "../../../src/formats/parquet-writer.ts";
import type { Columns, ColumnType, ScalarName, Table } from "../../../src/table/schema.ts";
import { tableOf } from "../../harness/tables.ts";

/** Few different values, so that dictionaries come up, and the awkward ones among them. */
const values: Record<ScalarName, fc.Arbitrary<unknown>> = {
  bool: fc.boolean(),
  int8: fc.constantFrom(-128, 0, 127),
  uint8: fc.constantFrom(0, 1, 255),
  int16: fc.constantFrom(-(2 ** 15), 0, 2 ** 15 - 1),
  uint16: fc.constantFrom(0, 1, 2 ** 16 - 1),
  int32: fc.oneof(fc.integer(), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1)),
  uint32: fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1),
  int64: fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.constantFrom(-(2n ** 63n), 1n)),
  float32: fc.oneof(fc.float(), fc.constantFrom(0, -0, Number.NaN)),
  float64: fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, 0.1)),
  utf8: fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("", "a", "\0")),
};
const names = Object.keys(values) as ScalarName[];

/** A type, and what a row of it may be. */
function anyColumn(): fc.Arbitrary<{ type: ColumnType; value: fc.Arbitrary<unknown> }> {
  const scalar = fc.constantFrom(...names).map((type) => ({ type: { type }, value: values[type] }));
  const nullable = fc.constantFrom(...names).map((type) => ({
    type: { type, nullable: true },
    value: fc.option(values[type]),
  }));
  const list = fc
    .constantFrom(...names.filter((n) => n !== "bool" && n !== "int64"))
    .map((item) => {
      return { type: { type: "list", item } as ColumnType, value: fc.array(values[item]) };
    });
  const fixed = fc
    .tuple(fc.constantFrom(...names.filter((n) => n !== "utf8" && n !== "int64")), fc.nat(20))
    .map(([item, n]) => ({
      type: { type: "fixed_size_list", item, size: n + 1 } as ColumnType,
      value: fc.array(values[item], { minLength: n + 1, maxLength: n + 1 }),
    }));
  return fc.oneof(scalar, nullable, list, fixed);
}

const anyTable: fc.Arbitrary<Table> = fc
  .tuple(fc.array(anyColumn(), { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 40 }))
  .chain(([columns, rows]) => {
    // Bits do not say how many rows they are.
    const all = [{ type: { type: "int32" } as ColumnType, value: values.int32 }, ...columns];
    const schema = Object.fromEntries(all.map(({ type }, i) => [`c${i}`, type])) as Columns;
    const data = all.map(({ value }) => fc.array(value, { minLength: rows, maxLength: rows }));
    return fc.tuple(...data).map((batch) => {
      return tableOf(schema, Object.fromEntries(batch.map((rows, i) => [`c${i}`, rows])) as never);
    });
  });

test("any table is read back from Parquet as it was", async () => {
  await fc.assert(
    fc.asyncProperty(anyTable, async (table) => {
      const { buffer } = Uint8Array.from(Buffer.concat([...encodeParquet(table)]));
      const found = await parquetReadObjects({ file: buffer });
      expect(found).toHaveLength(table.rows);
      for (const [name, type] of Object.entries(table.schema)) {
        const isBits = type.type === "fixed_size_list" && type.item === "bool";
        const cell = cellsOf(table, name);
        for (let row = 0; row < table.rows; row++) {
          const value = cell(row);
          const expected = isBits ? (value as number[]).map(Boolean) : value;
          expect(found[row]![name]).toStrictEqual(expected);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("a large table becomes several row groups, piece by piece", async () => {
  const rows = 300_000;
  const spins = { type: "fixed_size_list", item: "bool", size: 8 } as const;
  const bits = Uint8Array.from({ length: rows }, (_, row) => row);
  const table = { rows, schema: { spins }, columns: { spins: bits } };
  const pieces = [...encodeParquet(table)];
  expect(pieces).toHaveLength(4);
  const { buffer } = Uint8Array.from(Buffer.concat(pieces));
  const [row] = await parquetReadObjects({ file: buffer, rowStart: 260_003, rowEnd: 260_004 });
  const expected = Array.from({ length: 8 }, (_, i) => ((260_003 >> i) & 1) === 1);
  expect(row).toEqual({ spins: expected });
});
