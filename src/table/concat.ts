/** Several tables as one. Loads no Arrow. */

import { constants } from "node:buffer";
import { copyBits } from "../math/bits.ts";
import { isNullable, itemOf, sameColumns, sizeOf } from "./columns.ts";
import { SchemaMismatch } from "./errors.ts";
import { concatNumbers, type NumberArray, type NumberName } from "./items.ts";
import type { ColumnData, Columns, ColumnType, Table } from "./schema.ts";
import { formatType } from "./type-text.ts";

/**
 * The rows of all tables, under the columns of `schema` (a superset in nullability of theirs). A
 * single table is handed through.
 */
export function concatTables(schema: Columns, tables: readonly Table[]): Table {
  if (tables.length === 1 && sameColumns(tables[0]!.schema, schema)) return tables[0]!;
  const rows = tables.reduce((total, table) => total + table.rows, 0);
  const columns: Record<string, ColumnData> = {};
  for (const [name, column] of Object.entries(schema)) {
    columns[name] = concatColumn(name, column, tables, rows);
  }
  return { rows, schema, columns } as Table;
}

function concatColumn(
  name: string,
  column: ColumnType,
  tables: readonly Table[],
  rows: number,
): ColumnData {
  const parts = tables.map((table) => {
    const part = table.columns[name];
    if (part === undefined) throw new SchemaMismatch(name, "is missing in a table");
    return part;
  });
  if (column.type === "list" || column.type === "utf8" || isNullable(column)) {
    return joined(parts as readonly ArrayLike<string>[], rows);
  }
  const item = itemOf(column);
  const length =
    (rows * sizeOf(column)) / (column.type === "fixed_size_list" && item === "bool" ? 8 : 1);
  if (length > constants.MAX_LENGTH) {
    throw new SchemaMismatch(
      name,
      `${rows} rows of ${formatType(column)} are too many to read at once`,
    );
  }
  if (column.type !== "fixed_size_list" || item !== "bool") {
    return concatNumbers(item === "bool" ? "uint8" : (item as NumberName), parts as NumberArray[]);
  }
  const size = sizeOf(column);
  const bits = new Uint8Array(Math.ceil((rows * size) / 8));
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const count = tables[i]!.rows * size;
    copyBits(part as Uint8Array, 0, bits, at, count);
    at += count;
  }
  return bits;
}

function joined(parts: readonly ArrayLike<string>[], rows: number): string[] {
  const all = new Array<string>(rows);
  let at = 0;
  for (const part of parts) for (let i = 0; i < part.length; i++) all[at++] = part[i]!;
  return all;
}
