/** Reads inputs and targets out of two tables that lie row beside row. */
import { type DataColumn, type DataTable, rowsOf } from "../columns.ts";
import type { Examples } from "../evaluate.ts";
import type { Target } from "../model.ts";
import type { Rows } from "../rows.ts";

/** Throws a RangeError if the shared columns show that the rows of the tables differ. */
export function examplesOf(
  x: DataTable,
  xColumn: DataColumn,
  y: DataTable,
  yColumn: DataColumn,
): Examples {
  if (x !== y) requireSameRows(x, y, ["inputs", "targets"]);
  const inputs = rowsOf(x, xColumn);
  // An autoencoder's targets are its inputs: read once.
  const isSame = x === y && xColumn.name === yColumn.name;
  return { x: inputs, y: isSame ? inputs : rowsOf(y, yColumn) };
}

/**
 * A column beta_prime: for each row of `x`, the value that `map` gives for its beta. Throws a RangeError
 * if `map` has no row for a beta, or several.
 */
export function mappedTargets(x: DataTable, map: DataTable): DataTable {
  const [from, to] = [map.columns["beta"], map.columns["beta_prime"]] as Float64Array[];
  const found = new Map<number, number>();
  for (const [i, beta] of from!.entries()) {
    if (found.has(beta)) throw new RangeError(`has several rows for beta ${beta}`);
    found.set(beta, to![i]!);
  }
  const beta_prime = Float64Array.from(x.columns["beta"] as Float64Array, (beta) => {
    const target = found.get(beta);
    if (target === undefined) throw new RangeError(`has no row for beta ${beta}`);
    return target;
  });
  return { rows: x.rows, columns: { beta_prime } };
}

/** The column and its range, for a network that learns one number per row; else undefined. */
export function targetOf(y: DataTable, { name, width, spins }: DataColumn): Target | undefined {
  if (width !== 1 || spins || y.rows === 0) return undefined;
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of y.columns[name] as Iterable<number>) {
    from = Math.min(from, value);
    to = Math.max(to, value);
  }
  return { column: name, from, to };
}

/** Throws a RangeError if a number is outside [-1, 1], the range of a spin's mean. */
export function requireMeans(rows: Rows): void {
  const values = new Float32Array(rows.width);
  for (let row = 0; row < rows.rows; row++) {
    rows.copy(row, values, 0);
    const wrong = values.find((value) => !(Math.abs(value) <= 1));
    if (wrong === undefined) continue;
    throw new RangeError(`"bce" needs targets from -1 to 1, but row ${row} has ${wrong}`);
  }
}

/** The ids in a table's `chain` column, if it has one. */
export function chainsOf({ columns }: DataTable): ReadonlySet<string> {
  return new Set(columns["chain"] as readonly string[] | undefined);
}

/** Columns that say where a configuration comes from. Tables that belong together agree on them. */
const origins = ["beta", "chain", "time"];

/**
 * Throws a RangeError if the shared columns show that the rows of two tables differ; `names` names
 * the tables in the message.
 */
export function requireSameRows(
  x: DataTable,
  y: DataTable,
  [theX, theY]: readonly [string, string],
): void {
  if (x.rows !== y.rows)
    throw new RangeError(`the ${theY} have ${y.rows} rows, but the ${theX} have ${x.rows}`);
  const all = Array.from({ length: x.rows }, (_, row) => row);
  const other = otherOrigin([x, all], [y, all]);
  if (!other) return;
  const { at: row, name, a, b } = other;
  throw new RangeError(`in row ${row} the ${theY} have ${name} ${b}, but the ${theX} ${a}`);
}

/**
 * The first of these rows, taken in pairs, that come from different configurations, as far as the columns
 * that both tables have can show it.
 */
export function otherOrigin(
  [x, rowsOfX]: readonly [DataTable, ArrayLike<number>],
  [y, rowsOfY]: readonly [DataTable, ArrayLike<number>],
) {
  for (const name of origins) {
    const [a, b] = [x.columns[name], y.columns[name]] as (ArrayLike<unknown> | undefined)[];
    // Times count within a chain.
    if (name === "chain" && !(a && b)) break;
    if (!a || !b) continue;
    for (let at = 0; at < rowsOfX.length; at++) {
      const [mine, other] = [plain(a[rowsOfX[at]!]), plain(b[rowsOfY[at]!])];
      if (mine !== other) return { at, name, a: shown(mine), b: shown(other) };
    }
  }
  return undefined;
}

/** Programs may write int64 where nodes write int32. */
function plain(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
