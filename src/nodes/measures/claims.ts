/**
 * Finds in a table of metrics the values that a claim compares, and pairs them by replicate.
 * Knows nothing of tests or verdicts.
 */
import { InvalidParam, type Table } from "../../engine/node-type.ts";
import { log } from "../../math/index.ts";
import { mean } from "../../statistics/moments.ts";

type Value = string | number | boolean;
type Selector = Readonly<Record<string, Value>>;

/** A claim as written. */
export interface ClaimParam {
  readonly name: string;
  readonly text?: string;
  readonly metric: string;
  readonly where: Selector;
  readonly left: Selector;
  readonly right: Selector | number;
  readonly each: readonly string[];
  readonly side: "greater" | "less";
  readonly margin: number;
  readonly scale: "linear" | "log";
  readonly over?: { readonly betas: "mean" | "every"; readonly window?: readonly [number, number] };
  readonly family: string;
  readonly bearing: "theorem" | "by-construction" | "empirical";
}

/** One claim at one value of its `each` axes, ready to be judged. */
export interface Comparison {
  /** `rule=majority`; empty without `each`. */
  readonly each: string;
  /** Betas of the points; a single NaN where there is one point without a beta. */
  readonly betas: readonly number[];
  /** By point and then by replicate, oriented so that the claim is "above the margin". */
  readonly differences: readonly (readonly number[])[];
  /** Means over replicates, by point. */
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Rms over replicates of the error within a replicate, by point; NaN if it is not known. */
  readonly withinError: readonly number[];
  /** What could not be paired, in words. */
  readonly dropped: readonly string[];
}

export interface ClaimSource {
  readonly claim: ClaimParam;
  /** Where errors point: `claims.0`. */
  readonly path: string;
  readonly table: Table;
  readonly column: string;
  readonly replicate: string;
}

/** One comparison for each value of the claim's `each` axes; at least one. */
export function compareSides(source: ClaimSource): Comparison[] {
  const { claim, table, path } = source;
  const left = rowsWhere(source, claim.left, "left");
  const right = typeof claim.right === "number" ? [] : rowsWhere(source, claim.right, "right");
  if (claim.each.length === 0) return [compareOnce(source, left, right, "")];
  const named = (row: number) => claim.each.every((axis) => cell(table, axis, row) !== null);
  const tuples = new Map<string, readonly (Value | null)[]>();
  for (const row of [...left, ...right].filter(named)) {
    const values = claim.each.map((axis) => cell(table, axis, row));
    tuples.set(claim.each.map((axis, k) => `${axis}=${values[k]}`).join(","), values);
  }
  if (tuples.size === 0) {
    throw new InvalidParam(
      `${path}.each`,
      `names ${claim.each.join(" and ")}, of which no row has a value`,
    );
  }
  // A side without a value on an axis (an autoencoder has no rule) stands against every value.
  const matches = (values: readonly (Value | null)[]) => (row: number) =>
    claim.each.every((axis, k) => {
      const value = cell(table, axis, row);
      return value === null || value === values[k];
    });
  return [...tuples]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([each, values]) =>
      compareOnce(source, left.filter(matches(values)), right.filter(matches(values)), each),
    );
}

/** The value in a cell: null if there is none, and bits as booleans. */
function cell(table: Table, column: string, row: number): Value | null {
  const value = (table.columns as Record<string, ArrayLike<Value | bigint | null>>)[column]![row]!;
  if (typeof value === "bigint") return Number(value);
  return value !== null && table.schema[column]!.type === "bool" ? Boolean(value) : value;
}

