/** Comma-separated values (RFC 4180); numbers at full precision. */
import type { Cell } from "./cells.ts";

/** A whole file. */
export function csv(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  return [...csvLines(header, rows)].join("");
}

/** A file line by line: a table may be larger than a string can be. */
export function* csvLines(
  header: readonly string[],
  rows: Iterable<readonly Cell[]>,
): Generator<string, void, undefined> {
  const quote = (text: string) =>
    /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const line = (cells: readonly Cell[]) =>
    `${cells.map((cell) => (cell === null ? "" : quote(String(cell)))).join(",")}\n`;
  yield line(header);
  for (const row of rows) yield line(row);
}

/** Lines in pieces of some size, for fewer writes. */
export function* batched(lines: Iterable<string>): Generator<string, void, undefined> {
  let piece = "";
  for (const line of lines) {
    piece += line;
    if (piece.length < 2 ** 16) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}
