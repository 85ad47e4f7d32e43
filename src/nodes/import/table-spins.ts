/**
 * Reads tables as configurations, whatever file they come from. A line holds a configuration, in one
 * column per site or in a single one, or a row of the lattice. Errors are RangeErrors that say what the
 * file does or has.
 */
import { type Chosen, chooseColumns, type Layout, wrongColumns } from "./columns.ts";
import type { Configurations, ReadOptions } from "./configurations.ts";
import { SpinCollector, symbols } from "./spin-values.ts";

export interface Table {
  /** Undefined: columns go by their numbers. */
  readonly names: readonly string[] | undefined;
  readonly width: number;
  readonly height: number;
  readonly text: (line: number, column: number) => string;
  /** A spin, or the text of what is not one. */
  readonly spin: (line: number, column: number) => number | boolean | string;
  /** The number of a line in the file, if the file has lines. */
  readonly number?: (line: number) => number;
  /** How many lines stand together between blank ones; one number if none are blank. */
  readonly blocks: readonly number[];
  /** What it looks like, in words. */
  readonly looks?: string;
}

export function fromTable(table: Table, options: ReadOptions): Configurations {
  const { size } = options;
  const sites = size * size;
  const chosen = chooseColumns(table.names, table.width, options.columns);
  const layout = layoutOf(table, chosen, options);
  const per = layout === "rows" ? size : 1;
  const rows = table.height / per;
  const columns = Object.fromEntries(
    Array.from(chosen.roles, ([role, k]) => [role, cellsOf(table, k, per)]),
  );
  const where = (row: number, site: number) => {
    const line = row * per + (per > 1 ? Math.floor(site / size) : 0);
    return table.number ? ` (line ${table.number(line)})` : "";
  };
  const spins = new SpinCollector(rows, sites, where);
  if (chosen.whole === undefined) {
    let i = 0;
    for (let line = 0; line < table.height; line++) {
      for (const column of chosen.sites) spins.take(i++, table.spin(line, column));
    }
  } else readWhole(table, chosen.whole, size, spins);
  return { rows, leading: [rows], columns, spins: spins.all() };
}

function readWhole(table: Table, column: number, size: number, spins: SpinCollector): void {
  const sites = size * size;
  for (let row = 0; row < table.height; row++) {
    const list = symbols(table.text(row, column), size);
    if (list.length !== sites) {
      const where = table.number ? ` (line ${table.number(row)})` : "";
      throw new RangeError(`has ${list.length} spins in row ${row}${where}: expected ${sites}`);
    }
    for (const [site, value] of list.entries()) spins.take(row * sites + site, value);
  }
}

/** The number of columns decides: with L^2, lines are configurations; with L, rows of the lattice. */
function layoutOf(table: Table, chosen: Chosen, { size, columns, layout }: ReadOptions): Layout {
  if (chosen.whole !== undefined) {
    if (layout === undefined) return "flat";
    throw new RangeError("has whole configurations in one column: leave out layout");
  }
  const width = chosen.sites.length;
  const found = width === size * size ? "flat" : width === size ? "rows" : undefined;
  if (!found || (layout && layout !== found)) {
    throw wrongColumns(chosen, table.names, columns, size, layout, table.looks);
  }
  if (found === "rows") checkRows(table, size, layout);
  else if (!layout && isInBlocks(table, width)) {
    const small = `${width} lattices of ${size} x ${size} spins, one a line (layout: flat)`;
    const large = `one of ${width} x ${width} (size: ${width})`;
    throw new RangeError(`has blocks of ${width} lines of ${width} spins: ${small}, or ${large}`);
  }
  return found;
}

/** Blank lines show where a lattice ends, and so reveal a lost line. */
function checkRows(table: Table, size: number, layout: Layout | undefined): void {
  const lines = `lines of ${size} spins`;
  if (table.height % size) {
    throw new RangeError(`has ${table.height} ${lines}: expected a multiple of ${size}`);
  }
  let line = 0;
  for (const count of table.blocks) {
    if (count % size === 0 && (layout || count === size || table.blocks.length === 1)) {
      line += count;
      continue;
    }
    const at = `has ${count} ${lines} together (from line ${table.number!(line)} on)`;
    if (count % size) throw new RangeError(`${at}: expected ${size} between blank lines`);
    const readings = `${count / size} lattices of ${size} x ${size} (layout: rows)`;
    throw new RangeError(`${at}: ${readings}, or one of ${count} x ${size}, which is not a square`);
  }
}

function isInBlocks({ blocks }: Table, length: number): boolean {
  return blocks.length > 1 && blocks.every((count) => count === length);
}

/** If a lattice has several lines, all must have the same cell. */
function cellsOf(table: Table, column: number, per: number): string[] {
  return Array.from({ length: table.height / per }, (_, row) => {
    const first = table.text(row * per, column);
    for (let line = row * per + 1; line < (row + 1) * per; line++) {
      const other = table.text(line, column);
      if (other === first) continue;
      const both = `${JSON.stringify(first)} and ${JSON.stringify(other)}`;
      throw new RangeError(
        `has both ${both} in column ${column} of row ${row}: expected one value`,
      );
    }
    return first;
  });
}
