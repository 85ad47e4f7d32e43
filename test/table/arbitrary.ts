/** Random schemas and rows, and the many ways in which a producer may hand the same rows over. */
import fc from "fast-check";
import type { Batch, ColumnInput, Columns, ColumnType } from "../../src/table/schema.ts";

export interface Rows {
  readonly schema: Columns;
  /** Per column, one plain value per row. */
  readonly values: Readonly<Record<string, readonly unknown[]>>;
  readonly rows: number;
}

const integers: Record<string, [number, number]> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
};
const scalars = [...Object.keys(integers), "bool", "int64", "float32", "float64", "utf8"] as const;

function item(type: string): fc.Arbitrary<unknown> {
  if (type === "bool") return fc.boolean();
  if (type === "utf8") return fc.string({ unit: "grapheme", maxLength: 6 });
  if (type === "int64") return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  if (type === "float32") return fc.float();
  if (type === "float64") return fc.double();
  return fc.integer({ min: integers[type]![0], max: integers[type]![1] });
}

function cell(column: ColumnType): fc.Arbitrary<unknown> {
  if (column.type === "fixed_size_list") {
    const size = column.size as number;
    return fc.array(item(column.item), { minLength: size, maxLength: size });
  }
  if (column.type === "list") return fc.array(item(column.item), { maxLength: 4 });
  return column.nullable ? fc.option(item(column.type)) : item(column.type);
}

const scalar = fc
  .record({ type: fc.constantFrom(...scalars), nullable: fc.boolean() })
  .map(({ type, nullable }) => (nullable ? { type, nullable } : { type }) as ColumnType);
const fixed = fc
  .record({
    item: fc.constantFrom(...scalars.filter((name) => name !== "utf8" && name !== "int64")),
    size: fc.integer({ min: 1, max: 19 }),
  })
  .map((column) => ({ type: "fixed_size_list", ...column }) as ColumnType);
const list = fc
  .constantFrom(...scalars.filter((name) => name !== "bool" && name !== "int64"))
  .map((name) => ({ type: "list", item: name }) as ColumnType);

export const anyColumn = fc.oneof(scalar, fixed, list);

/** Tables of one to four columns and up to `maxRows` rows. */
export function anyRows(maxRows: number): fc.Arbitrary<Rows> {
  // The first column leaves no doubt about the number of rows.
  const columns = fc
    .tuple(scalar, fc.array(anyColumn, { maxLength: 3 }))
    .map(([a, b]) => [a, ...b]);
  return fc.tuple(columns, fc.integer({ min: 0, max: maxRows })).chain(([types, rows]) => {
    const schema = Object.fromEntries(types.map((type, i) => [`c${i}`, type]));
    const values = Object.fromEntries(
      Object.entries(schema).map(([name, column]) => [
        name,
        fc.array(cell(column), { minLength: rows, maxLength: rows }),
      ]),
    );
    return fc.record(values).map((record) => ({ schema, rows, values: record }) as Rows);
  });
}

const arrays = { Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array };
const constructors: Record<string, { from(values: never): ColumnInput }> = {
  ...Object.fromEntries(
    Object.values(arrays).map((array) => [array.name.replace("Array", "").toLowerCase(), array]),
  ),
  bool: Uint8Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as never;

/** The rows `from` to `to` as plain arrays, or as typed arrays where a column has them. */
export function batchOf({ schema, values }: Rows, from: number, to: number, typed: boolean): Batch {
  return Object.fromEntries(
    Object.entries(schema).map(([name, column]) => {
      const cells = values[name]!.slice(from, to);
      return [name, typed ? typedInput(column, cells) : (cells as ColumnInput)];
    }),
  );
}

function typedInput(column: ColumnType, cells: readonly unknown[]): ColumnInput {
  const name = "item" in column ? column.item : column.type;
  const array = constructors[name];
  if (!array) return cells as ColumnInput;
  if (column.type === "list") return cells.map((cell) => array.from(cell as never)) as ColumnInput;
  if (column.type === "fixed_size_list") {
    return name === "bool" ? packWithRubbish(cells.flat()) : array.from(cells.flat() as never);
  }
  return cells.includes(null) ? (cells as ColumnInput) : array.from(cells as never);
}

/** Packed bits whose padding is all ones, as a sloppy producer might leave it. */
export function packWithRubbish(values: readonly unknown[]): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 8)).fill(255);
  for (const [i, value] of values.entries()) if (!value) packed[i >> 3]! &= ~(1 << (i & 7));
  return packed;
}
