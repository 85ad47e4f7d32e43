/**
 * Probabilities as the kernels compare them: integers q for which u < q, u uniform on 0 to 2^64 - 1,
 * has the probability q / 2^64. Off by 2^-64 at most from the portable functions' values.
 */
import { exp, expm1 } from "../../math/index.ts";

const most = (1n << 64n) - 1n;

/** The greatest q at most p 2^64, for p in [0, 1]; 2^64 - 1 for p = 1. */
export function quantize(p: number): bigint {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`expected a probability, got ${p}`);
  // 2^64 p = 2^32 high + low, without rounding: p has at most 53 significant bits.
  const scaled = p * 2 ** 32;
  const high = Math.floor(scaled);
  const low = Math.floor((scaled - high) * 2 ** 32);
  const q = (BigInt(high) << 32n) | BigInt(low);
  return q > most ? most : q;
}

/** Metropolis: the probabilities of accepting dE = 4 and dE = 8. */
export function metropolisThresholds(beta: number): readonly [bigint, bigint] {
  return [quantize(exp(-4 * beta)), quantize(exp(-8 * beta))];
}

/** Heat bath: the probabilities of pointing against a field of 2 and of 4. */
export function heatBathThresholds(beta: number): readonly [bigint, bigint] {
  return [quantize(1 / (1 + exp(4 * beta))), quantize(1 / (1 + exp(8 * beta)))];
}

/** Clusters: the probability of a bond between equal neighbours, 1 - exp(-2 beta). */
export function bondThreshold(beta: number): bigint {
  return quantize(-expm1(-2 * beta));
}

/**
 * What `sweepLocal` reads for a pair of thresholds: for bits 63 to 0, the first's bit plus twice the
 * second's.
 */
export function bitPairs([first, second]: readonly [bigint, bigint]): Uint8Array {
  return Uint8Array.from({ length: 64 }, (_, i) => {
    const bitOf = (threshold: bigint) => Number((threshold >> BigInt(63 - i)) & 1n);
    return bitOf(first) + 2 * bitOf(second);
  });
}
