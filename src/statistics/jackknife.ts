/** The block jackknife: standard errors of any statistic of correlated rows. */
import { mean } from "./moments.ts";

/** The number of blocks where there are enough rows. */
export const jackknifeBlocks = 20;

/**
 * Boundaries of `blocks` contiguous blocks of nearly equal length: block b is rows
 * [bounds[b], bounds[b + 1]). Never more blocks than rows.
 */
export function blockBounds(rows: number, blocks: number = jackknifeBlocks): number[] {
  const count = Math.min(blocks, rows);
  return Array.from({ length: count + 1 }, (_, b) => Math.floor((b * rows) / count));
}

/**
 * Standard error from the leave-one-block-out values f_b of a statistic:
 * sigma^2 = (B - 1) / B sum (f_b - mean f)^2 (Quenouille 1956, Tukey 1958). NaN for B < 2.
 */
export function jackknifeError(leftOut: ArrayLike<number>): number {
  const blocks = leftOut.length;
  if (blocks < 2) return Number.NaN;
  const center = mean(leftOut);
  let squares = 0;
  for (let b = 0; b < blocks; b++) squares += (leftOut[b]! - center) * (leftOut[b]! - center);
  return Math.sqrt(((blocks - 1) / blocks) * squares);
}

/** A statistic of means, and its block jackknife error (NaN where there is a single row). */
export interface Jackknifed {
  readonly value: number;
  readonly error: number;
  /** Without each of the blocks in turn. */
  readonly leftOut: readonly number[];
}

/**
 * Statistics of the column means of `rows` x `width` values: each function gets the means over all
 * rows, then over all but one block.
 */
export function jackknifeMeans(
  values: Float64Array,
  width: number,
  statistics: readonly ((means: Float64Array) => number)[],
): Jackknifed[] {
  const sumOver = (from: number, to: number) => columnSums(values, width, from, to);
  return jackknifeSums(values.length / width, sumOver, statistics);
}

/** The same for rows that are never all in memory: `sumOver` gives the sums over rows [from, to). */
export function jackknifeSums(
  rows: number,
  sumOver: (from: number, to: number) => Float64Array,
  statistics: readonly ((means: Float64Array) => number)[],
): Jackknifed[] {
  const bounds = blockBounds(rows);
  const blocks = bounds.slice(1).map((end, b) => sumOver(bounds[b]!, end));
  const total = new Float64Array(blocks[0]?.length ?? 0);
  for (const block of blocks) for (let k = 0; k < total.length; k++) total[k]! += block[k]!;
  const means = total.map((sum) => sum / rows);
  const meansWithout = blocks.map((block, b) => {
    const left = rows - (bounds[b + 1]! - bounds[b]!);
    return total.map((sum, k) => (sum - block[k]!) / left);
  });
  return statistics.map((statistic) => {
    const leftOut = meansWithout.map(statistic);
    return { value: statistic(means), error: jackknifeError(leftOut), leftOut };
  });
}

function columnSums(values: Float64Array, width: number, from: number, to: number): Float64Array {
  const sums = new Float64Array(width);
  for (let at = from * width; at < to * width; ) {
    for (let k = 0; k < width; k++, at++) sums[k]! += values[at]!;
  }
  return sums;
}
