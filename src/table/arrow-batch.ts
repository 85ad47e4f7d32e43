/** Rows in buffers as a record batch of apache-arrow. Knows nothing of files. */
import {
  Bool,
  type Data,
  type DataType,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Uint8,
  Uint16,
  Uint32,
  Utf8,
} from "apache-arrow";
import type { ColumnBuffers, Leaf } from "./column-builder.ts";
import { isNullable, itemOf, onceFor } from "./columns.ts";
import type { Columns, ColumnType, ScalarName } from "./schema.ts";

const types: Record<ScalarName, DataType> = {
  bool: new Bool(),
  int8: new Int8(),
  uint8: new Uint8(),
  int16: new Int16(),
  uint16: new Uint16(),
  int32: new Int32(),
  uint32: new Uint32(),
  int64: new Int64(),
  float32: new Float32(),
  float64: new Float64(),
  utf8: new Utf8(),
};

/** The rows of one record batch. */
export interface Rows {
  readonly rows: number;
  /** In the order of the schema. */
  readonly columns: readonly ColumnBuffers[];
}

export function recordBatch(columns: Columns, { rows, columns: buffers }: Rows): RecordBatch {
  const schema = arrowSchema(columns);
  const children = schema.fields.map((field, i) =>
    columnData(columns[field.name]!, field.type, rows, buffers[i]!),
  );
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length: rows, nullCount: 0, children }));
}

export const arrowSchema = onceFor(
  (schema) =>
    new Schema(
      Object.entries(schema).map(
        ([name, column]) =>
          new Field(name, arrowType(column), isNullable(column), extension(column)),
      ),
    ),
);

function arrowType(column: ColumnType): DataType {
  const type = types[itemOf(column)];
  const item = new Field("item", type, false);
  if (column.type === "list") return new List(item);
  if (column.type === "fixed_size_list") return new FixedSizeList(column.size as number, item);
  return type;
}

function extension(column: ColumnType): Map<string, string> | undefined {
  if (column.type !== "fixed_size_list" || !column.shape) return undefined;
  return new Map([
    ["ARROW:extension:name", "arrow.fixed_shape_tensor"],
    ["ARROW:extension:metadata", JSON.stringify({ shape: column.shape })],
  ]);
}

function columnData(
  column: ColumnType,
  type: DataType,
  rows: number,
  { leaf, offsets, validity, nulls }: ColumnBuffers,
): Data {
  if (type instanceof List) {
    const child = leafData(types[itemOf(column)], leaf, undefined, 0);
    return makeData({ type, length: rows, nullCount: 0, valueOffsets: offsets!, child });
  }
  if (type instanceof FixedSizeList) {
    const child = leafData(types[itemOf(column)], leaf, undefined, 0);
    return makeData({ type, length: rows, nullCount: 0, child });
  }
  return leafData(type, leaf, validity, nulls);
}

function leafData(
  type: DataType,
  { count, values, offsets }: Leaf,
  nullBitmap: Uint8Array | undefined,
  nullCount: number,
): Data {
  const props = { length: count, nullCount, nullBitmap, data: values };
  if (type instanceof Utf8) {
    return makeData({ ...props, type, data: values as Uint8Array, valueOffsets: offsets! });
  }
  return makeData({ ...props, type: type as Float64, data: values as Float64Array });
}
