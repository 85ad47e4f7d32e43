/** How far two tables are apart, column by column. Knows no action. */

import type { ColumnData, Table } from "../../table/schema.ts";
import { own } from "../own.ts";

/** The largest relative difference in a column; infinite where values that differ are not numbers. */
export interface ColumnDifference {
  readonly column: string;
  /** max |a − b| / max(|a|, |b|) over all items. */
  readonly relative: number;
}

/** The columns that differ, in the order of the table. */
export function tableDifferences(a: Table, b: Table): ColumnDifference[] {
  const names = Object.keys(a.schema);
  const others = Object.keys(b.schema);
  if (a.rows !== b.rows) return [{ column: "", relative: Number.POSITIVE_INFINITY }];
  return [...new Set([...names, ...others])].flatMap((column) => {
    const [one, other] = [own(a.columns, column), own(b.columns, column)];
    const relative =
      one === undefined || other === undefined ? Number.POSITIVE_INFINITY : distance(one, other);
    return relative === 0 ? [] : [{ column, relative }];
  });
}

function distance(a: ColumnData, b: ColumnData): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, itemDistance(a[i], b[i]));
  return largest;
}

function itemDistance(a: unknown, b: unknown): number {
  if (Object.is(a, b) || a === b) return 0;
  if (typeof a === "number" && typeof b === "number") {
    const relative = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
    return Number.isNaN(relative) ? Number.POSITIVE_INFINITY : relative;
  }
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
    return distance(a as ColumnData, b as ColumnData);
  }
  return Number.POSITIVE_INFINITY;
}
