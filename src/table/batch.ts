/**
 * Checks the rows that a producer hands over against their columns, and converts them to one layout.
 * Knows no Arrow and no chunk.
 */

import { packBits } from "../math/bits.ts";
import { isNullable, itemOf, sizeOf } from "./columns.ts";
import { SchemaMismatch } from "./errors.ts";
import {
  arrayName,
  arrayNameOf,
  concatNumbers,
  firstWrong,
  type Items,
  isArrayOf,
  type NumberArray,
  objection,
  show,
  toItems,
} from "./items.ts";
import type { Batch, Columns, ColumnType, ListColumn, ScalarName } from "./schema.ts";
import { formatType } from "./type-text.ts";

/** A column in the layout that the writer copies from. */
export interface Prepared {
  /** The items of all rows, back to back. */
  readonly items: Items;
  /** In a list column, for each row, the index past its last item. */
  readonly ends?: Float64Array | undefined;
  /** In a column with nulls, 1 where there is a value. */
  readonly valid?: Uint8Array | undefined;
}

/** Why the rows of a column cannot be written. */
type Objection = string;

const isObjection = (found: unknown): found is Objection => typeof found === "string";

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
  const counts: RowCount[] = rows === undefined ? [] : [{ least: rows, most: rows }];
  for (const [name, column] of Object.entries(schema)) {
    if (!Object.hasOwn(batch, name)) throw new SchemaMismatch(name, "is missing");
    const input: unknown = batch[name];
    const count = rowCount(column, input);
    if (isObjection(count)) throw new SchemaMismatch(name, count);
    const prepared = prepareColumn(column, input);
    if (isObjection(prepared)) throw new SchemaMismatch(name, prepared);
    counts.push({ name, ...count });
    columns.set(name, prepared);
  }
  const common = commonRows(counts);
  if (typeof common !== "number") throw new SchemaMismatch(common.name, common.objection);
  return { rows: common, columns };
}

/** Between which numbers of rows a column can have; no name for a number that the caller gave. */
interface RowCount {
  readonly name?: string;
  readonly least: number;
  readonly most: number;
}

/** The number of rows on which all columns agree; packed bits allow several. */
function commonRows(counts: readonly RowCount[]): number | { name: string; objection: Objection } {
  const sure = counts.find(({ least, most }) => least === most);
  if (!sure) {
    const objection = "packed bits do not tell the number of rows; give rows of bits";
    return { name: counts[0]!.name!, objection };
  }
  const rows = sure.least;
  const other = counts.find(({ least, most }) => rows < least || rows > most);
  if (!other) return rows;
  const first = sure.name === undefined ? "the table" : `column ${JSON.stringify(sure.name)}`;
  return { name: other.name!, objection: `has ${other.least} rows, but ${first} has ${rows}` };
}

/** Between which numbers of rows the input can have. */
function rowCount(column: ColumnType, input: unknown): { least: number; most: number } | Objection {
  const array = arrayName(input);
  if (!Array.isArray(input) && array === undefined) {
    const got = typeof input === "string" ? "string" : show(input);
    return `expected ${formatType(column)}, got ${got}`;
  }
  const { length } = input as ArrayLike<unknown>;
  if (column.type !== "fixed_size_list" || isNested(input)) return { least: length, most: length };
  const size = sizeOf(column);
  if (array && column.item === "bool") {
    const least = length && Math.floor((8 * (length - 1)) / size) + 1;
    const most = Math.floor((8 * length) / size);
    if (least <= most) return { least, most };
    return `${length} bytes are not a whole number of rows of ${size} bits`;
  }
  if (length % size !== 0) return `${length} items are not a whole number of rows of ${size}`;
  return { least: length / size, most: length / size };
}

function isNested(input: unknown): input is readonly ArrayLike<unknown>[] {
  return Array.isArray(input) && (Array.isArray(input[0]) || ArrayBuffer.isView(input[0]));
}

