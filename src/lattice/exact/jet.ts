/** Functions of one variable with their first two derivatives, and what becomes of these. */
import { exp, log } from "../../math/index.ts";

export type Jet = readonly [value: number, first: number, second: number];

export const zero: Jet = [0, 0, 0];
export const one: Jet = [1, 0, 0];

export function plus(a: Jet, b: Jet): Jet {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function times(k: number, a: Jet): Jet {
  return [k * a[0], k * a[1], k * a[2]];
}

export function product([a, a1, a2]: Jet, [b, b1, b2]: Jet): Jet {
  return [a * b, a1 * b + a * b1, a2 * b + 2 * a1 * b1 + a * b2];
}

/** e^a. */
export function expOf([a, a1, a2]: Jet): Jet {
  const value = exp(a);
  return [value, value * a1, value * (a2 + a1 * a1)];
}

/** ln a, for a > 0. */
export function logOf([a, a1, a2]: Jet): Jet {
  const first = a1 / a;
  return [log(a), first, a2 / a - first * first];
}
