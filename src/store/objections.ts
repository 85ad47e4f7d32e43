/**
 * What speaks against well-formed records. A digest proves that bytes are those that a record names,
 * and a signature proves who named them. Neither proves that the bytes are the right table, nor that
 * the outputs are those of the action. Remembers what this process found out. Knows no file and no
 * remote.
 */

import { arrowReader } from "../table/arrow.ts";
import { columnsText, sameColumns } from "../table/columns.ts";
import type { Digest } from "../table/digest.ts";
import type { Chunk, Columns, Table } from "../table/schema.ts";
import { artifactsOf, type StoreRecord } from "./record.ts";

/** Says what is wrong with an action's record; undefined if nothing is. */
export type Judge = (record: Pick<StoreRecord, "outputs" | "checkpoint">) => string | undefined;

export class Objections {
  /** False statements about chunks; another record may describe the same bytes rightly. */
  readonly #misnamed = new Set<string>();
  readonly #digests = new Set<Digest>();
  /** Checks of the records that were refused. */
  readonly #refused = new Set<string>();

  /** Notes that an object's bytes are not what a record says of them. */
  misnamed(schema: Columns, chunk: Chunk): void {
    this.#misnamed.add(saying(columnsText(schema), chunk));
    this.#digests.add(chunk.digest);
  }

  /** Whether anything was found. */
  get any(): boolean {
    return this.#misnamed.size + this.#refused.size > 0;
  }

  /** Whether some record was found to describe this object wrongly. */
  knows(digest: Digest): boolean {
    return this.#digests.has(digest);
  }

  /** Whether the record repeats a statement that was found false. */
  isMisnaming(record: StoreRecord): boolean {
    if (this.#misnamed.size === 0) return false;
    const found = artifactsOf(record).some(({ schema, chunks }) => {
      const columns = columnsText(schema);
      return chunks.some((chunk) => this.#misnamed.has(saying(columns, chunk)));
    });
    if (found) this.#refused.add(record.check);
    return found;
  }

  /** What a judge says against a record; remembers that it was refused. */
  to(record: StoreRecord, judge: Judge | undefined): string | undefined {
    const found = judge?.(record);
    if (found !== undefined) this.#refused.add(record.check);
    return found;
  }

  /** Whether this record was refused: then another may take its place. */
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
  return tableFrom(await loadDecoder(), bytes, schema, chunk);
}

/** The same, by a decoder that was loaded. */
export function tableFrom(
  decode: Decoder,
  bytes: Uint8Array,
  schema: Columns,
  chunk: Chunk,
): Table | undefined {
  try {
    const table = decode(bytes);
    return table.rows === chunk.rows && sameColumns(table.schema, schema) ? table : undefined;
  } catch {
    return undefined; // The bytes are damaged, in whatever way.
  }
}

export type Decoder = (bytes: Uint8Array) => Table;

export async function loadDecoder(): Promise<Decoder> {
  return (await arrowReader()).decodeChunk;
}
