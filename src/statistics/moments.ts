/** Mean, variance, standard error and quantiles of a sample. Knows nothing of what was sampled. */

/** Arithmetic mean; NaN for an empty sample. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Unbiased variance (n - 1), by the corrected two-pass algorithm; NaN for n < 2. */
export function variance(values: ArrayLike<number>): number {
  const n = values.length;
  if (n < 2) return Number.NaN;
  const center = mean(values);
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i]! - center;
    squares += d * d;
    rest += d;
  }
  return (squares - (rest * rest) / n) / (n - 1);
}

/** Standard error of the mean of independent values; NaN for n < 2. */
export function standardError(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values) / values.length);
}

/** Linear interpolation between order statistics (Hyndman & Fan type 7). */
export function sortedQuantile(sorted: ArrayLike<number>, p: number): number {
  const position = p * (sorted.length - 1);
  const i = Math.min(sorted.length - 2, Math.floor(position));
  return sorted[i]! + (position - i) * (sorted[i + 1]! - sorted[i]!);
}
