/** `blockspin export`: artifacts as files for other programs. */

import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, extname, join } from "node:path";
import { rowsOf } from "../../formats/cells.ts";
import { encodeNpy } from "../../formats/npy-writer.ts";
import { readTables, type Table, toArrowFile, UsageError } from "../../index.ts";
import { type CommonOptions, open } from "../open.ts";
import { csvLines } from "../print/table.ts";
import { findArtifacts } from "./artifacts.ts";

export type Format = "csv" | "npy" | "arrow" | "parquet";

export const endings: readonly string[] = ["csv", "npy", "arrow", "parquet"] satisfies Format[];

interface ExportFlags extends CommonOptions {
  readonly out?: string;
  readonly format?: Format;
  readonly column?: string;
  readonly run?: string;
  readonly license?: string;
}

/**
 * One file with the rows of all instances, the axes of their coordinates as its first columns; or,
 * where `--out` names a folder, a file for each. Without `--out`, CSV on standard output.
 */
export async function exportArtifacts(
  file: string,
  patterns: readonly string[],
  options: ExportFlags,
): Promise<number> {
  const [pattern] = patterns;
  if (pattern === undefined || patterns.length > 1) {
    throw new UsageError(
      pattern === undefined ? "say what to export" : "one pattern at a time",
      "write stage or stage[axis=value,…]; or --crate FOLDER, for a whole run",
    );
  }
  if (options.run !== undefined || options.license !== undefined) {
    throw new UsageError("--run and --license are for --crate", "leave them out");
  }
  const { out, column } = options;
  const folder = out !== undefined && isFolder(out);
  const format = options.format ?? (out === undefined || folder ? undefined : formatOf(out));
  if (out === undefined && (format ?? "csv") !== "csv") {
    throw new UsageError(`${format} is no text`, "say where to write it: --out FILE");
  }
  const { store, members } = await findArtifacts(
    await open(file, options, [pattern]),
    pattern,
    file,
  );
  if (!folder) {
    const axes = (coordinate: (typeof members)[number]["coordinate"]) =>
      members.length > 1 ? coordinate : {};
    const all = members.map(({ artifact, coordinate }) => {
      return { artifact, coordinate: axes(coordinate) };
    });
    const [table, another] = await readTables(store, all);
    if (another) {
      throw new UsageError(
        `the artifacts of ${pattern} have different columns`,
        "name one instance, or write to a folder: --out FOLDER/",
      );
    }
    const parts = await encode(table!, format ?? "csv", column);
    if (out === undefined) for (const part of parts) process.stdout.write(part);
    else writeFile(out, parts);
    return 0;
  }
  writing(out, () => void mkdirSync(out, { recursive: true }));
  for (const { id, port, artifact } of members) {
    const [table] = await readTables(store, [{ artifact, coordinate: {} }]);
    const path = join(out, `${id}.${port}.${format ?? "arrow"}`);
    writeFile(path, await encode(table!, format ?? "arrow", column));
    process.stdout.write(`${path}\n`);
  }
  return 0;
}

function isFolder(path: string): boolean {
  return path.endsWith("/") || (existsSync(path) && statSync(path).isDirectory());
}

function formatOf(path: string): Format {
  const ending = extname(path).slice(1).toLowerCase();
  if (endings.includes(ending)) return ending as Format;
  throw new UsageError(
    `cannot tell a format from ${JSON.stringify(path)}`,
    "end it in .csv, .npy, .arrow or .parquet, or say --format",
  );
}

export async function encode(
  table: Table,
  format: Format,
  column: string | undefined,
): Promise<Iterable<string | Uint8Array>> {
  if (column !== undefined && format !== "npy") {
    throw new UsageError("--column is for npy, which holds one column", "leave it out");
  }
  if (format === "csv") return batched(csvLines(Object.keys(table.schema), rowsOf(table)));
  if (format === "arrow") return [await toArrowFile(table)];
  if (format === "parquet")
    return (await import("../../formats/parquet-writer.ts")).encodeParquet(table);
  try {
    return [encodeNpy(table, arrayColumn(table, column))];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message, "name another with --column");
  }
}

/** The named column, else `spins`, `values`, or the only one. */
function arrayColumn({ schema }: Table, asked: string | undefined): string {
  const names = Object.keys(schema);
  const usual = names.find((name) => name === "spins" || name === "values");
  const name = asked ?? usual ?? (names.length === 1 ? names[0] : undefined);
  const known = `name one with --column: ${names.join(", ")}`;
  if (name === undefined) throw new UsageError("an NPY file holds one column", known);
  if (!names.includes(name)) throw new UsageError(`unknown column ${JSON.stringify(name)}`, known);
  return name;
}

/** Lines in pieces of some size, for fewer writes. */
function* batched(lines: Iterable<string>): Generator<string, void, undefined> {
  let piece = "";
  for (const line of lines) {
    piece += line;
    if (piece.length < 2 ** 16) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

/** Whole or not at all: what was there stays until the new file is complete. */
export function writeFile(path: string, parts: Iterable<string | Uint8Array>): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(unfinished, "wx");
    try {
      writeAll(file, parts);
      renameSync(unfinished, path);
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
  });
}

function writeAll(file: number, parts: Iterable<string | Uint8Array>): void {
  try {
    for (const part of parts) {
      const bytes = typeof part === "string" ? Buffer.from(part) : part;
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    }
  } finally {
    closeSync(file);
  }
}

/** What the file system refuses is the user's to mend. */
export function writing(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`cannot write ${JSON.stringify(path)}: ${message}`);
  }
}