function prepareColumn(column: ColumnType, input: unknown): Prepared | Objection {
  if (column.type === "list") return prepareList(column, input);
  if (arrayName(input)) return prepareArray(column, input as Uint8Array);
  if (column.type !== "fixed_size_list") return prepareScalars(column, input as unknown[]);
  const size = sizeOf(column);
  const item = itemOf(column);
  const rowOf = (i: number) => Math.floor(i / size);
  if (!isNested(input)) return prepared(itemsFrom(item, input as unknown[], rowOf));
  for (const [row, list] of input.entries()) {
    const got = listLength(list);
    if (got !== size) return inRow(row, `expected ${size} items, got ${got ?? typeof list}`);
  }
  return prepared(joined(item, input, rowOf));
}

function prepareArray(column: ColumnType, input: Uint8Array): Prepared | Objection {
  const item = itemOf(column);
  const wrong = arrayObjection(column, item, input);
  if (wrong !== undefined) return wrong;
  if (column.type !== "bool") return { items: input };
  if (largestOf(input) <= 1) return { items: packBits(input) };
  const odd = input.findIndex((value) => value > 1);
  return inRow(odd, objection(item, input[odd])!);
}

function largestOf(bytes: Uint8Array): number {
  let largest = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > largest) largest = bytes[i]!;
  return largest;
}

function prepareScalars(column: ColumnType, values: readonly unknown[]): Prepared | Objection {
  const item = itemOf(column);
  const rowOf = (i: number) => i;
  if (!values.includes(null)) return prepared(itemsFrom(item, values, rowOf));
  if (!isNullable(column)) return inRow(values.indexOf(null), "null in a column without nulls");
  const valid = new Uint8Array(values.length);
  for (let i = 0; i < valid.length; i++) if (values[i] !== null) valid[i] = 1;
  return prepared(itemsFrom(item, values, rowOf, true), { valid });
}

function prepareList(column: ListColumn, input: unknown): Prepared | Objection {
  const { item } = column;
  if (!Array.isArray(input)) return `expected a ${formatType(column)} per row`;
  const ends = new Float64Array(input.length);
  let end = 0;
  for (let row = 0; row < ends.length; row++) {
    const list: unknown = input[row];
    const length = listLength(list);
    if (length === undefined) {
      const got = list === null ? "null" : typeof list;
      return inRow(row, `expected a list of ${item}, got ${got}`);
    }
    if (!Array.isArray(list) && !isArrayOf(item, list)) return arrayObjection(column, item, list)!;
    end += length;
    ends[row] = end;
  }
  const rowOf = (i: number) => ends.findIndex((end) => end > i);
  return prepared(joined(item, input, rowOf), { ends });
}

function listLength(list: unknown): number | undefined {
  const known = Array.isArray(list) || ArrayBuffer.isView(list);
  return known ? (list as ArrayLike<unknown>).length : undefined;
}

/** The items of all rows, one after the other. */
function joined(
  item: ScalarName,
  rows: readonly ArrayLike<unknown>[],
  rowOf: (index: number) => number,
): Items | Objection {
  if (item !== "utf8" && item !== "bool" && rows.every((row) => isArrayOf(item, row))) {
    return concatNumbers(item, rows as readonly NumberArray[]);
  }
  const flat: unknown[] = [];
  for (const row of rows) for (let i = 0; i < row.length; i++) flat.push(row[i]);
  return itemsFrom(item, flat, rowOf);
}

function itemsFrom(
  item: ScalarName,
  values: readonly unknown[],
  rowOf: (index: number) => number,
  nulls = false,
): Items | Objection {
  const wrong = firstWrong(item, values, nulls);
  return wrong < 0 ? toItems(item, values) : inRow(rowOf(wrong), objection(item, values[wrong])!);
}

function prepared(items: Items | Objection, more: Omit<Prepared, "items"> = {}) {
  return isObjection(items) ? items : { items, ...more };
}

function arrayObjection(column: ColumnType, item: ScalarName, input: unknown) {
  const got = arrayName(input)!;
  if (got === arrayNameOf(item)) return undefined;
  return `expected ${formatType(column)}, got ${got}`;
}

const inRow = (row: number, problem: string): Objection => `row ${row}: ${problem}`;
