/**
 * Exact thermodynamics of the Ising model on a periodic L x L lattice: Kaufman, Phys. Rev. 76, 1232
 * (1949). Derivatives are analytic, and sums of exponentials are scaled by their largest.
 */
import { cos, cosh, exp, log, log1p, sinh, tanh } from "../../math/index.ts";
import {
  atLowTemperature,
  highTemperature,
  lowTemperature,
  torusAtHighTemperature,
} from "./extremes.ts";
import { type Jet, one, plus, times, zero } from "./jet.ts";
import type { Thermodynamics } from "./thermodynamics.ts";

/**
 * ln Z, energy, specific heat and entropy per site of the L x L torus. For L = 2 every pair of
 * neighbours counts twice.
 */
export function torusThermodynamics(size: number, beta: number): Thermodynamics {
  if (beta === 0) return { logZ: Math.LN2, energy: 0, specificHeat: 0, entropy: Math.LN2 };
  if (beta < highTemperature) return torusAtHighTemperature(size, beta);
  if (beta > lowTemperature) return atLowTemperature(size, beta);
  const sites = size * size;
  const [value, first, second] = logSum(terms(size, beta));
  // Z = (2 sinh 2K)^(N/2) / 2 times the sum of the four products.
  const s = sinh(2 * beta);
  const logZ = log(2 * s) / 2 + (value - Math.LN2) / sites;
  const energy = -(cosh(2 * beta) / s + first / sites);
  const specificHeat = beta * beta * (second / sites - 2 / (s * s));
  return { logZ, energy, specificHeat, entropy: logZ + beta * energy };
}

/** A summand scale x e^log: only the scale, with its derivatives, can vanish or be negative. */
interface Term {
  readonly log: Jet;
  readonly scale: Jet;
}

/** The four products over odd and even gamma_l of 2 cosh and of 2 sinh (L gamma_l / 2). */
function terms(size: number, beta: number): Term[] {
  let [oddCosh, oddSinh, evenCosh, evenSinh] = [zero, zero, zero, zero];
  for (let l = 1; l < 2 * size; l++) {
    const x = times(size / 2, gamma(size, beta, l));
    if (l % 2) {
      oddCosh = plus(oddCosh, log2cosh(x));
      oddSinh = plus(oddSinh, log2sinh(x));
    } else {
      evenCosh = plus(evenCosh, log2cosh(x));
      evenSinh = plus(evenSinh, log2sinh(x));
    }
  }
  // gamma_0 = 2K + ln tanh K changes its sign at beta_c, and its sinh with it.
  const s = sinh(2 * beta);
  const gamma0: Jet = [2 * beta + log(tanh(beta)), 2 + 2 / s, (-4 * cosh(2 * beta)) / s / s];
  const x = times(size / 2, gamma0);
  return [
    { log: oddCosh, scale: one },
    { log: oddSinh, scale: one },
    { log: plus(evenCosh, log2cosh(x)), scale: one },
    vanishing(evenSinh, x),
  ];
}

/** e^rest times 2 sinh x, where x may be near 0 or negative. */
function vanishing(rest: Jet, [x, x1, x2]: Jet): Term {
  const size = Math.abs(x);
  const small = exp(-2 * size);
  // 2 sinh x and 2 cosh x, over e^|x|.
  const s = Math.sign(x) * (1 - small);
  const c = 1 + small;
  return { log: plus(rest, [size, 0, 0]), scale: [s, c * x1, s * x1 * x1 + c * x2] };
}

/** The logarithm of a sum of terms, with derivatives. */
function logSum(terms: readonly Term[]): Jet {
  const top = Math.max(...terms.map((term) => term.log[0]));
  let [f0, f1, f2] = [0, 0, 0];
  for (const {
    log: [l0, l1, l2],
    scale: [s0, s1, s2],
  } of terms) {
    const weight = exp(l0 - top);
    f0 += weight * s0;
    f1 += weight * (s1 + s0 * l1);
    f2 += weight * (s2 + 2 * s1 * l1 + s0 * (l2 + l1 * l1));
  }
  return [top + log(f0), f1 / f0, f2 / f0 - (f1 / f0) ** 2];
}

/** gamma_l for 0 < l < 2 L: cosh gamma = sinh 2K + 1 / sinh 2K - cos(pi l / L), gamma > 0. */
function gamma(size: number, beta: number, l: number): Jet {
  const s = sinh(2 * beta);
  const c = cosh(2 * beta);
  // d = cosh gamma - 1 as a sum of two squares, exact also near beta_c.
  const root = Math.sqrt(s);
  const d = (root - 1 / root) ** 2 + (1 - cos((Math.PI * l) / size));
  const sinhGamma = Math.sqrt(d) * Math.sqrt(d + 2);
  const d1 = 2 * c * (1 - 1 / (s * s));
  const d2 = 4 * (s - 1 / s) + (8 * (c / s) * (c / s)) / s;
  const g1 = d1 / sinhGamma;
  return [log1p(d + sinhGamma), g1, (d2 - (d + 1) * g1 * g1) / sinhGamma];
}

function log2cosh([x, x1, x2]: Jet): Jet {
  const t = tanh(x);
  const size = Math.abs(x);
  return [size + log1p(exp(-2 * size)), t * x1, t * x2 + (1 - t * t) * x1 * x1];
}

/** For x > 0. */
function log2sinh([x, x1, x2]: Jet): Jet {
  const coth = 1 / tanh(x);
  return [x + log1p(-exp(-2 * x)), coth * x1, coth * x2 + (1 - coth * coth) * x1 * x1];
}
