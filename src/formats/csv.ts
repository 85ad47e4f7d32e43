/** Comma-separated values (RFC 4180). Knows nothing of what they mean. */

/** Rows of cells; empty lines are left out. Throws a RangeError for a quote out of place. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length || row.length > 0) {
    const { cell, end } = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    const next = text[end];
    if (cell === undefined || (next !== undefined && !",\r\n".includes(next))) {
      throw new RangeError(`has a stray quote in line ${rows.length + 1}`);
    }
    row.push(cell);
    at = end + (text.startsWith("\r\n", end) ? 2 : 1);
    if (next === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

/** A cell, undefined if it does not end, and where what follows it begins. */
interface Found {
  readonly cell: string | undefined;
  readonly end: number;
}

/** Twice a quote within quotes is one. */
function quotedCell(text: string, start: number): Found {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end < 0) return { cell: undefined, end: text.length };
  return { cell: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
}

const ends = /[",\r\n]/g;

function plainCell(text: string, start: number): Found {
  ends.lastIndex = start;
  const end = ends.exec(text)?.index ?? text.length;
  return { cell: text.slice(start, end).trim(), end };
}
