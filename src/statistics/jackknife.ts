/** The block jackknife: standard errors of any statistic of correlated rows. */
import { mean } from "./moments.ts";

/** As many blocks as this where the rows suffice. */
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
