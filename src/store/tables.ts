/**
 * Tables in and out of the store. Arrow is loaded when it is first needed, so that planning and
 * listing can import this.
 */
import { arrowWriter } from "../table/arrow.ts";
import { itemOf, plainColumns, sizeOf } from "../table/columns.ts";
import { SchemaMismatch } from "../table/errors.ts";
import type { Artifact, Batch, Chunk, Columns, ColumnType, Table } from "../table/schema.ts";
import { formatType } from "../table/type-text.ts";
import { artifactDigest } from "./digest.ts";
import { loadDecoder, tableFrom } from "./objections.ts";
import type { Store } from "./store.ts";

export { concatTables } from "../table/concat.ts";

/**
 * Writes rows as the objects of one artifact, chunk by chunk. The same rows give the same artifact
 * however they are batched. Throws `SchemaMismatch` and `StoreError`.
 */
export async function writeArtifact(
  store: Store,
  schema: Columns,
  batches: AsyncIterable<Batch | Table> | Iterable<Batch | Table>,
): Promise<Artifact> {
  const { encodeArtifact } = await arrowWriter();
  const chunks: Chunk[] = [];
  for await (const { pieces, rows } of encodeArtifact(schema, batches)) {
    chunks.push({ ...store.putObject(pieces), rows });
  }
  const rows = chunks.reduce((total, chunk) => total + chunk.rows, 0);
  return { digest: artifactDigest(schema, chunks), schema: plainColumns(schema), chunks, rows };
}

/**
 * The tables of an artifact, one per chunk, each verified against its digest and against what the
 * artifact says of it. Fetches first what only a remote has. Throws `MissingObject`.
 */
export async function* readArtifact(
  store: Store,
  artifact: Artifact,
): AsyncGenerator<Table, void, undefined> {
  const read = await chunkReader(store, [artifact]);
  for (const chunk of artifact.chunks) yield read(artifact.schema, chunk);
}

/** Reads the chunks of these artifacts as `readArtifact` does, one by one and at once. */
export async function chunkReader(
  store: Store,
  artifacts: readonly Artifact[],
): Promise<(schema: Columns, chunk: Chunk) => Table> {
  await store.fetch(artifacts);
  const decode = await loadDecoder();
  return (schema, chunk) => {
    const table = tableFrom(decode, store.readObject(chunk.digest), schema, chunk);
    if (!table) throw store.misnamed(schema, chunk);
    return table;
  };
}

/** One uncompressed Arrow IPC file, for programs that are not ours; a record batch per table. */
export async function toArrowFile(...tables: readonly Table[]): Promise<Uint8Array> {
  return (await arrowWriter()).toArrowFile(tables);
}

export interface Foreign {
  /** The declared columns, ready for `writeArtifact`. */
  readonly batches: readonly Table[];
  /** The names of the other columns. */
  readonly more: readonly string[];
}

/**
 * An Arrow IPC file or stream that another program wrote. Throws `UnreadableArrow`, and
 * `SchemaMismatch` for a declared column that is not there.
 */
export async function readForeign(bytes: Uint8Array, columns: Columns): Promise<Foreign> {
  const tables = await readForeignTables(bytes);
  const more = Object.keys(tables[0]!.schema).filter((name) => !Object.hasOwn(columns, name));
  const batches = tables.map((table) => {
    const data = Object.entries(columns).map(([name, declared]) => {
      const found = Object.hasOwn(table.schema, name) ? table.schema[name] : undefined;
      if (!found) throw new SchemaMismatch(name, `is missing; there are ${names(table.schema)}`);
      checkForeign(name, declared, found);
      return [name, table.columns[name]!];
    });
    // Packed bits do not show how many rows there are, so the table says it.
    return { rows: table.rows, schema: columns, columns: Object.fromEntries(data) };
  });
  return { batches, more };
}

/** All columns of an Arrow IPC file or stream, a table per record batch. */
export async function readForeignTables(bytes: Uint8Array): Promise<Table[]> {
  return (await import("../table/arrow-foreign.ts")).readForeignTables(bytes);
}

/** Does not compare nullability, which is checked row by row, nor shapes, which are hints. */
function checkForeign(name: string, declared: ColumnType, found: ColumnType): void {
  const sameItem = itemOf(declared) === itemOf(found);
  const sameKind = declared.type === found.type && sizeOf(declared) === sizeOf(found);
  const rowsOfOneSize = declared.type === "fixed_size_list" && found.type === "list";
  if (sameItem && (sameKind || rowsOfOneSize)) return;
  throw new SchemaMismatch(name, `expected ${formatType(declared)}, got ${formatType(found)}`);
}

function names(schema: Columns): string {
  return Object.keys(schema)
    .map((name) => JSON.stringify(name))
    .join(", ");
}
