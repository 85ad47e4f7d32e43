/** Plain tables in the memory layout of `src/table/schema.ts`, without Arrow and without a store. */
import type {
  Batch,
  ColumnInput,
  Columns,
  ColumnType,
  ScalarName,
  Table,
} from "../../src/table/schema.ts";

/** The part of arrays and typed arrays that is used here. */
type Values = { readonly length: number; slice(start: number, end: number): Values };
type TypedArray = { new (): Values; from(items: readonly unknown[]): Values };

const arrays = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as unknown as Record<Exclude<ScalarName, "utf8">, TypedArray>;

/** A table of these columns from rows in any form that a node may return. */
export function tableOf<C extends Columns>(columns: C, batch: Batch): Table<C> {
  const missing = Object.keys(columns).find((name) => !(name in batch));
  if (missing) throw new Error(`missing column "${missing}"`);
  const unknown = Object.keys(batch).find((name) => !(name in columns));
  if (unknown) throw new Error(`unknown column "${unknown}"`);
  const names = Object.keys(columns);
  const data = new Map(names.map((name) => [name, toData(columns[name]!, batch[name]!)]));
  // The length of packed bits gives the rows only roughly, so ask another column first.
  const sure = names.find((name) => !isBits(columns[name]!)) ?? names[0];
  const rows = sure === undefined ? 0 : countRows(columns[sure]!, data.get(sure)!);
  for (const [name, values] of data) {
    const type = columns[name]!;
    const fits = isBits(type)
      ? values.length === Math.ceil((rows * sizeOf(type)) / 8)
      : countRows(type, values) === rows;
    if (!fits) throw new Error(`column "${name}" does not have ${rows} rows, as "${sure}" has`);
  }
  return { rows, schema: columns, columns: Object.fromEntries(data) as Table<C>["columns"] };
}

/** Rows `start` to `end` (exclusive), copied. */
export function sliceRows(table: Table, start: number, end: number): Table {
  const entries = Object.entries(table.schema).map(([name, type]) => {
    const values = table.columns[name] as Values;
    const [from, to] = [start * sizeOf(type), end * sizeOf(type)];
    return [name, isBits(type) ? copyBits([[values, from, to]]) : values.slice(from, to)];
  });
  return { rows: end - start, schema: table.schema, columns: Object.fromEntries(entries) };
}

/** All rows of tables with these columns, in order. */
export function concatenate<C extends Columns>(columns: C, tables: readonly Table[]): Table<C> {
  const entries = Object.entries(columns).map(([name, type]) => {
    const parts = tables.map((table) => table.columns[name] as Values);
    const ends = tables.map((table) => table.rows * sizeOf(type));
    if (isBits(type)) return [name, copyBits(parts.map((part, i) => [part, 0, ends[i]!]))];
    const all = parts.map((part) => Array.from(part as ArrayLike<number>));
    return [name, toData(type, all.flat())];
  });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return { rows, schema: columns, columns: Object.fromEntries(entries) };
}

function isBits(type: ColumnType): boolean {
  return type.type === "fixed_size_list" && type.item === "bool";
}

/** Items that a row takes in the flat array of its column. */
function sizeOf(type: ColumnType): number {
  return type.type === "fixed_size_list" ? Number(type.size) : 1;
}

function countRows(type: ColumnType, values: Values): number {
  return Math.floor((isBits(type) ? 8 * values.length : values.length) / sizeOf(type));
}

function toData(type: ColumnType, input: ColumnInput): Values {
  const item = type.type === "fixed_size_list" || type.type === "list" ? type.item : type.type;
  const typed = item === "utf8" ? undefined : arrays[item as keyof typeof arrays];
  const plain = () => Array.from(input as ArrayLike<unknown>);
  if (type.type === "list")
    return plain().map((row) => (typed ? typed.from(row as number[]) : row));
  if (!typed || ("nullable" in type && type.nullable)) return plain();
  if (input instanceof typed) return input;
  const flat = plain().flat();
  if (!isBits(type)) return typed.from(flat);
  const bits = new Uint8Array(Math.ceil(flat.length / 8));
  for (const [i, bit] of flat.entries()) bits[i >> 3]! |= (bit ? 1 : 0) << (i & 7);
  return bits;
}

/** Bits `from` to `to` of each part, one part behind the other. */
function copyBits(parts: readonly (readonly [Values, number, number])[]): Uint8Array {
  const total = parts.reduce((sum, [, from, to]) => sum + to - from, 0);
  const bits = new Uint8Array(Math.ceil(total / 8));
  let out = 0;
  for (const [values, from, to] of parts) {
    const bytes = values as Uint8Array;
    for (let i = from; i < to; i++, out++) {
      bits[out >> 3]! |= ((bytes[i >> 3]! >> (i & 7)) & 1) << (out & 7);
    }
  }
  return bits;
}
