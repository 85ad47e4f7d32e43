/** A long table in a few lines: what its columns hold, and how to see the rows. */
import { type Cell, rowsOf } from "../../../formats/cells.ts";
import { formatType, type Table } from "../../../index.ts";
import { plural } from "../../../text/plural.ts";
import { formatCell, textTable, widthOf } from "../table.ts";
import { out } from "../terminal.ts";

/** How many different texts to name. */
const maxTexts = 4;

/** @param more - the command that prints the rows */
export function describeTable(table: Table, more: string): string {
  const rows = [...rowsOf(table)];
  const columns = Object.entries(table.schema).map(([name, type], i): Cell[] => {
    const cells = rows.map((row) => row[i]!);
    const missing = cells.filter((cell) => cell === null).length;
    const values = "item" in type ? "" : valuesOf(cells.filter((cell) => cell !== null));
    return [
      name,
      formatType(type),
      [values, missing > 0 ? `${missing} empty` : ""].filter((text) => text !== "").join(", "),
    ];
  });
  const text = textTable(["column", "type", "values"], columns, { width: widthOf(out) });
  return `${text}\n${plural(table.rows, "row")}: ${more} --rows ${table.rows}`;
}

function valuesOf(cells: readonly Exclude<Cell, null>[]): string {
  const different = [...new Set(cells)];
  const numbers = different.filter((cell) => typeof cell === "number" || typeof cell === "bigint");
  if (different.length <= maxTexts) return different.map(formatCell).join(", ");
  if (numbers.length < different.length) {
    const some = different.slice(0, maxTexts - 1).map(formatCell);
    return `${some.join(", ")} and ${different.length - some.length} more`;
  }
  let [least, most] = [numbers[0]!, numbers[0]!];
  for (const value of numbers) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return `${formatCell(least)} … ${formatCell(most)}, ${different.length} different`;
}
