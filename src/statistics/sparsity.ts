/**
 * How concentrated a weight vector is. Every measure ignores signs and overall scale, and stands
 * beside its value for independent Gaussian entries, which is where an untrained layer begins.
 */

/**
 * Hoyer's sparsity (sqrt n - |w|_1 / |w|_2) / (sqrt n - 1): 0 for equal magnitudes, 1 for a single
 * entry (Hoyer, JMLR 5, 1457, 2004). NaN for a zero vector or n < 2.
 */
export function hoyer(weights: ArrayLike<number>): number {
  const root = Math.sqrt(weights.length);
  const { absolute, squares } = sums(weights);
  if (squares === 0 || weights.length < 2) return Number.NaN;
  return (root - absolute / Math.sqrt(squares)) / (root - 1);
}

/** Hoyer's sparsity of many Gaussian entries: 1 - sqrt(2/pi). */
export const hoyerGaussian = 1 - Math.sqrt(2 / Math.PI);

/**
 * Gini index of the magnitudes, sum_i (2i - n - 1) |w|_(i) / (n sum |w|), sorted up: 0 for equal
 * magnitudes, 1 - 1/n for a single entry (Hurley & Rickard 2009). NaN for a zero vector.
 */
export function gini(weights: ArrayLike<number>): number {
  const n = weights.length;
  const sorted = Float64Array.from(weights, Math.abs).sort();
  let weighted = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    weighted += (2 * (i + 1) - n - 1) * sorted[i]!;
    total += sorted[i]!;
  }
  return weighted / (n * total);
}

/** Gini index of many half-normal magnitudes: sqrt 2 - 1. */
export const giniGaussian = Math.SQRT2 - 1;

/**
 * Participation ratio (sum w^2)^2 / sum w^4: how many entries carry the weight, 1 for a single
 * entry, n for equal magnitudes. NaN for a zero vector.
 */
export function participationRatio(weights: ArrayLike<number>): number {
  const { squares, fourths } = sums(weights);
  return (squares * squares) / fourths;
}

/** Participation ratio of n Gaussian entries, as n grows: n / 3. */
export function participationRatioGaussian(n: number): number {
  return n / 3;
}

/** Share of entries of a unit with |w| < epsilon max |w|. NaN for a zero vector. */
export function nearZeroShare(weights: ArrayLike<number>, epsilon: number): number {
  const n = weights.length;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(weights[i]!));
  if (!(largest > 0)) return Number.NaN;
  let count = 0;
  for (let i = 0; i < n; i++) if (Math.abs(weights[i]!) < epsilon * largest) count++;
  return count / n;
}

function sums(weights: ArrayLike<number>) {
  let absolute = 0;
  let squares = 0;
  let fourths = 0;
  for (let i = 0; i < weights.length; i++) {
    const square = weights[i]! * weights[i]!;
    absolute += Math.abs(weights[i]!);
    squares += square;
    fourths += square * square;
  }
  return { absolute, squares, fourths };
}
