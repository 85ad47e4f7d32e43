/** Encodes a table as the bytes of a file. Loads the code of a format when it is first needed. */
import { closeSync, writeFileSync } from "node:fs";
import type { Table } from "../table/schema.ts";
import { rowsOf } from "./cells.ts";
import { batched, csvLines } from "./csv-writer.ts";

/** The formats that hold whole tables. */
export type TableFormat = "csv" | "arrow" | "parquet";

/** The pieces of a file: as one string or array, it may be larger than either can be. */
export type Pieces = Iterable<string | Uint8Array>;

export async function encodeTable(table: Table, format: TableFormat): Promise<Pieces> {
  if (format === "csv") return batched(csvLines(Object.keys(table.schema), rowsOf(table)));
  if (format === "parquet") return (await import("./parquet-writer.ts")).encodeParquet(table);
  return [(await import("../table/arrow-writer.ts")).toArrowFile([table])];
}

/** Writes the pieces to an open file, and closes it. */
export function writePieces(file: number, pieces: Pieces): void {
  try {
    for (const piece of pieces) writeFileSync(file, piece);
  } finally {
    closeSync(file);
  }
}
