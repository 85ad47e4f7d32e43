/**
 * Finds in a table of metrics the rows that a claim compares. Knows nothing of tests or verdicts.
 */
import { InvalidParam, type Table } from "../../engine/node-type.ts";
import type { ClaimParam, Window } from "./claim-params.ts";
import { type Comparison, type Place, pairSides, type Side } from "./pairs.ts";

type Value = string | number | boolean;

export interface ClaimSource {
  readonly claim: ClaimParam;
  /** Where errors point: `claims.0`. */
  readonly path: string;
  readonly table: Table;
  readonly column: string;
  readonly replicate: string;
}

/** The axis along which a claim is judged value by value, and which values count. */
export function alongOf({ along }: ClaimParam): { axis: string; window: Window } | undefined {
  if (along === undefined) return undefined;
  const { axis, window } = typeof along === "string" ? { axis: along } : along;
  return { axis, window: window ?? [-Infinity, Infinity] };
}

/**
 * By value of the claim's `each` axes, at least one; and then by value of its axis, in order, or a single
 * one without it.
 */
export function compareSides(source: ClaimSource): Comparison[][] {
  const { claim, table, path } = source;
  const left = rowsWhere(source, claim.left, "left");
  const right = typeof claim.right === "number" ? [] : rowsWhere(source, claim.right, "right");
  const along = alongOf(claim);
  const axes = along ? [...claim.each, along.axis] : claim.each;
  if (axes.length === 0)
    return [[compareOnce(source, left, right, { each: "", axes: {}, value: NaN })]];
  const tuples = new Map<string, readonly (Value | null)[]>();
  for (const row of [...left, ...right]) {
    const values = axes.map((axis) => cell(table, axis, row));
    const value = along ? Number(values.at(-1)) : 0;
    if (values.includes(null)) continue;
    if (along && (value < along.window[0] || value > along.window[1])) continue;
    tuples.set(JSON.stringify(values), values);
  }
  if (tuples.size === 0) {
    const place = claim.each.length > 0 ? `${path}.each` : `${path}.along`;
    throw new InvalidParam(place, `names ${axes.join(" and ")}, of which no row has a value`);
  }
  // A side without a value on an axis (an autoencoder has no rule) stands against every value.
  const matches = (values: readonly (Value | null)[]) => (row: number) =>
    axes.every((axis, k) => {
      const value = cell(table, axis, row);
      return value === null || value === values[k];
    });
  const comparisons = [...tuples.values()].map((values) => {
    const each = claim.each.map((axis, k) => `${axis}=${values[k]}`).join(",");
    const value = along ? Number(values.at(-1)) : Number.NaN;
    const rows = [left.filter(matches(values)), right.filter(matches(values))] as const;
    const axes = Object.fromEntries(claim.each.map((axis, k) => [axis, values[k]!]));
    return compareOnce(source, ...rows, { each, axes, value });
  });
  comparisons.sort((a, b) => (a.each < b.each ? -1 : a.each > b.each ? 1 : a.value - b.value || 0));
  const names = [...new Set(comparisons.map(({ each }) => each))];
  return names.map((name) => comparisons.filter(({ each }) => each === name));
}

/** The value in a cell: null if there is none, and bits as booleans. */
function cell(table: Table, column: string, row: number): Value | null {
  const value = (table.columns as Record<string, ArrayLike<Value | bigint | null>>)[column]![row]!;
  if (typeof value === "bigint") return Number(value);
  return value !== null && table.schema[column]!.type === "bool" ? Boolean(value) : value;
}

/** Rows that match the claim's `where` and one side; at least one. */
function rowsWhere(
  { claim, table, path }: ClaimSource,
  side: ClaimParam["left"],
  key: string,
): number[] {
  const wanted = Object.entries({ ...claim.where, ...side });
  const rows = Array.from({ length: table.rows }, (_, row) => row).filter((row) =>
    wanted.every(([column, value]) => cell(table, column, row) === value),
  );
  if (rows.length > 0) return rows;
  const text = wanted.map(([column, value]) => `${column}: ${JSON.stringify(value)}`).join(", ");
  const lacking = wanted.find(([column, value]) =>
    Array.from({ length: table.rows }).every((_, row) => cell(table, column, row) !== value),
  );
  const hint = lacking ? `; ${lacking[0]} is ${valuesOf(table, lacking[0])}` : "";
  throw new InvalidParam(`${path}.${key}`, `matches no row: ${text}${hint}`);
}

function valuesOf(table: Table, column: string): string {
  const values = new Set<string>();
  for (let row = 0; row < table.rows; row++) values.add(JSON.stringify(cell(table, column, row)));
  return [...values].sort().slice(0, 12).join(", ");
}

function compareOnce(
  source: ClaimSource,
  leftRows: readonly number[],
  rightRows: readonly number[],
  place: Place,
): Comparison {
  const { claim, path, replicate } = source;
  const left = readSide(source, leftRows, "left");
  const right =
    typeof claim.right === "number" ? claim.right : readSide(source, rightRows, "right");
  const found = pairSides(claim, replicate, left, right);
  if (typeof found !== "string") return { ...place, ...found };
  const at = placeName(claim, place);
  throw new InvalidParam(path, at ? `${found} at ${at}` : found);
}

/** `rule=majority,epochs=30` */
export function placeName(claim: ClaimParam, { each, value }: Place): string {
  const along = Number.isNaN(value) ? [] : [`${alongOf(claim)!.axis}=${value}`];
  return [...(each === "" ? [] : [each]), ...along].join(",");
}

/** The rows of one side, with or without a value; one at most for each replicate and beta. */
function readSide(source: ClaimSource, rows: readonly number[], key: string): Side {
  const { claim, table, path, column, replicate } = source;
  const side: Side = new Map();
  const seen = new Map<string, number>();
  const [from, to] = claim.over?.window ?? [-Infinity, Infinity];
  const error = `${column}_se` in table.schema ? `${column}_se` : undefined;
  for (const row of rows) {
    const beta = claim.over ? Number(cell(table, "beta", row) ?? NaN) : Number.NaN;
    if (claim.over && Number.isNaN(beta)) {
      throw new InvalidParam(`${path}.over`, `asks for betas, but row ${row} has none`);
    }
    if (beta < from || beta > to) continue;
    const id = String(cell(table, replicate, row));
    const place = `${replicate} ${id}${claim.over ? `, beta ${beta}` : ""}`;
    const before = seen.get(place);
    if (before !== undefined) {
      const differ = differingColumns(source, before, row);
      const message = `matches several rows for ${place}; they differ in ${differ}`;
      throw new InvalidParam(`${path}.${key}`, message);
    }
    seen.set(place, row);
    const value = Number(cell(table, column, row) ?? NaN);
    const measured = { value, error: error ? Number(cell(table, error, row) ?? NaN) : NaN };
    side.set(id, (side.get(id) ?? new Map()).set(beta, measured));
  }
  return side;
}

/** Names of columns that distinguish two rows: a selector may have forgotten them. */
function differingColumns({ table }: ClaimSource, a: number, b: number): string {
  const scalars = Object.keys(table.schema).filter((name) => !("item" in table.schema[name]!));
  const differ = scalars.filter((name) => cell(table, name, a) !== cell(table, name, b));
  const words = differ.filter((name) => table.schema[name]!.type === "utf8" || name === "beta");
  return (words.length > 0 ? words : differ).map((name) => JSON.stringify(name)).join(", ");
}
