/** The normal and Student's t distribution: probabilities and quantiles. */
import { log } from "../math/index.ts";
import { incompleteBeta, incompleteGammaUpper } from "./special.ts";

/** P(Z <= z) of a standard normal Z. */
export function normalCdf(z: number): number {
  const tail = incompleteGammaUpper(0.5, (z * z) / 2) / 2;
  return z < 0 ? tail : 1 - tail;
}

/** The z with P(Z <= z) = p (Wichura 1988, AS 241, PPND16: relative error about 1e-16). */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : Number.NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(centerTop, r)) / polynomial(centerBottom, r);
  }
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const z =
    r <= 5
      ? polynomial(middleTop, r - 1.6) / polynomial(middleBottom, r - 1.6)
      : polynomial(tailTop, r - 5) / polynomial(tailBottom, r - 5);
  return q < 0 ? -z : z;
}

/** P(T > t) of Student's t with `df` > 0 degrees of freedom: accurate far out in the tail. */
export function tUpperTail(t: number, df: number): number {
  if (t === Infinity) return 0;
  if (t === -Infinity) return 1;
  const tail = incompleteBeta(df / 2, 0.5, df / (df + t * t)) / 2;
  return t < 0 ? 1 - tail : tail;
}

/** P(T <= t) of Student's t with `df` > 0 degrees of freedom. */
export function tCdf(t: number, df: number): number {
  return tUpperTail(-t, df);
}

/** The t with P(T <= t) = p: bisection to the last bit, so that it is monotone in p. */
export function tQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : Number.NaN;
  const key = `${p} ${df}`;
  const found = known.get(key) ?? (p < 0.5 ? -upperQuantile(p, df) : upperQuantile(1 - p, df));
  if (known.size > 1000) known.clear();
  known.set(key, found);
  return found;
}

/** Quantiles that were asked for: a family asks for one again and again. */
const known = new Map<string, number>();

/** The t >= 0 with P(T > t) = tail, for tail <= 1/2. */
function upperQuantile(tail: number, df: number): number {
  let low = 0;
  let high = 1;
  while (tUpperTail(high, df) > tail) {
    low = high;
    high *= 2;
  }
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (tUpperTail(middle, df) > tail) low = middle;
    else high = middle;
  }
}

/** Horner's rule; coefficients from the constant up. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((value, c) => value * x + c, 0);
}

const centerTop = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const centerBottom = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852546,
];
const middleTop = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const middleBottom = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
  0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
];
const tailTop = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
  0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const tailBottom = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];
