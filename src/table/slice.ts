/** Some rows of a table. Loads no Arrow. */
import { copyBits } from "../math/bits.ts";
import { isNullable, itemOf, sizeOf } from "./columns.ts";
import type { ColumnData, ColumnType, Table } from "./schema.ts";

/** Rows `from` to `to` (exclusive); shares memory where the layout allows it. */
export function sliceTable(table: Table, from: number, to: number): Table {
  const columns = Object.entries(table.schema).map(([name, column]) => [
    name,
    sliceColumn(column, table.columns[name] as ColumnData, from, to),
  ]);
  return { rows: to - from, schema: table.schema, columns: Object.fromEntries(columns) };
}

function sliceColumn(column: ColumnType, data: ColumnData, from: number, to: number): ColumnData {
  const size = sizeOf(column);
  if (column.type === "fixed_size_list" && itemOf(column) === "bool") {
    const bits = new Uint8Array(Math.ceil(((to - from) * size) / 8));
    copyBits(data as Uint8Array, from * size, bits, 0, (to - from) * size);
    return bits;
  }
  const plain = column.type === "utf8" || column.type === "list" || isNullable(column);
  return plain
    ? (data as readonly string[]).slice(from, to)
    : (data as Float64Array).subarray(from * size, to * size);
}
