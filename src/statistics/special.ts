/**
 * Special functions for the distributions, with the same bits on every machine.
 * Formulas by their numbers in the NIST Digital Library of Mathematical Functions (DLMF).
 */
import { exp, log, log1p, sin } from "../math/index.ts";

const epsilon = 2 ** -52;
const lanczosG = 7;
// Godfrey's coefficients for g = 7, n = 9: relative error below 1e-15 for x > 0.
const lanczos = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** ln Gamma(x) for x > 0 (Lanczos 1964). */
export function logGamma(x: number): number {
  if (x < 0.5) return log(Math.PI / sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + lanczosG - 0.5;
  let series = lanczos[0]!;
  for (let i = 1; i < lanczos.length; i++) series += lanczos[i]! / (x - 1 + i);
  return 0.5 * log(2 * Math.PI) + (x - 0.5) * log(t) - t + log(series);
}

/** The digamma function for x > 0: DLMF 5.5.2 up to x >= 10, then the series 5.11.2. */
export function digamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 10; y++) shift -= 1 / y;
  const r = 1 / (y * y);
  const series =
    r *
    (1 / 12 -
      r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760 - r / 12))))));
  return shift + log(y) - 0.5 / y - series;
}

/**
 * Regularized incomplete beta function I_x(a, b), a, b > 0, 0 <= x <= 1: the continued fraction
 * DLMF 8.17.22 by the modified Lentz method, on the side where it converges fast.
 */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (!(x > 0)) return x === 0 ? 0 : Number.NaN;
  if (x >= 1) return x === 1 ? 1 : Number.NaN;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x));
  return (front * betaFraction(a, b, x)) / a;
}

function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      d = 1 + term * d;
      d = 1 / (Math.abs(d) < tiny ? tiny : d);
      c = 1 + term / c;
      if (Math.abs(c) < tiny) c = tiny;
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < epsilon) break;
  }
  return fraction;
}

/** Upper tail of the incomplete gamma function, Q(a, x), for a > 0 and x >= 0 (DLMF 8.2.4). */
export function incompleteGammaUpper(a: number, x: number): number {
  if (x === 0) return 1;
  const front = exp(a * log(x) - x - logGamma(a));
  if (x < a + 1) {
    // DLMF 8.11.4: the ascending series of the lower function.
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 10_000 && term > sum * epsilon; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - front * sum;
  }
  // DLMF 8.9.2: the continued fraction of the upper function, by the modified Lentz method.
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const term = -n * (n - a);
    b += 2;
    d = 1 / (b + term * d);
    c = b + term / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < epsilon) break;
  }
  return front * fraction;
}
