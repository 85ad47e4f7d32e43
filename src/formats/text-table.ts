/** Reads text as a table: names of columns, if any, and rows of cells. Knows nothing of spins. */
import { type Line, parseText } from "./csv.ts";
import { isName, numberIn, spinIn } from "./numerals.ts";

export interface TextTable {
  readonly names: readonly string[] | undefined;
  /** Cells per line. */
  readonly width: number;
  /** At least one; all have the same number of cells. */
  readonly lines: readonly Line[];
  /** In words, for messages. */
  readonly separator: string;
}

/**
 * Throws a RangeError that says what is wrong.
 *
 * @param header - whether the first line has the names; undefined: its cells decide
 */
export function readTable(bytes: Uint8Array, header?: boolean): TextTable {
  const { lines, separator } = parseText(decode(bytes));
  const first = lines[0];
  const hasNames = first !== undefined && (header ?? isHeader(first));
  const names = hasNames ? first.cells : undefined;
  const body = hasNames ? lines.slice(1) : lines;
  if (!first || body.length === 0) throw new RangeError("has no rows");
  const width = first.cells.length;
  for (const [row, { cells, number }] of body.entries()) {
    if (cells.length === width) continue;
    const where = `in row ${row} (line ${number})`;
    const many = `${cells.length} ${cells.length === 1 ? "cell" : "cells"}`;
    throw new RangeError(`has ${many} ${where}: expected ${width}, as in its first line`);
  }
  const seen = new Set<string>();
  for (const name of names ?? []) {
    if (name !== "" && seen.size === seen.add(name).size) {
      throw new RangeError(`has two columns ${JSON.stringify(name)}`);
    }
  }
  return { names, width, lines: body, separator: inWords(separator) };
}

function decode(bytes: Uint8Array): string {
  if (isUtf16(bytes)) {
    throw new RangeError("is text in UTF-16: save it as UTF-8");
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new RangeError("is not text in UTF-8", { cause: error });
  }
  const zero = text.indexOf("\0");
  if (zero < 0) return text;
  throw new RangeError(`has a zero byte in line ${text.slice(0, zero).split("\n").length}`);
}

/** Whether it begins with the mark of UTF-16. */
export function isUtf16([a, b]: Uint8Array): boolean {
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
}

/**
 * A header has only names, and perhaps blanks (pandas leaves out the name of the row labels). A line
 * without a name is a row, right or wrong. A line with both is an error.
 */
function isHeader({ cells, number }: Line): boolean {
  const filled = cells.filter((cell) => cell !== "");
  if (filled.length > 2 && filled.every((cell, i) => cell === String(i))) {
    const got = `the numbers 0 to ${filled.length - 1} in line ${number}`;
    throw new RangeError(`has ${got}, as pandas names columns: say header: true if they are names`);
  }
  const name = cells.findIndex(isName);
  if (name < 0) return false;
  const other = cells.findIndex((cell) => cell !== "" && !isName(cell));
  if (other < 0) return true;
  const cell = cells[other]!;
  const isNumber = spinIn(cell) !== undefined || numberIn(cell) !== undefined;
  const place = (k: number) => `${JSON.stringify(cells[k])} in column ${k}`;
  throw new RangeError(
    `has ${place(name)} of line ${number}, a name, and ${place(other)}, ${isNumber ? "a value" : "not one"}: ` +
      "say header: true if the line names the columns, else header: false",
  );
}

const words: Record<string, string> = { " ": "spaces", "\t": "tabs", ",": '","', ";": '";"' };

function inWords(separator: string | undefined): string {
  return separator === undefined ? "one cell a line" : `separated by ${words[separator]}`;
}
