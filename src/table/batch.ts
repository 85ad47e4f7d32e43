/**
 * Checks the rows that a producer hands over against their columns, and brings them to one layout.
 * Knows no Arrow and no chunk.
 */

import { isNullable, itemOf, sizeOf, typeName } from "./columns.ts";
import { SchemaMismatch } from "./errors.ts";
import {
  arrayName,
  arrayNameOf,
  concatNumbers,
  type Items,
  type NumberArray,
  objection,
  packBits,
  show,
  toItems,
} from "./items.ts";
import type { Batch, Columns, ColumnType, ScalarName } from "./schema.ts";

/** A column in the layout that the writer copies from. */
export interface Prepared {
  /** Of all rows, back to back. */
  readonly items: Items;
  /** Of a list: for each row, the index past its last item. */
  readonly ends?: readonly number[] | undefined;
  /** Of a nullable column that has nulls: 1 where there is a value. */
  readonly valid?: Uint8Array | undefined;
}

/** Throws `SchemaMismatch` where a batch is not what the schema says, or has not `rows` rows. */
export function prepareBatch(
  schema: Columns,
  batch: Batch,
  rows?: number,
): { rows: number; columns: ReadonlyMap<string, Prepared> } {
  for (const name of Object.keys(batch)) {
    if (!Object.hasOwn(schema, name)) throw new SchemaMismatch(name, "is not in the schema");
  }
  const columns = new Map<string, Prepared>();
  const counts: RowCount[] = rows === undefined ? [] : [[undefined, rows, rows]];
  for (const [name, column] of Object.entries(schema)) {
    if (!Object.hasOwn(batch, name)) throw new SchemaMismatch(name, "is missing");
    const input: unknown = batch[name];
    counts.push([name, ...rowCount(name, column, input)]);
    columns.set(name, prepareColumn(name, column, input));
  }
  return { rows: commonRows(counts), columns };
}

/** A column, and between which numbers of rows it can have; no column for a number that is given. */
type RowCount = readonly [name: string | undefined, least: number, most: number];

/** The number of rows on which all columns agree; packed bits may leave a choice. */
function commonRows(counts: readonly RowCount[]): number {
  const sure = counts.find(([, least, most]) => least === most);
  if (!sure) {
    const name = counts[0]![0]!;
    throw new SchemaMismatch(name, "packed bits do not tell the number of rows; give rows of bits");
  }
  const [first, rows] = sure;
  for (const [name, least, most] of counts) {
    if (rows >= least && rows <= most) continue;
    const other = first === undefined ? "the table" : `column ${JSON.stringify(first)}`;
    throw new SchemaMismatch(name!, `has ${least} rows, but ${other} has ${rows}`);
  }
  return rows;
}

/** Between which numbers of rows the input can have. */
function rowCount(name: string, column: ColumnType, input: unknown): [number, number] {
  const array = arrayName(input);
  if (!Array.isArray(input) && array === undefined) {
    const got = typeof input === "string" ? "string" : show(input);
    throw new SchemaMismatch(name, `expected ${typeName(column)}, got ${got}`);
  }
  const { length } = input as ArrayLike<unknown>;
  if (column.type !== "fixed_size_list" || isNested(input)) return [length, length];
  const size = sizeOf(column);
  if (array && column.item === "bool") {
    const least = length && Math.floor((8 * (length - 1)) / size) + 1;
    const most = Math.floor((8 * length) / size);
    if (least <= most) return [least, most];
    throw new SchemaMismatch(name, `${length} bytes are no whole number of rows of ${size} bits`);
  }
  if (length % size !== 0) {
    throw new SchemaMismatch(name, `${length} items are no whole number of rows of ${size}`);
  }
  return [length / size, length / size];
}

function isNested(input: unknown): input is readonly ArrayLike<unknown>[] {
  return Array.isArray(input) && (Array.isArray(input[0]) || ArrayBuffer.isView(input[0]));
}

