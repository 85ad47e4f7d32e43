/** Tables as text, aligned for people. Knows no artifact. */
import { type Cell, rowsOf } from "../../formats/cells.ts";
import type { Table } from "../../index.ts";
import { headOf, printable } from "../../text/printable.ts";
import { wrap } from "../../text/wrap.ts";
import { out, type Terminal } from "./terminal.ts";

export interface TextOptions {
  /** Characters per line; columns that do not fit are listed below the table. */
  readonly width?: number;
  /** The command that prints all columns. */
  readonly more?: string;
  /** Characters per cell. */
  readonly cellWidth?: number;
}

/** Columns aligned, numbers to the right. */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  { width = Number.POSITIVE_INFINITY, cellWidth = 60, more }: TextOptions = {},
): string {
  const columns = header.map((title, i) => {
    const name = oneLine(title);
    const cells = rows.map((row) => row[i] ?? null);
    const texts = cells.map((cell) => clip(formatCell(cell), cellWidth));
    return {
      name,
      texts,
      numeric: cells.every((cell) => ["number", "bigint"].includes(typeof cell) || cell === null),
      empty: rows.length > 0 && texts.every((text) => text === ""),
      width: texts.reduce((most, text) => Math.max(most, text.length), name.length),
    };
  });
  const filled = columns.some(({ empty }) => !empty);
  const hidden = (column: (typeof columns)[number]) => column.empty && filled;
  const shown: typeof columns = [];
  let used = 0;
  for (let i = 0; i < columns.length; i++) {
    // The two ends of an interval are shown together or not at all.
    const size = isInterval(header, i) ? 2 : 1;
    const together = columns.slice(i, i + size).filter((column) => !hidden(column));
    i += size - 1;
    const needed = together.reduce((sum, column) => sum + column.width + 2, 0);
    if (shown.length > 0 && used + needed - 2 > width) continue;
    shown.push(...together);
    used += needed;
  }
  const line = (cell: (column: (typeof columns)[number]) => string) =>
    shown
      .map((c) => (c.numeric ? cell(c).padStart(c.width) : cell(c).padEnd(c.width)))
      .join("  ")
      .trimEnd();
  const lines = [line((c) => c.name), line((c) => "─".repeat(c.width))];
  for (const [i] of rows.entries()) lines.push(line((c) => c.texts[i]!));
  const names = (some: typeof columns) => some.map(({ name }) => name).join(", ");
  const left = columns.filter((column) => !shown.includes(column));
  const [empty, wide] = [left.filter(hidden), left.filter((column) => !hidden(column))];
  const parts = [
    ...(wide.length > 0 ? [`not shown: ${names(wide)}`] : []),
    ...(empty.length > 0 ? [`empty: ${names(empty)}`] : []),
    ...(more === undefined ? [] : [`all are in ${more}`]),
  ];
  if (left.length > 0) lines.push(...wrap(`(${parts.join("; ")})`, width));
  return lines.join("\n");
}

/** Whether a column and the next are the lower and the upper end of one interval. */
function isInterval(header: readonly string[], i: number): boolean {
  const [low, high] = [header[i]!, header[i + 1] ?? ""];
  return [
    [/(^|_)lo$/, "hi"],
    [/(^|_)low$/, "high"],
    [/(^|_)lower$/, "upper"],
    [/(^|_)min$/, "max"],
  ].some(([end, other]) => (end as RegExp).test(low) && low.replace(end!, `$1${other}`) === high);
}

/** A file or a pipe has no width: everything is written there. */
export function widthOf({ width }: Terminal): number {
  return width || Number.POSITIVE_INFINITY;
}

/** Prints the first rows of a table, and how many more there are. */
export function printTable(table: Table, limit: number): void {
  const rows = [...rowsOf(table, limit)];
  const width = widthOf(out);
  out.text(textTable(Object.keys(table.schema), rows, { width, more: "blockspin show … --csv" }));
  if (table.rows === 0) out.print("(no rows)");
  if (table.rows > limit) out.print(`… ${table.rows - limit} more rows`);
}

/** Tabs are escaped too, since they would move the columns. */
const oneLine = (text: string) => printable(text).replaceAll("\t", "\\t");

/** Cuts a cell to one line of at most `width` characters. */
const clip = (text: string, width: number) => {
  const whole = oneLine(headOf(text, width));
  return whole.length > width || text.length > width ? `${headOf(whole, width - 1)}…` : whole;
};

/** 2^-1022: smaller numbers do not have five digits. */
const leastNormal = 2.2250738585072014e-308;

/** Rounds numbers to five significant digits. */
export function formatCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "number" || Number.isInteger(cell) || !Number.isFinite(cell))
    return String(cell);
  if (Math.abs(cell) < leastNormal) return "0";
  return String(Number(cell.toPrecision(5)));
}
