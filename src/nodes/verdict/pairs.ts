/**
 * Pairs the two sides of a claim by replicate and beta, and reports what is missing. Knows no tables.
 *
 * A replicate counts if each side has rows for it, whatever is in them: one without a value is not
 * skipped, since the reason may depend on the value that it would have had.
 */
import { log } from "../../math/index.ts";
import { mean } from "../../statistics/moments.ts";
import type { ClaimParam } from "./claim-params.ts";

interface Measured {
  /** NaN where the row has none. */
  readonly value: number;
  readonly error: number;
}
/** By replicate and then by beta. */
export type Side = Map<string, Map<number, Measured>>;

/** Where a comparison is made. */
export interface Place {
  /** `rule=majority`; empty without `each`. */
  readonly each: string;
  /** The same by axis. */
  readonly axes: Readonly<Record<string, string | number | boolean>>;
  /** Where it stands on the claim's axis; NaN without `along`. */
  readonly value: number;
}

/** One claim at one value of its axes, ready to be judged. */
export interface Comparison extends Place {
  /** Betas of the points; a single NaN where there is one point without a beta. */
  readonly betas: readonly number[];
  /** Left - right, or the logarithm of left / right, by point and then by replicate. */
  readonly differences: readonly (readonly number[])[];
  /** Means over replicates, by point. */
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Rms over replicates of the error within a replicate, by point; NaN if it is not known. */
  readonly withinError: readonly number[];
  /** What only one side has, in words. */
  readonly unpaired: readonly string[];
  /** Replicates that are not among the differences, as they lack a value. */
  readonly missing: number;
  /** The same in words; empty if there are none. */
  readonly missingText: string;
}

type Pair = readonly [Measured, Measured];

/**
 * A text says why there is nothing to compare: no row of one side has its pair on the other. Pairs of rows
 * without a value are compared, and nothing is decided on them, be they some or all.
 */
export function pairSides(
  claim: ClaimParam,
  replicate: string,
  left: Side,
  right: Side | number,
): Omit<Comparison, keyof Place> | string {
  const other = typeof right === "number" ? left : right;
  const ids = keysOf([...left.keys()], [...other.keys()]);
  const betas = keysOf(betasOf(left), betasOf(other));
  const at = (id: string, beta: number): Pair | undefined => {
    const l = left.get(id)!.get(beta);
    const r = typeof right === "number" ? { value: right, error: 0 } : right.get(id)!.get(beta);
    return l && r && Number.isFinite(l.value) && Number.isFinite(r.value) ? [l, r] : undefined;
  };
  const isLog = claim.scale === "log";
  const usable = (pair: Pair | undefined) =>
    pair !== undefined && !(isLog && pair.some(({ value }) => value <= 0));
  if (ids.both.length === 0) return `has no replicates (${replicate}) that left and right share`;
  if (betas.both.length === 0) return "has no betas that left and right share";

  const lacking = new Map<string, readonly number[]>();
  for (const id of ids.both) {
    const none = betas.both.filter((beta) => !usable(at(id, beta)));
    if (none.length > 0) lacking.set(id, none);
  }
  const complete = ids.both.filter((id) => !lacking.has(id));
  const pairs = betas.both.map((beta) => complete.map((id) => at(id, beta)!));
  return {
    unpaired: [...alone(`replicates (${replicate})`, ids), ...alone("betas", betas)],
    missing: lacking.size,
    missingText:
      lacking.size === 0
        ? ""
        : `${lacking.size} of ${ids.both.length} replicates (${replicate}) have no ` +
          `${isLog ? "positive value" : "value"}: ${lackingNames(lacking, betas.both.length)}; nothing is decided`,
    ...pointsOf(claim, betas.both, pairs),
  };
}

interface Keys<K> {
  readonly both: readonly K[];
  readonly one: readonly K[];
}

/** What both sides have, and what only one has. */
function keysOf<K>(left: readonly K[], right: readonly K[]): Keys<K> {
  const [l, r] = [new Set(left), new Set(right)];
  const all = [...new Set([...l, ...r])];
  const isShared = (key: K) => l.has(key) && r.has(key);
  return { both: all.filter(isShared), one: all.filter((key) => !isShared(key)) };
}

function betasOf(side: Side): number[] {
  const betas = [...side.values()].flatMap((row) => [...row.keys()]);
  return betas.sort((a, b) => a - b);
}

function alone<K extends string | number>(what: string, { both, one }: Keys<K>): string[] {
  if (one.length === 0) return [];
  return [
    `${one.length} of ${both.length + one.length} ${what} have no pair: ${some(inOrder(one))}`,
  ];
}

/** `2, 5 (at beta 0.2)`: where it lacks some of several betas, those too. */
function lackingNames(lacking: ReadonlyMap<string, readonly number[]>, betas: number): string {
  const names = inOrder([...lacking.keys()]).map((id) => {
    const none = lacking.get(id)!;
    return none.length === betas ? id : `${id} (at beta ${some(none)})`;
  });
  return some(names);
}

/** Numbers by size, also those written as text. */
function inOrder<K extends string | number>(keys: readonly K[]): K[] {
  return [...keys].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
}

/** A long list is cut, and its length is given. */
function some(items: readonly unknown[]): string {
  const shown = items.slice(0, 20).join(", ");
  return items.length > 20 ? `${shown} and ${items.length - 20} more` : shown;
}

type Pairs = readonly (readonly Pair[])[];

/** Differences by point: the mean over betas is one point, every beta is as many as there are. */
function pointsOf({ scale, over }: ClaimParam, betas: readonly number[], pairs: Pairs) {
  const scaled = (x: number) => (scale === "log" ? log(x) : x);
  const differences = pairs.map((point) =>
    point.map(([l, r]) => scaled(l.value) - scaled(r.value)),
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
