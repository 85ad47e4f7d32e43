/** `blockspin export` without `--crate`: writes artifacts as files for other programs. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { encodeTable, type Pieces, type TableFormat } from "../../formats/encode.ts";
import { encodeNpy } from "../../formats/npy-writer.ts";
import { hasBits, withSigns } from "../../formats/signs.ts";
import {
  type Opened,
  readTables,
  type Store,
  type Table,
  UsageError,
  writing,
} from "../../index.ts";
import { safeNames } from "../../text/file-names.ts";
import { findArtifacts, type Member, nameOf } from "../artifacts.ts";
import { type CommonOptions, open } from "../open.ts";
import { out } from "../print/terminal.ts";
import { writeFile } from "../write-file.ts";

type Format = TableFormat | "npy";
/** What figures are written as. */
export type PictureFormat = "svg" | "png";

export const endings: readonly string[] = ["csv", "npy", "arrow", "parquet"] satisfies Format[];

export interface ExportFlags extends CommonOptions {
  readonly out?: string;
  readonly format?: Format | PictureFormat;
  readonly column?: string;
  readonly spins?: "bits" | "int8";
  readonly run?: string;
  readonly license?: string;
  readonly crate?: string;
  readonly figure?: string;
  readonly figures?: boolean;
  readonly theme?: "light" | "dark";
  readonly width?: number;
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
  if (patterns.length === 0) {
    throw new UsageError(
      "nothing to export is named",
      "name a stage or stage[axis=value,…]; or write a whole run with --crate FOLDER",
    );
  }
  if (options.run !== undefined || options.license !== undefined) {
    throw new UsageError("--run and --license need --crate", "leave them out");
  }
  const { out: path } = options;
  const folder = path !== undefined && isFolder(path);
  const asked = tableFormat(options.format);
  const format = asked ?? (path === undefined || folder ? undefined : formatOf(path));
  if (path === undefined && (format ?? "csv") !== "csv") {
    throw new UsageError(
      `${format} is not text and cannot be printed`,
      "write it to a file: --out FILE",
    );
  }
  const opened = await open(file, options, patterns);
  const { store, members } = await findArtifacts(opened, patterns, file);
  if (folder) await writeFolder(path, format ?? "arrow", opened, store, members, options);
  else await writeOne(path, format ?? "csv", store, members, options);
  return 0;
}

async function writeOne(
  path: string | undefined,
  format: Format,
  store: Store,
  members: readonly Member[],
  options: ExportFlags,
): Promise<void> {
  const sources = [...new Set(members.map(({ id, port }) => `${stageOf(id)}.${port}`))];
  if (sources.length > 1) {
    // No column would say which stage a row is from.
    throw new UsageError(
      `one file cannot hold the rows of ${sources.join(" and ")}`,
      "name one of them, or write to a folder: --out FOLDER/",
    );
  }
  const all = members.map(({ artifact, coordinate }) => {
    return { artifact, coordinate: members.length > 1 ? coordinate : {} };
  });
  const [table, another] = await readTables(store, all);
  if (another) {
    throw new UsageError(
      `the artifacts of ${sources[0]} have different columns`,
      "name one instance, or write to a folder: --out FOLDER/",
    );
  }
  const parts = await encode(table!, format, options);
  if (path === undefined) for (const part of parts) out.data(part as string);
  else writeFile(path, parts);
}

/** Replaces files of the same names. */
async function writeFolder(
  folder: string,
  format: Format,
  { graph }: Opened,
  store: Store,
  members: readonly Member[],
  options: ExportFlags,
): Promise<void> {
  // Names for all artifacts, so that another export to this folder gives the same ones.
  const all = graph.instances.flatMap(({ id, outputs }) => {
    return Object.keys(outputs).map((port) => nameOf({ id, port }));
  });
  const names = safeNames([...all, ...members.map(nameOf)], `.${format}`);
  writing(folder, () => void mkdirSync(folder, { recursive: true }));
  for (const member of members) {
    const [table] = await readTables(store, [{ artifact: member.artifact, coordinate: {} }]);
    const path = join(folder, names.get(nameOf(member))!);
    writeFile(path, await encode(table!, format, options));
    out.data(`${path}\n`);
  }
}

const stageOf = (id: string) => id.replace(/\[.*/s, "");

export function tableFormat(format: ExportFlags["format"]): Format | undefined {
  if (format !== "svg" && format !== "png") return format;
  throw new UsageError(
    `an artifact cannot be written as ${format}`,
    "name a figure: --figure NAME",
  );
}

export function isFolder(path: string): boolean {
  return path.endsWith("/") || (existsSync(path) && statSync(path).isDirectory());
}

function formatOf(path: string): Format {
  const ending = extname(path).slice(1).toLowerCase();
  if (endings.includes(ending)) return ending as Format;
  throw new UsageError(
    `the ending of ${JSON.stringify(path)} is not a known format`,
    "end it in .csv, .npy, .arrow or .parquet, or give --format",
  );
}

async function encode(
  given: Table,
  format: Format,
  { column, spins }: ExportFlags,
): Promise<Pieces> {
  if (spins === "int8" && !hasBits(given)) {
    throw new UsageError("no column holds spins", "leave out --spins int8");
  }
  const table = spins === "int8" ? withSigns(given) : given;
  if (format !== "npy") {
    if (column === undefined) return encodeTable(table, format);
    throw new UsageError("--column is only for npy, which holds one column", "leave it out");
  }
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
