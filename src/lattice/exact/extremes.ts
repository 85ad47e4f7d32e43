/**
 * Exact thermodynamics of the square-lattice Ising model where closed formulas lose their digits: at
 * high and at low temperature. Everything here is a sum of terms that do not cancel.
 */
import { cos, cosh, exp, log1p, pow, sinh } from "../../math/index.ts";
import { expOf, type Jet, logOf, one, plus, product, times, zero } from "./jet.ts";
import type { Thermodynamics } from "./thermodynamics.ts";

/** Below and above these the formulas here are better than Kaufman's and Onsager's. */
export const highTemperature = 0.01;
export const lowTemperature = 2;

/** Broken bonds, and half the number of states that have them: tori with walls of few bonds. */
const smallTori: Readonly<Record<number, readonly Term[]>> = {
  2: [
    [4, 6],
    [8, 1],
  ],
  3: [
    [4, 9],
    [6, 24],
    [8, 99],
    [10, 72],
    [12, 51],
  ],
  4: [
    [4, 16],
    [6, 32],
    [8, 212],
    [10, 864],
    [12, 3344],
    [14, 6784],
    [16, 10262],
    [18, 6784],
    [20, 3344],
    [22, 864],
    [24, 212],
    [26, 32],
    [28, 16],
    [32, 1],
  ],
};

/** ln Z - 2K per site of the infinite lattice: coefficients of x^4, x^6, ..., x = e^(-2K). */
const series = [1, 2, 9 / 2, 12, 112 / 3, 130] as const;

/**
 * For beta > `lowTemperature`, by what lies above the ground states: the series of Domb, Adv. Phys. 9,
 * 149 (1960), and on a torus of 5 sites a side or more the two walls around it, L - 1 over L of
 * x^(2L) per site.
 */
export function atLowTemperature(size: number | "infinite", beta: number): Thermodynamics {
  const isInfinite = size === "infinite";
  const sites = isInfinite ? Number.POSITIVE_INFINITY : size * size;
  const states = isInfinite ? undefined : smallTori[size];
  const walls: readonly Term[] = isInfinite ? [] : [[2 * size, (size - 1) / size]];
  const [f, f1, f2] = states
    ? excitedStates(states, sites, beta)
    : sumOf([...series.map((count, i): Term => [2 * i + 4, count]), ...walls], beta);
  return {
    logZ: 2 * beta + (Math.LN2 / sites + f),
    energy: -2 - f1,
    // Before beta^2 overflows, f2 has vanished.
    specificHeat: f2 === 0 ? 0 : beta * beta * f2,
    entropy: Math.LN2 / sites + (f - beta * f1),
  };
}

/** A coefficient of x to the number of broken bonds. */
type Term = readonly [broken: number, count: number];

function sumOf(terms: readonly Term[], beta: number): Jet {
  let [sum, first, second] = [0, 0, 0];
  for (const [broken, count] of terms) {
    const term = count * exp(-2 * beta * broken);
    sum += term;
    first += -2 * broken * term;
    second += 4 * broken * broken * term;
  }
  return [sum, first, second];
}

/** The logarithm of 1 + the states, per site. */
function excitedStates(states: readonly Term[], sites: number, beta: number): Jet {
  const [f, f1, f2] = logOf1p(sumOf(states, beta));
  return [f / sites, f1 / sites, f2 / sites];
}

/** ln (1 + a), whose terms do not cancel where a is small. */
function logOf1p([a, a1, a2]: Jet): Jet {
  const first = a1 / (1 + a);
  return [log1p(a), first, a2 / (1 + a) - first * first];
}

/**
 * For beta < `highTemperature`. Kaufman's products in y_l = s e^gamma_l, s = sinh 2K, which stays
 * finite where gamma_l does not: with h_l = ln y_l + s cos phi_l (the cosines sum to 0),
 * w_l = (s / y_l)^L and phi_l = pi l / L,
 *
 *   ln Z = (N/2 - 1) ln 2 + (L/2) sum_odd h_l + ln [prod_odd (1 + w_l) + prod_odd (1 - w_l)
 *          + (prod_even (1 + w_l) - prod_even (1 - w_l)) e^((L/2) (sum_even h_l - sum_odd h_l))].
 */
export function torusAtHighTemperature(size: number, beta: number): Thermodynamics {
  const [f, f1, f2] = beta < 1e-8 ? firstTerms(size, beta) : products(size, beta);
  return {
    logZ: Math.LN2 + f,
    energy: 0 - f1,
    specificHeat: beta * beta * f2,
    entropy: Math.LN2 + (f - beta * f1),
  };
}

/**
 * The first terms of ln Z - ln 2 per site: bonds, and loops around the torus. The terms left out are
 * smaller by beta^2.
 */
function firstTerms(size: number, beta: number): Jet {
  const loop = pow(beta, size - 2);
  return [beta * beta * (1 + (2 / size) * loop), beta * (2 + 2 * loop), 2 + 2 * (size - 1) * loop];
}

function products(size: number, beta: number): Jet {
  const odd = sector(size, beta, 1);
  const even = sector(size, beta, 0);
  const rest = times(size / 2, plus(even.sum, times(-1, odd.sum)));
  const first = plus(odd.plus, odd.minus);
  const second = product(plus(even.plus, times(-1, even.minus)), expOf(rest));
  const total = logOf(times(1 / 2, plus(first, second)));
  return times(1 / (size * size), plus(times(size / 2, odd.sum), total));
}

/** Sum of h_l - ln 2, and products of 1 + w_l and 1 - w_l, over odd or even l. */
function sector(size: number, beta: number, begin: number) {
  const [s, c] = [sinh(2 * beta), cosh(2 * beta)];
  let [sum, up, down]: [Jet, Jet, Jet] = [zero, one, one];
  for (let l = begin; l < 2 * size; l += 2) {
    const cosine = cos((Math.PI * l) / size);
    const a = 1 + s * (s - cosine);
    const r = Math.sqrt((a - s) * (a + s));
    const y = a + r;
    // r - 1 over s, of which nothing cancels.
    const excess = ((s - cosine) * (a + 1) - s) / (r + 1);
    const h = log1p((s * (s - cosine + excess)) / 2) + s * cosine;
    const h1 = (s * (2 - 1 / y + cosine * excess)) / r;
    const g1 = h1 - cosine;
    const r1 = (a * (2 * s - cosine) - s) / r;
    const h2 = (2 - (1 - s * g1) / y - r1 * g1) / r;
    const jet: Jet = [h, h1 * 2 * c, h2 * 4 * c * c + h1 * 4 * s];
    sum = plus(sum, jet);
    // ln w_l = L (ln s - ln y_l).
    const first = size * ((2 * c) / s - g1 * 2 * c);
    const second = size * (-4 / (s * s) - (h2 * 4 * c * c + g1 * 4 * s));
    const w = pow(s / y, size);
    const wJet: Jet = w === 0 ? [0, 0, 0] : [w, w * first, w * (second + first * first)];
    up = product(up, plus(one, wJet));
    down = product(down, plus(one, times(-1, wJet)));
  }
  return { sum, plus: up, minus: down };
}
