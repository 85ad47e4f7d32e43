/**
 * Exact results for the Ising model on the infinite square lattice. E = -sum of s s' over nearest
 * neighbours, J = k = 1; energy, specific heat and entropy are per site, entropy in nats.
 */

import { cosh, exp, log, pow, sin, sinh, tanh } from "../../math/index.ts";
import { atLowTemperature, highTemperature, lowTemperature } from "./extremes.ts";
import type { Thermodynamics } from "./thermodynamics.ts";

/**
 * ln(1 + sqrt 2) / 2 = 0.44068679350977151262…, where the model is self-dual (Kramers and Wannier
 * 1941; Onsager 1944). Written out: the rounded sum under a logarithm would be off by a last bit, and
 * pipelines' keys hold this number.
 */
export const criticalBeta = 0.4406867935097715;

/** |beta - beta_c| below this counts as critical: rounding decides the sign of what is left. */
const nearby = 1e-15;

/** Onsager, Phys. Rev. 65, 117 (1944). The specific heat diverges at beta_c. */
export function onsager(beta: number): Thermodynamics {
  if (beta < highTemperature) return atHighTemperature(beta);
  if (beta > lowTemperature) return atLowTemperature("infinite", beta);
  const t = tanh(2 * beta);
  const coth = 1 / t;
  const kPrime = 2 * t * t - 1;
  const isCritical = Math.abs(beta - criticalBeta) < nearby;
  const { first, second } = isCritical ? { first: 0, second: 1 } : ellipticIntegrals(kPrime);
  const energy = -coth * (1 + (2 / Math.PI) * kPrime * first);
  const bracket = first - second - (1 - t * t) * (Math.PI / 2 + kPrime * first);
  const specificHeat = isCritical
    ? Number.POSITIVE_INFINITY
    : (4 / Math.PI) * (beta * coth) ** 2 * bracket;
  const logZ = log(2 * cosh(2 * beta)) + logZIntegral(kPrime) / Math.PI;
  return { logZ, energy, specificHeat, entropy: logZ + beta * energy };
}

/**
 * ln Z = ln 2 + 2 ln cosh K + t^4 + 2 t^6 + 9/2 t^8 + ..., t = tanh K (Domb, Adv. Phys. 9, 149 (1960)): where Onsager's
 * formulas lose their digits to cancellation, the terms left out are below 1e-18.
 */
function atHighTemperature(beta: number): Thermodynamics {
  const t = tanh(beta);
  const t2 = t * t;
  const logZ = log(2) + 2 * log(cosh(beta)) + t2 * t2 * (1 + t2 * (2 + 4.5 * t2));
  const energy = 0 - t * (2 + t2 * (4 + t2 * (8 + 24 * t2)));
  const specificHeat = beta * beta * (1 - t2) * (2 + t2 * (12 + t2 * (40 + 168 * t2)));
  return { logZ, energy, specificHeat, entropy: logZ + beta * energy };
}

/** Spontaneous magnetization (Yang, Phys. Rev. 85, 808 (1952)); 0 for beta <= beta_c. */
export function spontaneousMagnetization(beta: number): number {
  const s = sinh(2 * beta);
  return s <= 1 ? 0 : pow(1 - 1 / (s * s * s * s), 1 / 8);
}

/** <s(0,0) s(1,0)> and <s(0,0) s(2,0)> at beta_c (Kaufman and Onsager 1949). */
export const criticalAxis = [1, Math.SQRT2 / 2, 1 - 4 / (Math.PI * Math.PI)] as const;

/** <s(0,0) s(n,n)> at beta_c: (2/pi)^n prod_k (1 - 1/(4 k^2))^(k - n) (McCoy and Wu 1973). */
export function criticalDiagonal(n: number): number {
  let g = 1;
  // Each factor 1 - 1/(4 k^2) occurs once for every larger distance.
  let factor = 2 / Math.PI;
  for (let distance = 1; distance <= n; distance++) {
    g *= factor;
    factor /= 1 - 1 / (4 * distance * distance);
  }
  return g;
}

/** Complete elliptic integrals K and E of complementary modulus k', by the AGM. */
function ellipticIntegrals(kPrime: number): { first: number; second: number } {
  let a = 1;
  let b = Math.abs(kPrime);
  let c2 = 1 - b * b;
  let sum = c2 / 2;
  for (let power = 1; c2 > 1e-30; power *= 2) {
    const next = (a + b) / 2;
    c2 = ((a - b) / 2) ** 2;
    b = Math.sqrt(a * b);
    a = next;
    sum += power * c2;
  }
  const first = Math.PI / (2 * a);
  return { first, second: first * (1 - sum) };
}

/**
 * The integral from 0 to pi/2 of ln((1 + sqrt(1 - k^2 sin^2 t)) / 2), by the tanh-sinh rule, which
 * the branch point that comes near t = pi/2 at beta_c does not disturb.
 */
function logZIntegral(kPrime: number): number {
  const step = 1 / 32;
  let sum = 0;
  for (let i = -128; i <= 128; i++) {
    const y = (Math.PI / 2) * sinh(i * step);
    const weight = ((Math.PI / 2) * cosh(i * step)) / (cosh(y) * cosh(y));
    // Measured from pi/2, where x = 1 - tanh(y) keeps its digits.
    const angle = (Math.PI / 2) * (1 / (1 + exp(2 * y)));
    sum += weight * integrand(angle, kPrime);
  }
  return (Math.PI / 4) * step * sum;
}

/** At `angle` from pi/2: 1 - k^2 cos^2 = sin^2 + k'^2 cos^2. */
function integrand(angle: number, kPrime: number): number {
  const s = sin(angle);
  const root = Math.sqrt(s * s + kPrime * kPrime * (1 - s * s));
  return log((1 + root) / 2);
}
