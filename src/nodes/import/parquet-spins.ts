/**
 * Reads Parquet files as configurations: spins in lists, in lists of lists, in words, or in one column
 * per site. Knows nothing of encodings. Errors are RangeErrors that say what the file does or has.
 */
import { openParquet, type ParquetColumn, type ParquetFile } from "../../formats/parquet.ts";
import { chooseColumns, wrongColumns } from "./columns.ts";
import type { Configurations, ReadOptions } from "./configurations.ts";
import { SpinCollector, symbols } from "./spin-values.ts";

type Options = Pick<ReadOptions, "size" | "columns">;

export async function fromParquet(bytes: Uint8Array, options: Options): Promise<Configurations> {
  const { size } = options;
  const file = await openParquet(bytes);
  const { rows } = file;
  const names = file.columns.map(({ name }) => name);
  const chosen = chooseColumns(names, names.length, options.columns);
  const single = chosen.whole === undefined ? undefined : file.columns[chosen.whole]!;
  const sites = size * size;
  if (!single && chosen.sites.length !== sites) {
    throw wrongColumns(chosen, names, options.columns, size, "flat");
  }
  const columns = Object.fromEntries(
    Array.from(chosen.roles, ([role, k]) => [role, readCells(file, file.columns[k]!)]),
  );
  const spins = new SpinCollector(rows, sites);
  if (!single)
    readSites(
      file,
      chosen.sites.map((k) => file.columns[k]!),
      spins,
    );
  else if (single.leaf?.depth) readLists(file, single, single.leaf.depth, size, spins);
  else readWords(file, single, size, spins);
  return { rows, leading: [rows], columns, spins: spins.all() };
}

/** The values of a column without lists; null for a missing value. */
function* scalars(file: ParquetFile, column: ParquetColumn): Generator<unknown> {
  const { name, leaf } = column;
  if (leaf?.depth !== 0) {
    const what = leaf ? "lists" : "structs or maps";
    throw new RangeError(`has ${what} in column ${JSON.stringify(name)}: expected a value a row`);
  }
  for (const { count, definition, value } of file.pages(column)) {
    let at = 0;
    for (let i = 0; i < count; i++) {
      yield definition && definition[i] !== leaf.full ? null : value(at++);
    }
  }
}

/** Cells as text, as in CSV; no digit of a number is lost. */
function readCells(file: ParquetFile, column: ParquetColumn): string[] {
  return Array.from(scalars(file, column), (value, row) => {
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
      return String(value);
    }
    const what = value === null ? "null" : "neither a number nor text";
    throw new RangeError(`has ${what} in column ${JSON.stringify(column.name)}, row ${row}`);
  });
}

function readSites(
  file: ParquetFile,
  columns: readonly ParquetColumn[],
  spins: SpinCollector,
): void {
  for (const [site, column] of columns.entries()) {
    let i = site;
    for (const value of scalars(file, column)) {
      spins.take(i, spinOf(value));
      i += columns.length;
    }
  }
}

function readWords(
  file: ParquetFile,
  column: ParquetColumn,
  size: number,
  spins: SpinCollector,
): void {
  const sites = size * size;
  let row = 0;
  for (const value of scalars(file, column)) {
    if (typeof value !== "string") {
      const what = value === null ? "null" : "no list and no text";
      throw new RangeError(`has ${what} in column ${JSON.stringify(column.name)}, row ${row}`);
    }
    const list = symbols(value, size);
    if (list.length !== sites) throw new RangeError(wrongLength(list.length, row, sites));
    for (const [site, spin] of list.entries()) spins.take(row * sites + site, spin);
    row++;
  }
}

/** Lists of L^2 spins, or of L lists of L. */
function readLists(
  file: ParquetFile,
  column: ParquetColumn,
  depth: number,
  size: number,
  spins: SpinCollector,
): void {
  const { item, full } = column.leaf!;
  const sites = size * size;
  if (depth > 2)
    throw new RangeError(`has lists in lists in lists: expected ${size} x ${size} spins`);
  let row = -1;
  let site = 0;
  let isHollow = false;
  const unlikeLattice = () => {
    throw new RangeError(`has other than ${size} lists of ${size} spins in row ${row}`);
  };
  const endRow = () => {
    if (row >= 0 && site !== sites) throw new RangeError(wrongLength(site, row, sites));
    if (isHollow) unlikeLattice();
  };
  for (const { count, repetition, definition, value } of file.pages(column)) {
    let at = 0;
    for (let i = 0; i < count; i++) {
      const level = repetition![i]!;
      const there = definition![i]!;
      if (level === 0) {
        endRow();
        row++;
        site = 0;
        isHollow = false;
      }
      if (there < item) {
        // An empty or missing list.
        isHollow = true;
        continue;
      }
      if (depth === 2 && level < 2 !== (site % size === 0)) unlikeLattice();
      const spin = there < full ? null : spinOf(value(at++));
      if (site < sites) spins.take(row * sites + site, spin);
      site++;
    }
  }
  endRow();
  if (row + 1 !== file.rows) throw new RangeError("is a damaged Parquet file");
}

function wrongLength(got: number, row: number, sites: number): string {
  return `has ${got} spins in row ${row}: expected ${sites}`;
}

/** Text is not a spin here; it is kept for the error message. */
function spinOf(value: unknown): number | boolean | string | null {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  return typeof value === "bigint" ? Number(value) : typeof value === "string" ? value : Number.NaN;
}
