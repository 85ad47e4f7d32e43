/** Comma-separated values (RFC 4180). Knows nothing of what they mean. */

/** Rows of cells; empty lines are left out. Throws a RangeError for a quote that does not end. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const endRow = () => {
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  // A cell, quoted or not, and what ends it.
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/y;
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  cells.lastIndex = start;
  while (cells.lastIndex < text.length || row.length > 0) {
    const match = cells.exec(text);
    if (!match) throw new RangeError(`has a stray quote in line ${rows.length + 1}`);
    const [, quoted, plain, end] = match;
    row.push(quoted === undefined ? plain!.trim() : quoted.replaceAll('""', '"'));
    if (end !== ",") endRow();
    if (end === "") break;
  }
  return rows;
}
