/** Small steps from measured rows to an output table. */
import type { Batch, Columns, Rows } from "../../engine/node-type.ts";
import { mean } from "../../statistics/moments.ts";

type Cell = number | string | null;

/** NaN, the mark of what is not defined, becomes null. */
export function defined(x: number): number | null {
  return Number.isNaN(x) ? null : x;
}

/** Mean (or sum) over the betas that have a value; null if none has. */
export function averaged(values: readonly (number | null)[], total = false): number | null {
  const given = values.filter((value) => value !== null);
  if (given.length === 0) return null;
  return total ? given.reduce((sum, value) => sum + value, 0) : mean(given);
}

/** Error of `averaged`, of independent values with these errors; null if one is not known. */
export function averagedError(errors: readonly (number | null)[]): number | null {
  if (errors.length === 0 || errors.includes(null)) return null;
  return Math.sqrt(errors.reduce((sum: number, e) => sum + e! * e!, 0)) / errors.length;
}

/** A table whose columns the compiler does not know by name. */
export const unchecked = (columns: Batch) => columns as never;

/** Rows to columns. */
export function columnsOf<C extends Columns>(
  columns: C,
  rows: readonly Readonly<Record<string, Cell>>[],
): Rows<C> {
  const names = Object.keys(columns);
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name]!)])) as Rows<C>;
}
