/** Where two measured curves meet, and how much steeper one is there. Knows nothing of what they are. */
import { leastSquares } from "./least-squares.ts";

export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Standard errors of y, all above 0. */
  readonly errors: readonly number[];
}

export interface Crossing {
  readonly x: number;
  readonly xError: number;
  /** Slope of the first curve over that of the second where they meet. */
  readonly ratio: number;
  readonly ratioError: number;
  /** What both are where they meet. */
  readonly y: number;
  /** Squared residuals over squared errors, of both fits, and their degrees of freedom. */
  readonly chiSquare: number;
  readonly degrees: number;
}

/**
 * Fits a polynomial of this degree to each curve, by least squares with inverse variances, and finds the
 * point between the least and the largest x where the polynomials are equal, the one nearest to the
 * middle; undefined if there is none. Errors follow from those of the y, to first order: each y is moved
 * by its error and the crossing found again. Throws a RangeError where points do not determine a fit.
 */
export function crossing(a: Curve, b: Curve, degree: number): Crossing | undefined {
  const found = meet(a, b, degree);
  if (!found) return undefined;
  let [xSquares, ratioSquares] = [0, 0];
  for (const which of [0, 1] as const) {
    const curve = [a, b][which]!;
    for (const i of curve.x.keys()) {
      const y = curve.y.map((value, k) => (k === i ? value + curve.errors[i]! : value));
      const moved = { ...curve, y };
      const other = which === 0 ? meet(moved, b, degree) : meet(a, moved, degree);
      // Moved out of sight: an error as large as the range says so.
      const range = Math.max(...a.x) - Math.min(...a.x);
      const [dx, dRatio] = other
        ? [other.x - found.x, other.ratio - found.ratio]
        : [range, found.ratio];
      xSquares += dx * dx;
      ratioSquares += dRatio * dRatio;
    }
  }
  return { ...found, xError: Math.sqrt(xSquares), ratioError: Math.sqrt(ratioSquares) };
}

function meet(a: Curve, b: Curve, degree: number) {
  const all = [...a.x, ...b.x];
  const [from, to] = [Math.min(...all), Math.max(...all)];
  const [center, half] = [(from + to) / 2, (to - from) / 2];
  const fits = [a, b].map(({ x, y, errors }) =>
    leastSquares(
      x.map((value) => powers((value - center) / half, degree)),
      y,
      errors.map((error) => 1 / (error * error)),
    ),
  );
  const [first, second] = fits.map(({ coefficients }) => coefficients) as [number[], number[]];
  const at = nearestRoot(first.map((c, k) => c - second[k]!));
  if (at === undefined) return undefined;
  return {
    x: center + half * at,
    y: valueAt(first, at),
    ratio: slopeAt(first, at) / slopeAt(second, at),
    chiSquare: fits.reduce((sum, { residual }) => sum + residual, 0),
    degrees: all.length - 2 * (degree + 1),
  };
}

/** The root of a polynomial nearest to 0 between -1 and 1, by bisection of a fine grid's cells. */
function nearestRoot(coefficients: readonly number[]): number | undefined {
  const cells = 400;
  const grid = Array.from({ length: cells + 1 }, (_, i) => (2 * i) / cells - 1);
  const values = grid.map((x) => valueAt(coefficients, x));
  let best: number | undefined;
  for (let i = 0; i < cells; i++) {
    if (values[i]! * values[i + 1]! > 0) continue;
    let [low, high] = [grid[i]!, grid[i + 1]!];
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      const isAbove = valueAt(coefficients, middle) * values[i]! > 0;
      if (isAbove) low = middle;
      else high = middle;
    }
    if (best === undefined || Math.abs(low) < Math.abs(best)) best = low;
  }
  return best;
}

function valueAt(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, c) => sum * x + c, 0);
}

function slopeAt(coefficients: readonly number[], x: number): number {
  return valueAt(
    coefficients.slice(1).map((c, k) => c * (k + 1)),
    x,
  );
}

/** 1, x, x^2, ... by products, so that they are the same everywhere. */
function powers(x: number, degree: number): number[] {
  const all = [1];
  for (let k = 1; k <= degree; k++) all.push(all[k - 1]! * x);
  return all;
}
