/**
 * Parquet files of spins as configurations: spins in lists, in lists of lists, in words, or in one
 * column a site. Knows nothing of pages' encodings. Errors are RangeErrors, as those of spins.ts.
 */
import { openParquet, type ParquetColumn, type ParquetFile } from "../../formats/parquet.ts";
import { besides, SpinCollector, symbols } from "./spin-values.ts";
import type { Configurations, ReadOptions } from "./spins.ts";

type Options = Pick<ReadOptions, "size" | "wanted" | "ignored">;

export async function fromParquet(bytes: Uint8Array, options: Options): Promise<Configurations> {
  const { size, wanted, ignored } = options;
  const file = await openParquet(bytes);
  const { rows } = file;
  const named = [...wanted, ...ignored];
  const single = file.columns.find(({ name }) => name === "spins");
  // pandas keeps row labels in columns of these names.
  const others = file.columns.filter(
    ({ name }) => !named.includes(name) && !/^__index_level_\d+__$/.test(name),
  );
  const sites = size * size;
  if (!single && others.length !== sites) {
    throw new RangeError(besides(others.length, named, sites));
  }
  const columns: Record<string, string[]> = {};
  for (const column of file.columns) {
    if (wanted.includes(column.name)) columns[column.name] = readCells(file, column);
  }
  const spins = new SpinCollector(rows, sites);
  if (!single) readSites(file, others, spins);
  else if (single.leaf?.depth) readLists(file, single, single.leaf.depth, size, spins);
  else readWords(file, single, sites, spins);
  return { rows, leading: [rows], columns, spins: spins.all() };
}

/** The values of a column without lists, null where there is none. */
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

/** As text, as CSV has them; no digit of a number gets lost. */
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
      spins.set(i, value === null ? spins.refuse(i, null) : numberOf(value));
      i += columns.length;
    }
  }
}

function readWords(
  file: ParquetFile,
  column: ParquetColumn,
  sites: number,
  spins: SpinCollector,
): void {
  let row = 0;
  for (const value of scalars(file, column)) {
    if (typeof value !== "string") {
      const what = value === null ? "null" : "no list and no text";
      throw new RangeError(`has ${what} in column "spins", row ${row}`);
    }
    const list = symbols(value);
    if (list.length !== sites) throw new RangeError(wrongLength(list.length, row, sites));
    for (const [site, spin] of list.entries()) spins.set(row * sites + site, spin);
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
  const endRow = () => {
    if (row >= 0 && site !== sites) throw new RangeError(wrongLength(site, row, sites));
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
      }
      if (there < item) continue;
      if (depth === 2 && level < 2 !== (site % size === 0)) {
        throw new RangeError(`has other than ${size} lists of ${size} spins in row ${row}`);
      }
      const spin = there < full ? null : numberOf(value(at++));
      if (site < sites) {
        const where = row * sites + site;
        spins.set(where, spin ?? spins.refuse(where, null));
      }
      site++;
    }
  }
  endRow();
  if (row + 1 !== file.rows) throw new RangeError("is a damaged Parquet file");
}

function wrongLength(got: number, row: number, sites: number): string {
  return `has ${got} spins in row ${row}: expected ${sites}`;
}

function numberOf(value: unknown): number {
  return typeof value === "object" || typeof value === "string" ? Number.NaN : Number(value);
}
