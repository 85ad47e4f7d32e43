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
  const rows = values.length / width;
  const bounds = blockBounds(rows);
  const sums = bounds.slice(1).map((end, b) => columnSums(values, width, bounds[b]!, end));
  const means = blockMeans(rows, sums);
  const { all, blocks } = means;
  const without = sums.map((_, b) => all.map((__, k) => means.leftOut[k * blocks + b]!));
  return statistics.map((statistic) => {
    const leftOut = without.map(statistic);
    return { value: statistic(all), error: jackknifeError(leftOut), leftOut };
  });
}

/** Means of columns over all rows, and over all but one block in turn. */
export interface BlockMeans {
  readonly blocks: number;
  readonly all: Float64Array<ArrayBuffer>;
  /** Of column k without block b at k * blocks + b. */
  readonly leftOut: Float64Array<ArrayBuffer>;
}

/** From the sums over each of the blocks of so many rows, which need not be in memory all at once. */
export function blockMeans(rows: number, sums: readonly Float64Array[]): BlockMeans {
  const [blocks, width] = [sums.length, sums[0]?.length ?? 0];
  const bounds = blockBounds(rows);
  const left = sums.map((_, b) => rows - (bounds[b + 1]! - bounds[b]!));
  const all = new Float64Array(width);
  const leftOut = new Float64Array(width * blocks);
  // Some columns at a time, whose values stay in a cache. Small functions that are called often are compiled
  // once; a long loop would be compiled in each call.
  for (let from = 0; from < width; from += columnsAtOnce) {
    const to = Math.min(width, from + columnsAtOnce);
    for (const sum of sums) addTo(all, sum, from, to);
    for (let b = 0; b < blocks; b++)
      leaveOut(all, sums[b]!, left[b]!, from, to, leftOut, b, blocks);
    for (let k = from; k < to; k++) all[k]! /= rows;
  }
  return { blocks, all, leftOut };
}

const columnsAtOnce = 512;

function addTo(total: Float64Array, more: Float64Array, from: number, to: number): void {
  for (let k = from; k < to; k++) total[k]! += more[k]!;
}

/** Means without a block, whose sums are `sum`: of column k at k * step + at. */
function leaveOut(
  total: Float64Array,
  sum: Float64Array,
  rows: number,
  from: number,
  to: number,
  out: Float64Array,
  at: number,
  step: number,
): void {
  for (let k = from, place = at + from * step; k < to; k++, place += step) {
    out[place] = (total[k]! - sum[k]!) / rows;
  }
}

/** `jackknifeError` of each of the first columns, of whose values without block b `less[b]` is taken off. */
export function jackknifeErrors(
  { blocks, leftOut }: BlockMeans,
  columns: number,
  less: Float64Array = new Float64Array(blocks),
): Float64Array<ArrayBuffer> {
  const errors = new Float64Array(columns).fill(Number.NaN);
  if (blocks < 2) return errors;
  for (let k = 0; k < columns; k += 2) {
    setTwoErrors(errors, k, Math.min(k + 1, columns - 1), leftOut, less);
  }
  return errors;
}

/** Of two columns at a time, whose sums do not wait for each other. */
function setTwoErrors(
  errors: Float64Array,
  k: number,
  l: number,
  leftOut: Float64Array,
  less: Float64Array,
): void {
  const blocks = less.length;
  const [first, second] = [k * blocks, l * blocks];
  let [sum, sum2] = [0, 0];
  for (let b = 0; b < blocks; b++) {
    sum += leftOut[first + b]! - less[b]!;
    sum2 += leftOut[second + b]! - less[b]!;
  }
  const [center, center2] = [sum / blocks, sum2 / blocks];
  let [squares, squares2] = [0, 0];
  for (let b = 0; b < blocks; b++) {
    const d = leftOut[first + b]! - less[b]! - center;
    const d2 = leftOut[second + b]! - less[b]! - center2;
    squares += d * d;
    squares2 += d2 * d2;
  }
  errors[k] = Math.sqrt(((blocks - 1) / blocks) * squares);
  errors[l] = Math.sqrt(((blocks - 1) / blocks) * squares2);
}

function columnSums(values: Float64Array, width: number, from: number, to: number): Float64Array {
  const sums = new Float64Array(width);
  for (let at = from * width; at < to * width; ) {
    for (let k = 0; k < width; k++, at++) sums[k]! += values[at]!;
  }
  return sums;
}
