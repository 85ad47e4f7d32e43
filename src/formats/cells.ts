/** Reads a table as cells, row by row. Knows no file format. */

import { bitAt } from "../math/bits.ts";
import type { Table } from "../table/schema.ts";

export type Cell = string | number | bigint | boolean | null;

/** Rows of cells; lists are JSON. */
export function* rowsOf(table: Table, limit = table.rows): Generator<Cell[]> {
  const columns = Object.keys(table.schema).map((name) => cellsOf(table, name));
  for (let row = 0; row < Math.min(limit, table.rows); row++) {
    yield columns.map((cell) => {
      const value = cell(row);
      return typeof value === "object" && value !== null ? JSON.stringify(value) : (value as Cell);
    });
  }
}

/** A column as a function of the row; lists become arrays. */
export function cellsOf(table: Table, name: string): (row: number) => unknown {
  const type = table.schema[name]!;
  const data = table.columns[name] as ArrayLike<unknown>;
  if (type.type === "fixed_size_list") {
    const size = type.size as number;
    if (type.item === "bool") {
      const bits = data as Uint8Array;
      return (row) => Array.from({ length: size }, (_, i) => bitAt(bits, row * size + i));
    }
    return (row) => Array.from({ length: size }, (_, i) => data[row * size + i]);
  }
  if (type.type === "list") return (row) => Array.from(data[row] as ArrayLike<unknown>);
  if (type.type === "bool") return (row) => (data[row] === null ? null : Boolean(data[row]));
  return (row) => data[row];
}
