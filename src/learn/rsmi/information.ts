/**
 * A lower bound of the mutual information between a block spin and its environment, and its gradient.
 *
 * The block spin is h = +-1 with mean m = tanh(w v), odd in the spins v of its window. For any guess q of
 * h from the environment e, I(h; e) >= H(h) + <ln q(h|e)> (Barber and Agakov, NIPS 2003), with equality
 * where q is P(h|e). With <h|e> = tanh g, g odd in e, and an ensemble in which s and -s are as likely,
 * H(h) = ln 2 and the bound is
 *
 *   J(w, q) = < m g - ln cosh g >,   dJ/dm = g,   dJ/dg = m - tanh g,
 *
 * which never exceeds ln 2, whatever the numbers. Here g = u e, a logistic regression: for blocks of the Ising
 * model the bound is then within 1e-3 of the information (test/learn/rsmi).
 * Knows no lattices and no optimizer.
 */
import { exp, log1p, tanh } from "../../math/index.ts";

/** Blocks with their environments. */
export interface Examples {
  readonly rows: number;
  /** Spins of the window, row by row. */
  readonly visible: Float64Array;
  /** Spins of the environment, row by row. */
  readonly environment: Float64Array;
  /** What each row counts; they need not add up to 1. */
  readonly weights: Float64Array;
}

export interface Sizes {
  /** Spins that the filter sees. */
  readonly visible: number;
  readonly environment: number;
}

/** All numbers one behind the other: w, then u. */
export type Parameters = Float64Array;

/** ln cosh x, also where cosh x overflows. */
function logCosh(x: number): number {
  const size = Math.abs(x);
  return size + log1p(exp(-2 * size)) - Math.LN2;
}

/** How the block spin is made of w v. */
export type Draw = "sample" | "sign";

/**
 * The weighted mean of the bound over rows `order[from]` to `order[to - 1]` of the examples, in nats;
 * adds its gradient to `gradient` if there is one. `sign`: h is the sign of w v (a coin for 0) and no
 * gradient of the filter goes through it.
 */
export function information(
  sizes: Sizes,
  parameters: Parameters,
  examples: Examples,
  rows: { readonly order: ArrayLike<number>; readonly from: number; readonly to: number },
  { draw = "sample", gradient }: { draw?: Draw; gradient?: Float64Array } = {},
): number {
  const { visible, environment } = sizes;
  let [sum, total] = [0, 0];
  for (let i = rows.from; i < rows.to; i++) total += examples.weights[rows.order[i]!]!;
  for (let i = rows.from; i < rows.to; i++) {
    const row = rows.order[i]!;
    const [v, e] = [row * visible, row * environment];
    const field = dot(parameters, 0, examples.visible, v, visible);
    const m = draw === "sign" ? Math.sign(field) : tanh(field);
    const g = dot(parameters, visible, examples.environment, e, environment);
    const weight = examples.weights[row]! / total;
    sum += weight * (m * g - logCosh(g));
    if (!gradient) continue;
    addTo(gradient, 0, examples.visible, v, visible, weight * g * (1 - m * m));
    addTo(gradient, visible, examples.environment, e, environment, weight * (m - tanh(g)));
  }
  return sum;
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += a[i + k]! * b[j + k]!;
  return sum;
}

function addTo(
  into: Float64Array,
  i: number,
  values: Float64Array,
  j: number,
  n: number,
  factor: number,
): void {
  for (let k = 0; k < n; k++) into[i + k]! += factor * values[j + k]!;
}