/** Rows that match the claim's `where` and one side; at least one. */
function rowsWhere({ claim, table, path }: ClaimSource, side: Selector, key: string): number[] {
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

interface Measured {
  readonly value: number;
  readonly error: number;
}
/** By replicate and then by beta. */
type Side = Map<string, Map<number, Measured>>;

function compareOnce(
  source: ClaimSource,
  leftRows: readonly number[],
  rightRows: readonly number[],
  each: string,
): Comparison {
  const { claim, path } = source;
  const left = readSide(source, leftRows, "left");
  const constant = typeof claim.right === "number" ? claim.right : undefined;
  const right = constant === undefined ? readSide(source, rightRows, "right") : undefined;
  const replicates = [...left.keys()].filter((id) => right?.has(id) ?? true);
  const all = new Set([...left.keys(), ...(right?.keys() ?? [])]);
  const dropped: string[] = [];
  if (replicates.length < all.size) {
    const count = all.size - replicates.length;
    dropped.push(`${count} of ${all.size} replicates (${source.replicate}) have no pair`);
  }
  const at = (id: string, beta: number): [Measured, Measured] | undefined => {
    const l = left.get(id)!.get(beta);
    const r = right ? right.get(id)!.get(beta) : { value: constant!, error: 0 };
    return l && r ? [l, r] : undefined;
  };
  const seen = [...new Set(replicates.flatMap((id) => [...left.get(id)!.keys()]))];
  const betas = seen.filter((beta) => replicates.every((id) => at(id, beta))).sort((a, b) => a - b);
  if (betas.length < seen.length) {
    dropped.push(`${seen.length - betas.length} of ${seen.length} betas lack a value`);
  }
  if (betas.length === 0) {
    const where = each ? ` at ${each}` : "";
    throw new InvalidParam(path, `has no values that left and right share${where}`);
  }
  const pairs = betas.map((beta) => replicates.map((id) => at(id, beta)!));
  return { each, dropped, ...pointsOf(claim, betas, pairs) };
}

/** The values of one side; exactly one row for each replicate and beta. */
function readSide(source: ClaimSource, rows: readonly number[], key: string): Side {
  const { claim, table, path, column, replicate } = source;
  const side: Side = new Map();
  const seen = new Map<string, number>();
  const [from, to] = claim.over?.window ?? [-Infinity, Infinity];
  const error = `${column}_se` in table.schema ? `${column}_se` : undefined;
  for (const row of rows) {
    const beta = claim.over ? Number(cell(table, "beta", row)) : Number.NaN;
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
    const value = cell(table, column, row);
    const usable = typeof value === "number" && Number.isFinite(value);
    if (!usable || (claim.scale === "log" && value <= 0)) continue;
    const measured = { value, error: error ? Number(cell(table, error, row) ?? NaN) : NaN };
    side.set(id, (side.get(id) ?? new Map()).set(beta, measured));
  }
  return side;
}

/** Names of columns that could tell two rows apart: what a selector may have forgotten. */
function differingColumns({ table }: ClaimSource, a: number, b: number): string {
  const scalars = Object.keys(table.schema).filter((name) => !("item" in table.schema[name]!));
  const differ = scalars.filter((name) => cell(table, name, a) !== cell(table, name, b));
  const words = differ.filter((name) => table.schema[name]!.type === "utf8" || name === "beta");
  return (words.length > 0 ? words : differ).map((name) => JSON.stringify(name)).join(", ");
}

type Pairs = readonly (readonly (readonly [Measured, Measured])[])[];

/** Differences by point: the mean over betas is one point, every beta is as many as there are. */
function pointsOf({ scale, side, over }: ClaimParam, betas: readonly number[], pairs: Pairs) {
  const sign = side === "greater" ? 1 : -1;
  const scaled = (x: number) => (scale === "log" ? log(x) : x);
  const differences = pairs.map((point) =>
    point.map(([l, r]) => sign * (scaled(l.value) - scaled(r.value))),
  );
  const relative = (m: Measured) => (scale === "log" ? m.error / m.value : m.error);
  const errors = pairs.map((point) =>
    point.map(([l, r]) => Math.sqrt(relative(l) * relative(l) + relative(r) * relative(r))),
  );
  const left = pairs.map((point) => mean(point.map(([l]) => l.value)));
  const right = pairs.map((point) => mean(point.map(([, r]) => r.value)));
  if (over?.betas !== "mean") {
    return { betas, differences, left, right, withinError: errors.map(rootMeanSquare) };
  }
  const replicates = [...pairs[0]!.keys()];
  const squares = replicates.map((i) => mean(errors.map((e) => e[i]! * e[i]!)) / betas.length);
  return {
    betas: [Number.NaN],
    differences: [replicates.map((i) => mean(differences.map((d) => d[i]!)))],
    left: [mean(left)],
    right: [mean(right)],
    withinError: [Math.sqrt(mean(squares))],
  };
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => value * value)));
}
