/** Mutual information of two discrete variables from counts, in nats. Knows nothing of what they are. */
import { entropyOfCounts } from "./entropy.ts";
import { jackknifeError } from "./jackknife.ts";
import { mean } from "./moments.ts";

/**
 * I(A; Z) = H(A) + H(Z) - H(A, Z) of `joint`, a row of `columns` counts for each value of A. Biased high
 * by about (K_A - 1)(K_Z - 1) / 2n for n independent pairs (Miller 1955; Panzeri and Treves, Network 7,
 * 87 (1996)), less where most of the K_A K_Z pairs never occur.
 */
export function mutualInformation(joint: Float64Array, columns: number): number {
  const rows = joint.length / columns;
  const [a, z] = [new Float64Array(rows), new Float64Array(columns)];
  for (const [at, count] of joint.entries()) {
    a[Math.floor(at / columns)]! += count;
    z[at % columns]! += count;
  }
  return entropyOfCounts(a) + entropyOfCounts(z) - entropyOfCounts(joint);
}

/** A statistic of counts without its bias of order 1/n, and its standard error. */
export interface Unbiased {
  readonly value: number;
  /** NaN for a single block, whose bias cannot be told either. */
  readonly error: number;
  /** With its bias. */
  readonly plugin: number;
}

/**
 * B f - (B - 1) mean f_b, with f_b the statistic without block b of B equal ones: whatever bias f has in
 * 1/n is gone, and what is left is of order 1/n^2 (Quenouille, Biometrika 43, 353 (1956)). Unlike a
 * formula for independent pairs, this counts what pairs of one configuration have in common.
 * @param blocks counts of each block, all of one length.
 */
export function jackknifedCounts(
  blocks: readonly Float64Array[],
  statistic: (counts: Float64Array) => number,
): Unbiased {
  const total = new Float64Array(blocks[0]!.length);
  for (const block of blocks) for (let k = 0; k < total.length; k++) total[k]! += block[k]!;
  const plugin = statistic(total);
  if (blocks.length < 2) return { value: plugin, error: Number.NaN, plugin };
  const leftOut = blocks.map((block) => statistic(total.map((count, k) => count - block[k]!)));
  const value = blocks.length * plugin - (blocks.length - 1) * mean(leftOut);
  return { value, error: jackknifeError(leftOut), plugin };
}
