/** Couplings of a Hamiltonian from configurations, by maximum pseudo-likelihood. Knows no tables. */
import type { Coupling } from "../../lattice/couplings.ts";
import { alignedFields } from "../../lattice/local-fields.ts";
import { exp, log1p, tanh } from "../../math/index.ts";
import { solve } from "../../statistics/eigenvalue.ts";
import { blockBounds } from "../../statistics/jackknife.ts";

export interface Fit {
  /** K of each coupling, in units of k T. */
  readonly values: readonly number[];
  /** The same without each of the blocks of configurations in turn. */
  readonly leftOut: readonly (readonly number[])[];
  /** Mean of ln P(s_x | all other spins) at the maximum, in nats a site. */
  readonly logLikelihood: number;
}

/** Derivatives of the sum of ln P(s_x | rest) by the couplings. */
interface Slopes {
  readonly gradient: number[];
  /** Minus the second derivatives, row by row. */
  readonly curvature: number[][];
  value: number;
}

const mostSteps = 50;

/**
 * The couplings that maximize sum ln P(s_x | rest), P(s_x | rest) = 1 / (1 + exp(-2 s_x h_x)) with the
 * field h_x = sum_k K_k f_k,x (Besag, J. R. Stat. Soc. D 24, 179 (1975)), over all sites of rows of
 * +-1. Newton's method: the sum is concave. A block left out is one Newton step away, up to the square
 * of that small step. Undefined where there is no single maximum, as where all spins are equal.
 */
export function fitCouplings(
  spins: Int8Array,
  size: number,
  couplings: readonly Coupling[],
  blocks: number,
): Fit | undefined {
  const [n, sites] = [couplings.length, size * size];
  const rows = spins.length / sites;
  const fields = new Int8Array(spins.length * n);
  const write = alignedFields(size, couplings);
  for (let row = 0; row < rows; row++) {
    write(spins.subarray(row * sites, (row + 1) * sites), fields, row * sites * n);
  }
  const bounds = blockBounds(rows, blocks);
  let values: readonly number[] = new Array<number>(n).fill(0);
  for (let step = 0; step < mostSteps; step++) {
    const parts = bounds.slice(1).map((end, b) => {
      return slopes(fields.subarray(bounds[b]! * sites * n, end * sites * n), values);
    });
    const total = parts.reduce(plus);
    const move = stepOf(total);
    if (!move) return undefined;
    values = values.map((value, k) => value + move[k]!);
    if (!values.every((value) => Math.abs(value) < 100)) return undefined;
    if (!move.every((d) => Math.abs(d) < 1e-10)) continue;
    const leftOut = parts.map((part) => stepOf(minus(total, part)));
    if (leftOut.includes(undefined)) return undefined;
    return {
      values,
      leftOut: leftOut.map((d) => values.map((value, k) => value + d![k]!)),
      logLikelihood: total.value / (rows * sites),
    };
  }
  return undefined;
}

function slopes(fields: Int8Array, values: readonly number[]): Slopes {
  const n = values.length;
  const gradient = new Array<number>(n).fill(0);
  const curvature = gradient.map(() => new Array<number>(n).fill(0));
  let value = 0;
  for (let at = 0; at < fields.length; at += n) {
    let field = 0;
    for (let k = 0; k < n; k++) field += values[k]! * fields[at + k]!;
    const mean = tanh(field);
    value -= Math.max(0, -2 * field) + log1p(exp(-2 * Math.abs(field)));
    const weight = 1 - mean * mean;
    for (let k = 0; k < n; k++) {
      const own = fields[at + k]!;
      if (own === 0) continue;
      gradient[k]! += own * (1 - mean);
      const row = curvature[k]!;
      for (let j = 0; j <= k; j++) row[j]! += weight * own * fields[at + j]!;
    }
  }
  for (let k = 0; k < n; k++) for (let j = 0; j < k; j++) curvature[j]![k] = curvature[k]![j]!;
  return { gradient, curvature, value };
}

function stepOf({ gradient, curvature }: Slopes): number[] | undefined {
  return solve(
    curvature,
    gradient.map((slope) => [slope]),
  )?.map((row) => row[0]!);
}

function combine(a: Slopes, b: Slopes, sign: number): Slopes {
  return {
    gradient: a.gradient.map((x, k) => x + sign * b.gradient[k]!),
    curvature: a.curvature.map((row, k) => row.map((x, j) => x + sign * b.curvature[k]![j]!)),
    value: a.value + sign * b.value,
  };
}
const plus = (a: Slopes, b: Slopes) => combine(a, b, 1);
const minus = (a: Slopes, b: Slopes) => combine(a, b, -1);
