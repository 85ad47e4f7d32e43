/**
 * What speaks against records that are well formed. A digest proves that bytes are the ones that a
 * record names, and a signature who named them; neither that the bytes are a table, and which, nor
 * that the outputs are those of the action. Remembers what this process found out. Knows no file
 * and no remote.
 */

import { columnsText, sameColumns } from "../table/columns.ts";
import type { Digest } from "../table/digest.ts";
import type { Chunk, Columns, Table } from "../table/schema.ts";
import { artifactsOf, type StoreRecord } from "./record.ts";

/** What speaks against a record, for who knows what it should be; undefined if nothing does. */
export type Judge = (record: StoreRecord) => string | undefined;

export class Objections {
  /** What is said of a chunk and is not so: somebody else may say of the same bytes what they are. */
  readonly #misnamed = new Set<string>();
  readonly #digests = new Set<Digest>();
  /** Checks of the records against which something spoke. */
  readonly #refused = new Set<string>();

  /** Notes that an object's bytes are not what a record says of them. */
  misnamed(schema: Columns, chunk: Chunk): void {
    this.#misnamed.add(saying(columnsText(schema), chunk));
    this.#digests.add(chunk.digest);
  }

  /** Whether a record was found to say of this object what it is not. */
  knows(digest: Digest): boolean {
    return this.#digests.has(digest);
  }

  /** Whether the record repeats what was found not to be so. */
  isMisnaming(record: StoreRecord): boolean {
    if (this.#misnamed.size === 0) return false;
    const found = artifactsOf(record).some(({ schema, chunks }) => {
      const columns = columnsText(schema);
      return chunks.some((chunk) => this.#misnamed.has(saying(columns, chunk)));
    });
    if (found) this.#refused.add(record.check);
    return found;
  }

  to(record: StoreRecord, judge: Judge | undefined): string | undefined {
    const found = judge?.(record);
    if (found !== undefined) this.#refused.add(record.check);
    return found;
  }

  /** Whether something spoke against this very record: then another may take its place. */
  isRefused(record: StoreRecord): boolean {
    return this.#refused.has(record.check);
  }
}

function saying(columns: string, { digest, rows, bytes }: Chunk): string {
  return JSON.stringify([digest, rows, bytes, columns]);
}

/** The table in an object's bytes; undefined if it is not what a record says. Loads Arrow. */
export async function tableIn(
  bytes: Uint8Array,
  schema: Columns,
  chunk: Chunk,
): Promise<Table | undefined> {
  const { decodeChunk } = await import("../table/arrow-reader.ts");
  try {
    const table = decodeChunk(bytes);
    return table.rows === chunk.rows && sameColumns(table.schema, schema) ? table : undefined;
  } catch {
    return undefined; // Whatever a reader stumbles over.
  }
}
