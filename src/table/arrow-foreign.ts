/**
 * Reads Arrow IPC data that other programs wrote: files or streams, compressed or not, with
 * dictionaries, large strings, and columns that may hold nulls but do not. Knows no port.
 */
import { DataType, type Field, type RecordBatch, type Vector } from "apache-arrow";
import { fixedColumn, readBatches, readColumn, scalarName, unreadable } from "./arrow-reader.ts";
import { registerCodecs } from "./codecs.ts";
import { isNullable } from "./columns.ts";
import { concatTables } from "./concat.ts";
import { UnreadableArrow } from "./errors.ts";
import { toItems } from "./items.ts";
import type { ColumnData, Columns, ColumnType, ScalarName, Table } from "./schema.ts";

/**
 * One table per record batch; at least one. A column is nullable if the data holds a null in it,
 * whatever the file's schema allows. Throws `UnreadableArrow`, with the column and its type, for
 * what a table cannot hold.
 */
export async function readForeignTables(bytes: Uint8Array): Promise<Table[]> {
  registerCodecs();
  try {
    return readTables(bytes);
  } catch (error) {
    throw error instanceof UnreadableArrow ? error : unreadable(error);
  }
}

function readTables(bytes: Uint8Array): Table[] {
  const { schema: arrow, batches: all } = readBatches(bytes);
  // apache-arrow stands in for missing batches with one that has no buffers.
  const batches = all.filter((batch) => batch.numRows > 0);
  const schema: Record<string, ColumnType> = {};
  for (const [i, field] of arrow.fields.entries()) {
    if (field.name === "__proto__" || Object.hasOwn(schema, field.name)) {
      throw new UnreadableArrow(`unusable or repeated column name ${JSON.stringify(field.name)}`);
    }
    schema[field.name] = columnOf(
      field,
      batches.some((batch) => hasNull(batch.getChildAt(i)!)),
    );
  }
  if (batches.length === 0) return [concatTables(schema, [])];
  return batches.map((batch) => readTable(schema, batch));
}

function hasNull(vector: Vector): boolean {
  // A dictionary can hold a null that its indices point at.
  return vector.nullCount > 0 || (DataType.isDictionary(vector.type) && [...vector].includes(null));
}

function columnOf(field: Field, nulls: boolean): ColumnType {
  const { type } = field;
  const isFixed = DataType.isFixedSizeList(type);
  if (isFixed || isList(type)) {
    const item = DataType.isLargeUtf8(type.children[0]!.type)
      ? "utf8"
      : scalarName(type.children[0]!.type);
    if (nulls) throw new UnreadableArrow(`column ${JSON.stringify(field.name)} has a null list`);
    if (isFixed && item && item !== "utf8" && item !== "int64") return fixedColumn(field, item);
    if (!isFixed && item && item !== "bool" && item !== "int64") return { type: "list", item };
  } else {
    const scalar = scalarOf(type);
    if (scalar) return nulls ? { type: scalar, nullable: true } : { type: scalar };
  }
  throw new UnreadableArrow(
    `column ${JSON.stringify(field.name)} has type ${type}; expected bool, int8 to int64, ` +
      "uint8 to uint32, float32, float64, utf8, or a list of one of these",
  );
}

function isList(type: DataType): boolean {
  return DataType.isList(type) || DataType.isLargeList(type);
}

/** A dictionary counts as its values, strings of every layout as strings. */
function scalarOf(type: DataType): ScalarName | undefined {
  if (DataType.isDictionary(type)) return scalarOf(type.dictionary);
  if (DataType.isLargeUtf8(type) || DataType.isUtf8View(type)) return "utf8";
  return scalarName(type);
}

function readTable(schema: Columns, batch: RecordBatch): Table {
  const columns: Record<string, ColumnData> = {};
  for (const [i, { name }] of batch.schema.fields.entries()) {
    const data = batch.data.children[i]!;
    if (data.children.some((child) => child.nullCount > 0)) {
      throw new UnreadableArrow(`column ${JSON.stringify(name)} has a null in a list`);
    }
    const oneByOne = DataType.isDictionary(data.type) || DataType.isUtf8View(data.type);
    columns[name] = oneByOne
      ? readValues(schema[name]!, batch.getChildAt(i)!)
      : readColumn(schema[name]!, data);
  }
  return { rows: batch.numRows, schema, columns } as Table;
}

/** Value by value, for layouts that our own chunks do not have. */
function readValues(column: ColumnType, vector: Vector): ColumnData {
  const values: unknown[] = [...vector];
  if (column.type === "bool") {
    const bits = values.map((value) => (value === null ? null : Number(value)));
    return isNullable(column) ? bits : Uint8Array.from(bits as number[]);
  }
  return (isNullable(column) ? values : toItems(column.type as ScalarName, values)) as ColumnData;
}
