/** Reads inputs and targets out of two tables that lie row beside row. */
import { type DataColumn, type DataTable, rowsOf } from "./columns.ts";
import type { Examples } from "./evaluate.ts";

/** Throws a RangeError if the tables do not have the same rows, as far as that can be seen. */
export function examplesOf(
  x: DataTable,
  xColumn: DataColumn,
  y: DataTable,
  yColumn: DataColumn,
): Examples {
  if (x !== y) requireSameRows(x, y);
  return { x: rowsOf(x, xColumn), y: rowsOf(y, yColumn) };
}

/** The ids in a table's `chain` column, if it has one. */
export function chainsOf({ columns }: DataTable): ReadonlySet<string> {
  return new Set(columns["chain"] as readonly string[] | undefined);
}

/** Columns that say where a configuration comes from: equal in tables that belong together. */
const origins = ["beta", "chain"];

function requireSameRows(x: DataTable, y: DataTable): void {
  if (x.rows !== y.rows) throw new RangeError(`has ${y.rows} rows, but x has ${x.rows}`);
  for (const name of origins) {
    const [a, b] = [x.columns[name], y.columns[name]] as (ArrayLike<unknown> | undefined)[];
    if (!a || !b) continue;
    for (let row = 0; row < x.rows; row++) {
      if (a[row] === b[row]) continue;
      const [theirs, ours] = [JSON.stringify(b[row]), JSON.stringify(a[row])];
      throw new RangeError(`row ${row} has ${name} ${theirs}, but ${ours} in x`);
    }
  }
}
