/** An order parameter's moments per beta and where its susceptibility peaks. Knows no ports. */
import { groupRows } from "../../statistics/groups.ts";
import {
  blockBounds,
  jackknifeBlocks,
  jackknifeError,
  jackknifeMeans,
} from "../../statistics/jackknife.ts";
import { leastSquares } from "../../statistics/least-squares.ts";
import { defined } from "../shared/tables.ts";

/** z of every configuration. */
export interface Measured {
  readonly beta: ArrayLike<number>;
  readonly z: Float64Array;
}

/** <z^2> - <|z|>^2 from means of (z, |z|, z^2, z^4). */
const variance = (m: ArrayLike<number>) => Math.max(0, m[2]! - m[1]! * m[1]!);
const powers = (z: number) => [z, Math.abs(z), z * z, z * z * z * z];

/** One row a beta. */
export function orderRows({ beta, z }: Measured, sites: number) {
  return groupRows(beta).map(({ value, rows }) => {
    const moments = Float64Array.from([...rows].flatMap((row) => powers(z[row]!)));
    const [mean, absolute, susceptibility, binder] = jackknifeMeans(moments, 4, [
      (m) => m[0]!,
      (m) => m[1]!,
      (m) => sites * variance(m),
      (m) => (m[2]! > 0 ? 1 - m[3]! / (3 * m[2]! * m[2]!) : Number.NaN),
    ]);
    return {
      beta: value,
      configurations: rows.length,
      mean: mean!.value,
      mean_se: defined(mean!.error),
      mean_abs: absolute!.value,
      mean_abs_se: defined(absolute!.error),
      susceptibility: susceptibility!.value,
      susceptibility_se: defined(susceptibility!.error),
      binder: defined(binder!.value),
      binder_se: defined(binder!.error),
    };
  });
}

export interface Peak {
  readonly beta: number;
  readonly height: number;
}

/**
 * The vertex of a parabola through the largest of `values` and up to `reach` neighbours on each side,
 * by least squares; undefined where the largest stands at an end, or the parabola opens upwards.
 */
export function peakOf(
  betas: readonly number[],
  values: readonly number[],
  reach: number,
): Peak | undefined {
  const top = values.indexOf(Math.max(...values));
  if (top <= 0 || top >= values.length - 1) return undefined;
  const around = Array.from(values.keys()).slice(Math.max(0, top - reach), top + reach + 1);
  // In units of the widest distance, so that the normal equations keep their digits.
  const scale = Math.max(...around.map((i) => Math.abs(betas[i]! - betas[top]!)));
  const design = around.map((i) => {
    const x = (betas[i]! - betas[top]!) / scale;
    return [1, x, x * x];
  });
  const { coefficients } = leastSquares(
    design,
    around.map((i) => values[i]!),
  );
  const [a, b, c] = coefficients as [number, number, number];
  if (!(c < 0) || Math.abs(b) > -2 * c) return undefined;
  return { beta: betas[top]! - (scale * b) / (2 * c), height: a - (b * b) / (4 * c) };
}

/** The susceptibility's peak with its block jackknife errors; undefined where there is none. */
export function susceptibilityPeak({ beta, z }: Measured, sites: number, reach: number) {
  const groups = groupRows(beta);
  const betas = groups.map(({ value }) => value);
  const blocks = Math.min(jackknifeBlocks, ...groups.map(({ rows }) => rows.length));
  /** Means without one block of every beta; all of them for -1. */
  const susceptibilities = (without: number) =>
    groups.map(({ rows }) => {
      const bounds = blockBounds(rows.length, blocks);
      const sums = [0, 0, 0, 0];
      let count = 0;
      for (const [i, row] of rows.entries()) {
        if (without >= 0 && i >= bounds[without]! && i < bounds[without + 1]!) continue;
        for (const [k, power] of powers(z[row]!).entries()) sums[k]! += power;
        count++;
      }
      return sites * variance(sums.map((sum) => sum / count));
    });
  const peak = peakOf(betas, susceptibilities(-1), reach);
  if (!peak || blocks < 2) return peak && { ...peak, betaError: null, heightError: null };
  const leftOut = Array.from({ length: blocks }, (_, b) =>
    peakOf(betas, susceptibilities(b), reach),
  );
  const error = (value: (peak: Peak) => number) =>
    leftOut.some((one) => one === undefined)
      ? null
      : defined(jackknifeError(leftOut.map((one) => value(one!))));
  return { ...peak, betaError: error((one) => one.beta), heightError: error((one) => one.height) };
}
