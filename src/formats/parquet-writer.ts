/**
 * Writes a table as a Parquet file, in row groups. Lists stay lists, and shapes are flattened; bits
 * become lists of bool. Knows nothing of the store.
 */
import { ByteWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import type { Table } from "../table/schema.ts";
import { cellsOf } from "./cells.ts";

type Column = Table["schema"][string];
type Item = Exclude<Column["type"], "list" | "fixed_size_list">;

const integer = (bits: 8 | 16 | 32, kind: "INT" | "UINT"): Partial<SchemaElement> => ({
  type: "INT32",
  converted_type: `${kind}_${bits}`,
});

const items: Record<Item, Partial<SchemaElement>> = {
  bool: { type: "BOOLEAN" },
  int8: integer(8, "INT"),
  uint8: integer(8, "UINT"),
  int16: integer(16, "INT"),
  uint16: integer(16, "UINT"),
  int32: { type: "INT32" },
  uint32: integer(32, "UINT"),
  int64: { type: "INT64" },
  float32: { type: "FLOAT" },
  float64: { type: "DOUBLE" },
  utf8: { type: "BYTE_ARRAY", converted_type: "UTF8" },
};

/** About how many items a row group has: it is in memory as a whole. */
const GROUP_ITEMS = 2 ** 20;

/** The bytes of the file, piece by piece. */
export function* encodeParquet(table: Table): Generator<Uint8Array, void, undefined> {
  const columns = Object.entries(table.schema);
  const schema: SchemaElement[] = [
    { name: "schema", num_children: columns.length },
    ...columns.flatMap(([name, column]) => elementsOf(name, column)),
  ];
  const bytes = new ByteWriter();
  const take = () => {
    const piece = bytes.getBytes().slice();
    bytes.index = 0;
    return piece;
  };
  const file = new ParquetWriter({ writer: bytes, schema, createdBy: "blockspin" });
  const cells = columns.map(([name, column]) => {
    return { name, cell: valueAt(table, name, column), ...encodingOf(column) };
  });
  const size = rowsPerGroup(table);
  for (let start = 0; start < table.rows; start += size) {
    const length = Math.min(size, table.rows - start);
    const columnData = cells.map(({ cell, ...column }) => {
      return { ...column, data: Array.from({ length }, (_, i) => cell(start + i)) };
    });
    file.write({ columnData, rowGroupSize: length });
    yield take();
  }
  file.finish();
  yield take();
}

/** A list is three nested elements. */
function elementsOf(name: string, column: Column): SchemaElement[] {
  if (column.type === "list" || column.type === "fixed_size_list") {
    return [
      { name, repetition_type: "REQUIRED", converted_type: "LIST", num_children: 1 },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", repetition_type: "REQUIRED", ...items[column.item as Item] },
    ];
  }
  return [
    { name, repetition_type: column.nullable ? "OPTIONAL" : "REQUIRED", ...items[column.type] },
  ];
}

/** Floats are written plainly: hyparquet-writer's dictionaries take -0 for 0. */
function encodingOf(column: Column): { encoding?: "PLAIN" } {
  const item = "item" in column ? column.item : column.type;
  return item.startsWith("float") ? { encoding: "PLAIN" } : {};
}

function valueAt(table: Table, name: string, column: Column): (row: number) => unknown {
  const cell = cellsOf(table, name);
  if (column.type !== "fixed_size_list" || column.item !== "bool") return cell;
  return (row) => (cell(row) as number[]).map(Boolean);
}

function rowsPerGroup({ rows, schema, columns }: Table): number {
  const widths = Object.entries(schema).map(([name, column]) => {
    if (column.type === "fixed_size_list") return Number(column.size);
    if (column.type !== "list") return 1;
    const lists = columns[name] as readonly ArrayLike<unknown>[];
    return lists.reduce((most, list) => Math.max(most, list.length), 1);
  });
  const width = widths.reduce((sum, items) => sum + items, 0);
  return Math.max(1, Math.min(rows, Math.floor(GROUP_ITEMS / width)));
}
