/** Tables as text, aligned for people. Knows no artifact. */
import { type Cell, rowsOf } from "../../formats/cells.ts";
import type { Table } from "../../index.ts";
import { headOf, printable } from "../../text/printable.ts";
import { out } from "./terminal.ts";

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
  const shown: typeof columns = [];
  let used = 0;
  for (const column of columns) {
    if (column.empty || (shown.length > 0 && used + column.width > width)) continue;
    shown.push(column);
    used += column.width + 2;
  }
  const line = (cell: (column: (typeof columns)[number]) => string) =>
    shown
      .map((c) => (c.numeric ? cell(c).padStart(c.width) : cell(c).padEnd(c.width)))
      .join("  ")
      .trimEnd();
  const lines = [line((c) => c.name), line((c) => "─".repeat(c.width))];
  for (const [i] of rows.entries()) lines.push(line((c) => c.texts[i]!));
  const left = columns.filter((column) => !shown.includes(column)).map(({ name }) => name);
  const hint = more === undefined ? "" : `; all are in ${more}`;
  if (left.length > 0) lines.push(...wrap(`(not shown: ${left.join(", ")}${hint})`, width));
  return lines.join("\n");
}

/** Prints the first rows of a table, and how many more there are. */
export function printTable(table: Table, limit: number): void {
  const rows = [...rowsOf(table, limit)];
  // A file or a pipe has no width; a line of a wide screen is still readable there.
  const width = out.width || 160;
  out.text(textTable(Object.keys(table.schema), rows, { width, more: "blockspin show … --csv" }));
  if (table.rows === 0) out.print("(no rows)");
  if (table.rows > limit) out.print(`… ${table.rows - limit} more rows`);
}

/** Breaks a text between words; a word that is too long has a line of its own. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ` ${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
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
