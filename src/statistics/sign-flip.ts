/**
 * The exact sign-flip test (Fisher 1935): if differences lie symmetrically about a bound, each sign was as
 * likely to be the other. Nothing needs to be normal. Knows nothing of claims.
 */

/** With more values the sums take too long, and a t test needs no help. */
const most = 32;

/**
 * One-sided p value of H0: the values lie symmetrically about `bound`, or below it: the share of all 2^n
 * choices of signs whose sum is no less than the one that was seen. Never below 2^-n. NaN for fewer
 * than two values, and for more than 32.
 */
export function pFlip(values: readonly number[], bound: number): number {
  const n = values.length;
  if (n < 2 || n > most) return Number.NaN;
  const moved = values.map((value) => value - bound);
  const seen = moved.reduce((sum, x) => sum + x, 0);
  // Sums of the same numbers in another order may differ in the last bits.
  const least = seen - 1e-12 * moved.reduce((sum, x) => sum + Math.abs(x), 0);
  // Every sum is one of the first half and one of the second (Horowitz and Sahni 1974).
  const first = sumsOf(moved.slice(0, n >> 1));
  const second = sumsOf(moved.slice(n >> 1));
  let count = 0;
  let from = second.length;
  for (const sum of first) {
    while (from > 0 && sum + second[from - 1]! >= least) from--;
    count += second.length - from;
  }
  return count / 2 ** n;
}

/** Of all choices of signs, ascending. */
function sumsOf(values: readonly number[]): Float64Array {
  const sums = new Float64Array(2 ** values.length);
  for (const [i, x] of values.entries()) {
    const filled = 2 ** i;
    for (let k = 0; k < filled; k++) {
      sums[filled + k] = sums[k]! - x;
      sums[k]! += x;
    }
  }
  return sums.sort();
}
