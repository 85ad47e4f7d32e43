/** Weighted linear least squares with few parameters. Knows nothing of what is fitted. */

export interface Fit {
  readonly coefficients: readonly number[];
  /** Their standard errors, if the weights are inverse variances. */
  readonly errors: readonly number[];
  /** Weighted sum of squared residuals. */
  readonly residual: number;
}

/**
 * Minimizes sum of w (y - sum_k c_k f_k)^2, with `design[i]` the f_k of point i, by the normal
 * equations: keep the f_k near 1 and few. Throws a RangeError where the points do not determine them.
 */
export function leastSquares(
  design: readonly (readonly number[])[],
  y: readonly number[],
  weights: readonly number[] = y.map(() => 1),
): Fit {
  const size = design[0]?.length ?? 0;
  const range = Array.from({ length: size }, (_, k) => k);
  const sum = (value: (i: number) => number) =>
    design.reduce((total, _, i) => total + weights[i]! * value(i), 0);
  const normal = range.map((k) => range.map((l) => sum((i) => design[i]![k]! * design[i]![l]!)));
  const inverse = invert(normal);
  const right = range.map((k) => sum((i) => design[i]![k]! * y[i]!));
  const coefficients = inverse.map((row) => row.reduce((total, a, k) => total + a * right[k]!, 0));
  const residual = sum((i) => {
    const fitted = range.reduce((total, k) => total + coefficients[k]! * design[i]![k]!, 0);
    return (y[i]! - fitted) * (y[i]! - fitted);
  });
  return { coefficients, errors: range.map((k) => Math.sqrt(inverse[k]![k]!)), residual };
}

/** Gauss and Jordan, with the largest pivot in its column. */
function invert(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, k) => Number(i === k))]);
  const largest = Math.max(...matrix.flat().map(Math.abs));
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column; i < n; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    }
    const value = rows[pivot]![column]!;
    if (!(Math.abs(value) > 1e-12 * largest)) {
      throw new RangeError("the points do not determine the fit");
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    rows[column] = rows[column]!.map((a) => a / value);
    for (let i = 0; i < n; i++) {
      const factor = rows[i]![column]!;
      if (i !== column) rows[i] = rows[i]!.map((a, k) => a - factor * rows[column]![k]!);
    }
  }
  return rows.map((row) => row.slice(n));
}
