/**
 * Artifacts made from other artifacts: several joined in order, or one with rows added. Writes bytes
 * only where a chunk is new.
 */

import { arrowWriter } from "../table/arrow.ts";
import { plainColumns, rowsPerChunk, sameColumns } from "../table/columns.ts";
import type { Digest } from "../table/digest.ts";
import { SchemaMismatch } from "../table/errors.ts";
import type { Artifact, Batch, Chunk, Columns, Table } from "../table/schema.ts";
import { sliceTable } from "../table/slice.ts";
import { artifactDigest, digestOfPieces } from "./digest.ts";
import type { Store } from "./store.ts";
import { readArtifact, writeArtifact } from "./tables.ts";

/** The artifact of these chunks, whatever their sizes. */
export function artifactOf(schema: Columns, chunks: readonly Chunk[]): Artifact {
  const rows = chunks.reduce((total, chunk) => total + chunk.rows, 0);
  return { digest: artifactDigest(schema, chunks), schema: plainColumns(schema), chunks, rows };
}

/** The chunks of all artifacts, in order; at least one. Throws `SchemaMismatch`. */
export function concatArtifacts(schema: Columns, artifacts: readonly Artifact[]): Artifact {
  for (const artifact of artifacts) {
    if (sameColumns(artifact.schema, schema)) continue;
    throw new SchemaMismatch("", "the columns of a part are not those of the whole");
  }
  return artifactOf(
    schema,
    artifacts.flatMap(({ chunks }) => chunks),
  );
}

/**
 * Writes the rows of `before`, which the writer of this store made, and then the batches: the same
 * artifact as if all rows were written at once. Reads the last chunk of `before` alone, and that
 * only if there is room in it. Throws as `writeArtifact` and `readArtifact` do.
 */
export async function extendArtifact(
  store: Store,
  schema: Columns,
  before: Artifact | undefined,
  batches: AsyncIterable<Batch | Table> | Iterable<Batch | Table>,
): Promise<Artifact> {
  const kept = before ? fullChunks(schema, before) : 0;
  if (!before || kept === 0) return writeArtifact(store, schema, join(store, before, 0, batches));
  const rest = await writeArtifact(store, schema, join(store, before, kept, batches));
  const chunks = rest.rows > 0 ? rest.chunks : [];
  return artifactOf(schema, [...before.chunks.slice(0, kept), ...chunks]);
}

/** The chunks of an artifact that `extendArtifact` would read. */
export function openChunks(schema: Columns, artifact: Artifact): readonly Chunk[] {
  return artifact.chunks.slice(fullChunks(schema, artifact));
}

function fullChunks(schema: Columns, { chunks }: Artifact): number {
  const full = rowsPerChunk(schema);
  const open = chunks.findIndex((chunk) => chunk.rows !== full);
  return open < 0 ? chunks.length : open;
}

async function* join(
  store: Store,
  before: Artifact | undefined,
  from: number,
  batches: AsyncIterable<Batch | Table> | Iterable<Batch | Table>,
): AsyncGenerator<Batch | Table, void, undefined> {
  if (before && from < before.chunks.length) {
    yield* readArtifact(store, artifactOf(before.schema, before.chunks.slice(from)));
  }
  yield* batches;
}

/** Whether the first rows of an artifact's first chunk, written alone, are the chunk `digest`. */
export async function beginsWith(
  store: Store,
  artifact: Artifact,
  rows: number,
  digest: Digest,
): Promise<boolean> {
  const { encodeArtifact } = await arrowWriter();
  for await (const table of readArtifact(store, artifact)) {
    if (table.rows < rows) return false;
    const begin = sliceTable(table, 0, rows);
    for await (const { pieces } of encodeArtifact(artifact.schema, [begin])) {
      return digestOfPieces(pieces) === digest;
    }
  }
  return false;
}
