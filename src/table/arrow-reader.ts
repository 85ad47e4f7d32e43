/**
 * Reads the chunks that arrow-writer.ts made. Numbers and bits share the bytes of the file where
 * they are aligned; strings and nullable columns are made anew.
 */
import {
  type Data,
  DataType,
  type Field,
  type RecordBatch,
  RecordBatchReader,
  type Schema,
} from "apache-arrow";
import { UnreadableArrow } from "./errors.ts";
import { type NumberName, viewOf } from "./items.ts";
import type { ColumnData, Columns, ColumnType, FixedColumn, ScalarName, Table } from "./schema.ts";

/** The table in a chunk. Throws `UnreadableArrow`. */
export function decodeChunk(bytes: Uint8Array): Table {
  const batches = readBatches(bytes).batches;
  if (batches.length !== 1) throw new UnreadableArrow("expected an Arrow file with one batch");
  const schema = columnsOf(batches[0]!.schema);
  return tableOf(schema, batches[0]!);
}

/** All record batches of an Arrow IPC file or stream. */
export function readBatches(bytes: Uint8Array): { schema: Schema; batches: RecordBatch[] } {
  try {
    const reader = RecordBatchReader.from(bytes).open();
    if (!reader.schema) throw new Error("it has no schema");
    const { schema } = reader;
    return { schema, batches: [...reader] };
  } catch (error) {
    throw unreadable(error);
  }
}

/** Lengths and offsets that point nowhere end in all sorts of errors, most in words of no use. */
export function unreadable(error: unknown): UnreadableArrow {
  const lost = error instanceof TypeError || error instanceof RangeError;
  const reason = lost ? "it is cut off or damaged" : (error as Error).message;
  return new UnreadableArrow(`not a readable Arrow IPC file: ${reason}`);
}

export function tableOf(schema: Columns, batch: RecordBatch): Table {
  const columns: Record<string, ColumnData> = {};
  for (const [i, field] of batch.schema.fields.entries()) {
    columns[field.name] = readColumn(schema[field.name]!, batch.data.children[i]!);
  }
  return { rows: batch.numRows, schema, columns } as Table;
}

/** The columns of our own chunks: exactly the types that the writer makes. */
function columnsOf(schema: Schema): Columns {
  const columns: Record<string, ColumnType> = {};
  for (const field of schema.fields) columns[field.name] = columnOf(field);
  return columns;
}

function columnOf(field: Field): ColumnType {
  const { type } = field;
  if (DataType.isFixedSizeList(type)) {
    return fixedColumn(field, scalarName(type.children[0]!.type) as FixedColumn["item"]);
  }
  if (DataType.isList(type)) {
    return { type: "list", item: scalarName(type.children[0]!.type) as "utf8" };
  }
  const scalar = { type: scalarName(type)! };
  return field.nullable ? { ...scalar, nullable: true } : scalar;
}

/** A fixed list's column, with the shape of a tensor if the field tells one. */
export function fixedColumn(field: Field, item: FixedColumn["item"]): FixedColumn {
  const size = (field.type as DataType & { listSize: number }).listSize;
  const column = { type: "fixed_size_list", item, size } as const;
  if (field.metadata.get("ARROW:extension:name") !== "arrow.fixed_shape_tensor") return column;
  try {
    const tensor = JSON.parse(field.metadata.get("ARROW:extension:metadata") ?? "null");
    const shape: unknown = tensor?.permutation ? undefined : tensor?.shape;
    const fits = Array.isArray(shape) && shape.reduce((a, b) => a * b, 1) === size;
    return fits ? { ...column, shape } : column;
  } catch {
    return column;
  }
}

/** Our name for an Arrow type; `undefined` for one that no table can have. */
export function scalarName(type: DataType): ScalarName | undefined {
  if (DataType.isBool(type)) return "bool";
  if (DataType.isUtf8(type)) return "utf8";
  if (DataType.isFloat(type)) return [undefined, "float32", "float64"][type.precision] as "float32";
  if (!DataType.isInt(type)) return undefined;
  const name = `${type.isSigned ? "" : "u"}int${type.bitWidth}`;
  return name === "uint64" ? undefined : (name as ScalarName);
}

export function readColumn(column: ColumnType, data: Data): ColumnData {
  if (column.type === "fixed_size_list") {
    const child = data.children[0]!;
    if (column.item !== "bool") return readNumbers(column.item, child);
    return child.values.subarray(0, Math.ceil(child.length / 8)) as Uint8Array;
  }
  if (column.type === "list") return readLists(column.item, data);
  const values = readScalars(column.type, data);
  if (!column.nullable) return values as ColumnData;
  return Array.from(values as ArrayLike<string>, (v, i) => (data.getValid(i) ? v : null));
}

function readScalars(type: ScalarName, data: Data): readonly string[] | ColumnData {
  if (type === "utf8") return readStrings(data);
  if (type !== "bool") return readNumbers(type, data);
  const bits = data.values as Uint8Array;
  return Uint8Array.from({ length: data.length }, (_, i) => (bits[i >> 3]! >> (i & 7)) & 1);
}

function readNumbers(item: NumberName, { values, length }: Data): ColumnData {
  const { buffer, byteOffset, byteLength } = values as Uint8Array;
  return viewOf(item, new Uint8Array(buffer, byteOffset, byteLength), length);
}

function readStrings({ values, valueOffsets, length }: Data): string[] {
  const { buffer, byteOffset, byteLength } = values as Uint8Array;
  const text = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
  const strings: string[] = new Array(length);
  for (let i = 0; i < length; i++) {
    strings[i] = text.toString("utf8", Number(valueOffsets[i]), Number(valueOffsets[i + 1]));
  }
  return strings;
}

function readLists(item: Exclude<ScalarName, "bool">, data: Data): ColumnData {
  const child = data.children[0]!;
  const items = item === "utf8" ? readStrings(child) : readNumbers(item, child);
  const cut = (from: number, to: number) =>
    Array.isArray(items) ? items.slice(from, to) : (items as Float64Array).subarray(from, to);
  const offsets = data.valueOffsets;
  const lists = new Array<unknown>(data.length);
  for (let i = 0; i < data.length; i++) {
    lists[i] = cut(Number(offsets[i]), Number(offsets[i + 1]));
  }
  return lists as ColumnData;
}
