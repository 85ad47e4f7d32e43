/**
 * Reads text as lines of cells: comma-separated values (RFC 4180), or the same with semicolons, tabs
 * or spaces between the cells. Knows nothing of what they mean.
 */

export interface Line {
  /** The number of the line in the file, from 1. */
  readonly number: number;
  readonly cells: string[];
  /** Whether a blank line or a comment comes before it. */
  readonly apart: boolean;
}

export interface Text {
  readonly lines: readonly Line[];
  /** What separates cells; a space stands for any number of them; undefined: one cell per line. */
  readonly separator: string | undefined;
}

/**
 * Skips blank lines and lines that begin with `#`, and a separator after the last cell if all lines
 * have one. Throws a RangeError for a misplaced quote, and if some lines end in a carriage return and
 * others in a line feed: one of these was meant as something else.
 */
export function parseText(text: string): Text {
  const separator = separatorOf(text);
  const ends = new RegExp(`["\\r\\n${separator === " " ? " \\t" : (separator ?? "")}]`, "g");
  const lines: Line[] = [];
  let number = 1;
  let apart = false;
  let allOpen = true;
  const endings = new Set<boolean>();
  for (let at = 0; at < text.length; number++) {
    const start = skipSpaces(text, at, separator);
    if (isBlank(text, start)) {
      at = nextLine(text, start, endings);
      apart = true;
      continue;
    }
    const { cells, end, isOpen } = readLine(text, start, { separator, ends, number });
    lines.push({ number, cells, apart });
    allOpen &&= isOpen;
    apart = false;
    for (let i = start; i < end; i++) if (text[i] === "\n") number++;
    at = nextLine(text, end, endings);
  }
  if (endings.size > 1)
    throw new RangeError("has lines that end in CR beside others that end in LF");
  if (allOpen) for (const { cells } of lines) cells.pop();
  return { lines, separator };
}

/** The separator of the first line that is neither blank nor a comment, outside of quotes. */
function separatorOf(text: string): string | undefined {
  let at = skipSpaces(text, 0, undefined);
  while (at < text.length && isBlank(text, at)) {
    at = skipSpaces(text, nextLine(text, at), undefined);
  }
  const found = new Set<string>();
  for (let last = at; at < text.length && !isEnd(text[at]!); at++) {
    const character = text[at]!;
    if (",;\t".includes(character)) found.add(character);
    if (character === " " || character === "\t") continue;
    // Spaces at the start and at the end of the line separate nothing.
    if (at > last + 1) found.add(" ");
    if (character === '"') at = Math.max(at, quotedCell(text, at).end - 1);
    last = at;
  }
  if (found.has(",") && found.has(";")) {
    throw new RangeError('has both "," and ";" between cells: expected one of them');
  }
  return [",", ";", "\t", " "].find((one) => found.has(one));
}

interface Rules {
  readonly separator: string | undefined;
  /** Matches the end of a cell without quotes. */
  readonly ends: RegExp;
  readonly number: number;
}

/** The cells of a line, where it ends, and whether it ends in a separator. */
function readLine(text: string, start: number, { separator, ends, number }: Rules) {
  const cells: string[] = [];
  for (let at = start; ; ) {
    const isQuoted = text[at] === '"';
    const { cell, end } = isQuoted ? quotedCell(text, at) : plainCell(text, at, ends);
    const next = skipSpaces(text, end, separator);
    const follows = text[next];
    const isOver = follows === undefined || isEnd(follows);
    const isApart = separator === " " ? next > end : follows === separator;
    if (cell === undefined || !(isOver || isApart)) {
      throw new RangeError(`has a stray quote in line ${number}`);
    }
    cells.push(cell);
    if (isOver) return { cells, end: next, isOpen: cells.length > 1 && cell === "" && !isQuoted };
    at = separator === " " ? next : skipSpaces(text, next + 1, separator);
  }
}

/** A cell, undefined if it does not end, and where the next character is. */
interface Found {
  readonly cell: string | undefined;
  readonly end: number;
}

/** A doubled quote within quotes stands for one. */
function quotedCell(text: string, start: number): Found {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end < 0) return { cell: undefined, end: text.length };
  return { cell: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
}

function plainCell(text: string, start: number, ends: RegExp): Found {
  ends.lastIndex = start;
  const end = ends.exec(text)?.index ?? text.length;
  return { cell: text.slice(start, end).trim(), end };
}

/** Spaces around a cell do not belong to it. */
function skipSpaces(text: string, start: number, separator: string | undefined): number {
  let at = start;
  while (text[at] === " " || (text[at] === "\t" && separator !== "\t")) at++;
  return at;
}

function isBlank(text: string, start: number): boolean {
  const first = text[start];
  return first === undefined || isEnd(first) || first === "#";
}

function isEnd(character: string): boolean {
  return character === "\n" || character === "\r";
}

/** Adds to `endings` whether the line ends in a line feed. */
function nextLine(text: string, start: number, endings?: Set<boolean>): number {
  let at = start;
  while (at < text.length && !isEnd(text[at]!)) at++;
  if (text.startsWith("\r\n", at)) at++;
  if (at < text.length) endings?.add(text[at] === "\n");
  return at + 1;
}
