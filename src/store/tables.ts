/**
 * Tables in and out of the store. Arrow is loaded when it is first needed, so that planning and
 * listing can import this.
 */
import {
  artifactDigest,
  itemOf,
  plainColumns,
  sameColumns,
  sizeOf,
  typeName,
} from "../table/columns.ts";
import type { Artifact, Batch, Chunk, Columns, ColumnType, Table } from "../table/schema.ts";
import { SchemaMismatch, UnreadableArrow } from "./errors.ts";
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
  const { encodeArtifact } = await import("../table/arrow-writer.ts");
  const chunks: Chunk[] = [];
  for await (const { bytes, rows } of encodeArtifact(schema, batches)) {
    chunks.push({ ...store.putObject(bytes), rows });
  }
  const rows = chunks.reduce((total, chunk) => total + chunk.rows, 0);
  return { digest: artifactDigest(schema, chunks), schema: plainColumns(schema), chunks, rows };
}

/**
 * The tables of an artifact, one per chunk, each verified against its digest. What only a remote
 * has is brought here first. Throws `MissingObject`.
 */
export async function* readArtifact(
  store: Store,
  artifact: Artifact,
): AsyncGenerator<Table, void, undefined> {
  const { decodeChunk } = await import("../table/arrow-reader.ts");
  await store.fetch(artifact.chunks);
  for (const chunk of artifact.chunks) {
    const table = decodeChunk(store.readObject(chunk.digest));
    if (!sameColumns(table.schema, artifact.schema) || table.rows !== chunk.rows) {
      throw new UnreadableArrow(
        `object ${chunk.digest} is not what artifact ${artifact.digest} says`,
      );
    }
    yield table;
  }
}

/** One uncompressed Arrow IPC file, for programs that are not ours; a record batch per table. */
export async function toArrowFile(...tables: readonly Table[]): Promise<Uint8Array> {
  return (await import("../table/arrow-writer.ts")).toArrowFile(tables);
}

export interface Foreign {
  /** The declared columns, ready for `writeArtifact`. */
  readonly batches: readonly Batch[];
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
  const batches = tables.map((table) =>
    Object.fromEntries(
      Object.entries(columns).map(([name, declared]) => {
        const found = Object.hasOwn(table.schema, name) && table.schema[name];
        if (!found) throw new SchemaMismatch(name, `is missing; there are ${names(table.schema)}`);
        checkForeign(name, declared, found);
        return [name, table.columns[name]!];
      }),
    ),
  );
  return { batches, more };
}

/** All columns of an Arrow IPC file or stream, a table per record batch. */
export async function readForeignTables(bytes: Uint8Array): Promise<Table[]> {
  return (await import("../table/arrow-foreign.ts")).readForeignTables(bytes);
}

/** Nullability is checked row by row, and a shape is only a hint. */
function checkForeign(name: string, declared: ColumnType, found: ColumnType): void {
  const sameItem = itemOf(declared) === itemOf(found);
  const sameKind = declared.type === found.type && sizeOf(declared) === sizeOf(found);
  const rowsOfOneSize = declared.type === "fixed_size_list" && found.type === "list";
  if (sameItem && (sameKind || rowsOfOneSize)) return;
  throw new SchemaMismatch(name, `expected ${typeName(declared)}, got ${typeName(found)}`);
}

function names(schema: Columns): string {
  return Object.keys(schema)
    .map((name) => JSON.stringify(name))
    .join(", ");
}
