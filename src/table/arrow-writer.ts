/**
 * The one place that makes Arrow bytes. The same rows give the same bytes, however they came: the chunk
 * boundaries depend on the schema alone, buffers are fresh (see column-builder.ts), a validity
 * bitmap is there only where there is a null, no dictionaries, no metadata but extension types.
 *
 * A chunk is a whole Arrow IPC file (format V5, uncompressed, buffers aligned to 8 bytes): magic,
 * schema, one record batch, footer. The schema also comes first, as the file format asks and
 * streaming readers need, though apache-arrow leaves it out there.
 */
import { AsyncByteQueue, Message, RecordBatchFileWriter, type Schema } from "apache-arrow";
import { arrowSchema, type Rows, recordBatch } from "./arrow-batch.ts";
import { prepareBatch } from "./batch.ts";
import { ColumnBuilder } from "./column-builder.ts";
import { checkColumns, rowsPerChunk, sameColumns } from "./columns.ts";
import { SchemaMismatch } from "./errors.ts";
import { Frames } from "./frames.ts";
import type { Batch, Columns, Table } from "./schema.ts";

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
  for await (const batch of fullBatches(schema, batches)) yield encodeChunk(schema, batch);
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
    writer.write(recordBatch(schema, batch));
    yield* pieces.take();
  }
  writer.finish();
  yield* pieces.take();
}

async function* fullBatches(
  schema: Columns,
  batches: AsyncIterable<Batch | Table> | Iterable<Batch | Table>,
): AsyncGenerator<Rows, void, undefined> {
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
  readonly #builders: ReadonlyMap<string, ColumnBuilder>;
  rows = 0;

  constructor(schema: Columns) {
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

  finish(): Rows {
    const columns = [...this.#builders.values()].map((builder) => builder.finish());
    return { rows: this.rows, columns };
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

  /** Where the buffers of the first batch are in the file. */
  get place(): { readonly from: number; readonly to: number } | undefined {
    const [block] = this._recordBatchBlocks;
    const from = block && Number(block.offset) + block.metaDataLength;
    return from === undefined ? undefined : { from, to: from + Number(block!.bodyLength) };
  }
}

const frames = new Frames();

/** Large chunks by apache-arrow, and of small ones that are alike the first. */
function encodeChunk(schema: Columns, batch: Rows): EncodedChunk {
  const small = frames.fill(schema, batch, () => {
    const { pieces, place } = encode(schema, [batch]);
    return { bytes: Buffer.concat(pieces), place: place! };
  });
  return small ? { pieces: [small], rows: batch.rows } : encode(schema, [batch]);
}

/** @returns also where the first batch's buffers are */
function encode(schema: Columns, batches: readonly Rows[]) {
  const pieces = new Pieces();
  const writer = new FileWriter();
  writer.reset(pieces, arrowSchema(schema));
  for (const batch of batches) writer.write(recordBatch(schema, batch));
  const { place } = writer;
  writer.finish();
  const rows = batches.reduce((total, batch) => total + batch.rows, 0);
  return { pieces: pieces.take(), rows, place };
}