function prepareColumn(name: string, column: ColumnType, input: unknown): Prepared {
  if (column.type === "list") return prepareList(name, column.item, input);
  const item = itemOf(column);
  if (arrayName(input)) {
    checkArray(name, column, item, input);
    if (item !== "bool") return { items: input as Items };
    const bytes = input as Uint8Array;
    if (column.type === "fixed_size_list") return { items: bytes };
    const odd = bytes.findIndex((value) => value > 1);
    if (odd >= 0) refuse(name, odd, objection(item, bytes[odd])!);
    return { items: packBits(bytes) };
  }
  if (column.type !== "fixed_size_list") return prepareScalars(name, column, input as unknown[]);
  const size = sizeOf(column);
  if (!isNested(input)) return { items: checked(name, item, input as unknown[], (i) => i / size) };
  for (const [row, list] of input.entries()) {
    const got = listLength(list);
    if (got !== size) refuse(name, row, `expected ${size} items, got ${got ?? typeof list}`);
  }
  return { items: joined(name, item, input, (i) => i / size) };
}

function prepareScalars(name: string, column: ColumnType, values: readonly unknown[]): Prepared {
  if (!values.includes(null)) return { items: checked(name, itemOf(column), values, (i) => i) };
  if (!isNullable(column)) refuse(name, values.indexOf(null), "null in a column without nulls");
  const valid = Uint8Array.from(values, (value) => (value === null ? 0 : 1));
  return { items: checked(name, itemOf(column), values, (i) => i, true), valid };
}

function prepareList(name: string, item: ScalarName, input: unknown): Prepared {
  if (!Array.isArray(input)) throw new SchemaMismatch(name, `expected a list<${item}> per row`);
  const ends: number[] = [];
  let end = 0;
  for (const [row, list] of input.entries()) {
    const length = listLength(list);
    if (length === undefined) {
      refuse(name, row, `expected a list of ${item}, got ${list === null ? "null" : typeof list}`);
    }
    if (arrayName(list)) checkArray(name, { type: "list", item: item as "utf8" }, item, list);
    end += length;
    ends.push(end);
  }
  const rowOf = (i: number) => ends.findIndex((end) => end > i);
  return { items: joined(name, item, input, rowOf), ends };
}

function listLength(list: unknown): number | undefined {
  const known = Array.isArray(list) || ArrayBuffer.isView(list);
  return known ? (list as ArrayLike<unknown>).length : undefined;
}

/** The items of all rows, one after the other. */
function joined(
  name: string,
  item: ScalarName,
  rows: readonly ArrayLike<unknown>[],
  rowOf: (index: number) => number,
): Items {
  const array = arrayNameOf(item);
  if (item !== "utf8" && item !== "bool" && rows.every((row) => arrayName(row) === array)) {
    return concatNumbers(item, rows as readonly NumberArray[]);
  }
  const flat: unknown[] = [];
  for (const row of rows) for (let i = 0; i < row.length; i++) flat.push(row[i]);
  return checked(name, item, flat, rowOf);
}

function checkArray(name: string, column: ColumnType, item: ScalarName, input: unknown): void {
  const got = arrayName(input)!;
  if (got === arrayNameOf(item)) return;
  throw new SchemaMismatch(name, `expected ${typeName(column)}, got ${got}`);
}

function checked(
  name: string,
  item: ScalarName,
  values: readonly unknown[],
  rowOf: (index: number) => number,
  nulls = false,
): Items {
  for (let i = 0; i < values.length; i++) {
    if (nulls && values[i] === null) continue;
    const problem = objection(item, values[i]);
    if (problem) refuse(name, Math.floor(rowOf(i)), problem);
  }
  return toItems(item, values);
}

function refuse(name: string, row: number, problem: string): never {
  throw new SchemaMismatch(name, `row ${row}: ${problem}`);
}
