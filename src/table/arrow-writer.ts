/**
 * The one place that makes Arrow bytes. The same rows give the same bytes, however they came: the chunk
 * boundaries depend on the schema alone, buffers are fresh (see column-builder.ts), a validity
 * bitmap is there only where there is a null, no dictionaries, no metadata but extension types.
 *
 * A chunk is a whole Arrow IPC file (format V5, uncompressed, buffers aligned to 8 bytes): magic,
 * schema, one record batch, footer. The schema also comes first, as the file format asks and
 * streaming readers need, though apache-arrow leaves it out there.
 */
import {
  AsyncByteQueue,
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
  Message,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Uint8,
  Uint16,
  Uint32,
  Utf8,
} from "apache-arrow";
import { prepareBatch } from "./batch.ts";
import { type ColumnBuffers, ColumnBuilder, type Leaf } from "./column-builder.ts";
import { checkColumns, isNullable, itemOf, rowsPerChunk, sameColumns } from "./columns.ts";
import { SchemaMismatch } from "./errors.ts";
import type { Batch, Columns, ColumnType, ScalarName, Table } from "./schema.ts";

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

export interface EncodedChunk {
  /** Its bytes in order, valid until the next chunk is asked for: large ones may be the rows' own. */
  readonly pieces: readonly Uint8Array[];
  readonly rows: number;
}

/**
 * Batches in, chunks out; holds one chunk and one batch at a time. No rows at all make one chunk
 * without rows, so that every artifact can be opened and shows its columns. Throws
 * `SchemaMismatch`.
 */
export async function* encodeArtifact(
  schema: Columns,
  batches: AsyncIterable<Batch | Table> | Iterable<Batch | Table>,
): AsyncGenerator<EncodedChunk, void, undefined> {
  for await (const batch of fullBatches(schema, batches)) yield encode(schema, [batch]);
}

/**
 * The same rows as one Arrow IPC file, piece by piece: what would be a chunk is a record batch of
 * it. Throws `SchemaMismatch`.
 */
export async function* encodeFile(
  schema: Columns,
  batches: AsyncIterable<Batch | Table> | Iterable<Batch | Table>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = new Pieces();
  const writer = new FileWriter();
  writer.reset(pieces, arrowSchema(schema));
  for await (const batch of fullBatches(schema, batches)) {
    writer.write(batch);
    yield* pieces.take();
  }
  writer.finish();
  yield* pieces.take();
}

async function* fullBatches(
  schema: Columns,
  batches: AsyncIterable<Batch | Table> | Iterable<Batch | Table>,
): AsyncGenerator<RecordBatch, void, undefined> {
  checkColumns(schema);
  const full = rowsPerChunk(schema);
  let chunk = new BatchBuilder(schema);
  let chunks = 0;
  for await (const batch of batches) {
    const { rows, columns } = isTable(batch)
      ? prepareBatch(schema, batch.columns, batch.rows)
      : prepareBatch(schema, batch);
    for (let from = 0; from < rows; ) {
      const to = Math.min(rows, from + full - chunk.rows);
      chunk.append(columns, from, to, to - from === full);
      from = to;
      if (chunk.rows < full) continue;
      yield chunk.finish();
      chunks++;
      chunk = new BatchBuilder(schema);
    }
  }
  if (chunk.rows > 0 || chunks === 0) yield chunk.finish();
}

/** A table knows its number of rows, which packed bits alone do not show. */
function isTable(batch: Batch | Table): batch is Table {
  return typeof batch["rows"] === "number";
}

/**
 * One uncompressed Arrow IPC file with a record batch per table; their columns must be the same.
 * Throws `SchemaMismatch`.
 */
export function toArrowFile(tables: readonly Table[]): Uint8Array {
  const schema = tables[0]?.schema;
  if (!schema) throw new SchemaMismatch("", "a file needs at least one table");
  checkColumns(schema);
  const batches = tables.map((table) => {
    if (!sameColumns(table.schema, schema)) {
      throw new SchemaMismatch("", "the tables of one file need the same columns");
    }
    const builder = new BatchBuilder(schema);
    builder.append(prepareBatch(schema, table.columns, table.rows).columns, 0, table.rows);
    return builder.finish();
  });
  return bytesOf(encode(schema, batches));
}

/** All bytes of a chunk in one array. */
export function bytesOf({ pieces }: EncodedChunk): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** The rows of one record batch. */
class BatchBuilder {
  readonly #schema: Columns;
  readonly #builders: ReadonlyMap<string, ColumnBuilder>;
  rows = 0;

  constructor(schema: Columns) {
    this.#schema = schema;
    this.#builders = new Map(
      Object.entries(schema).map(([name, column]) => [name, new ColumnBuilder(name, column)]),
    );
  }

  /** With `all`, these are all rows, and their memory stays as it is until they are written. */
  append(
    columns: ReturnType<typeof prepareBatch>["columns"],
    from: number,
    to: number,
    all = false,
  ): void {
    for (const [name, builder] of this.#builders) builder.append(columns.get(name)!, from, to, all);
    this.rows += to - from;
  }

  finish(): RecordBatch {
    const schema = arrowSchema(this.#schema);
    const children = schema.fields.map((field) => {
      const buffers = this.#builders.get(field.name)!.finish();
      return columnData(this.#schema[field.name]!, field.type, this.rows, buffers);
    });
    const type = new Struct(schema.fields);
    const data = makeData({ type, length: this.rows, nullCount: 0, children });
    return new RecordBatch(schema, data);
  }
}

/** The pieces that a writer wrote and nobody took yet. */
class Pieces extends AsyncByteQueue {
  #pieces: Uint8Array[] = [];

  override write(piece: ArrayBufferView): void {
    this.#pieces.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
  }

  /** Small ones that follow each other come as one, since each costs a call or two. */
  take(): Uint8Array[] {
    const taken: Uint8Array[] = [];
    let small: Uint8Array[] = [];
    const join = () => {
      if (small.length > 0) taken.push(small.length === 1 ? small[0]! : Buffer.concat(small));
      small = [];
    };
    for (const piece of this.#pieces) {
      if (piece.length < smallBytes) small.push(piece);
      else {
        join();
        taken.push(piece);
      }
    }
    join();
    this.#pieces = [];
    return taken;
  }
}

const smallBytes = 2 ** 16;

/** Writes files that begin with their schema, as the format demands. */
class FileWriter extends RecordBatchFileWriter {
  protected override _writeSchema(schema: Schema): this {
    return this._writeMagic()._writePadding(2)._writeMessage(Message.from(schema));
  }
}

function encode(schema: Columns, batches: readonly RecordBatch[]): EncodedChunk {
  const pieces = new Pieces();
  const writer = new FileWriter();
  writer.reset(pieces, arrowSchema(schema));
  for (const batch of batches) writer.write(batch);
  writer.finish();
  const rows = batches.reduce((total, batch) => total + batch.numRows, 0);
  return { pieces: pieces.take(), rows };
}

const arrowSchemas = new WeakMap<Columns, Schema>();

function arrowSchema(schema: Columns): Schema {
  const known = arrowSchemas.get(schema);
  if (known) return known;
  const made = new Schema(
    Object.entries(schema).map(
      ([name, column]) => new Field(name, arrowType(column), isNullable(column), extension(column)),
    ),
  );
  arrowSchemas.set(schema, made);
  return made;
}

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
