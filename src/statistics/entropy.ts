/** Entropy of a histogram, in nats, with the usual corrections of its bias. */
import { log } from "../math/index.ts";
import { digamma } from "./special.ts";

/**
 * `plugin`: -sum p ln p, biased low by about (K - 1) / 2n. `miller-madow` adds that back, with K
 * the patterns seen (Miller 1955). `grassberger`: ln n - (1/n) sum n_i G(n_i) (arXiv physics/0307138).
 */
export type Correction = "plugin" | "miller-madow" | "grassberger";

/**
 * Entropy in nats of `counts` (any non-negative weights for `plugin`; whole numbers otherwise).
 * NaN if all are zero.
 */
export function entropyOfCounts(
  counts: ArrayLike<number>,
  correction: Correction = "plugin",
): number {
  let total = 0;
  let seen = 0;
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    const n = counts[i]!;
    if (n === 0) continue;
    total += n;
    seen++;
    sum += n * (correction === "grassberger" ? grassbergerG(n) : log(n));
  }
  const entropy = log(total) - sum / total;
  return correction === "miller-madow" ? entropy + (seen - 1) / (2 * total) : entropy;
}

/**
 * G(n) = psi(n) + (-1)^n/2 [psi((n + 1)/2) - psi(n/2)] (Grassberger 2003, eq. 30), by the recursion
 * that it states: G_1 = -gamma - ln 2, G_2 = 2 - gamma - ln 2, G_{2k+1} = G_{2k},
 * G_{2k+2} = G_{2k} + 2/(2k + 1); by the definition where the recursion would be long.
 */
export function grassbergerG(n: number): number {
  if (n < table.length) return table[n]!;
  const sign = n % 2 === 0 ? 1 : -1;
  return digamma(n) + (sign / 2) * (digamma((n + 1) / 2) - digamma(n / 2));
}

const eulerGamma = 0.5772156649015329;
const table = grassbergerTable(4096);

function grassbergerTable(size: number): Float64Array {
  const g = new Float64Array(size);
  g[1] = -eulerGamma - log(2);
  g[2] = g[1]! + 2;
  for (let n = 3; n < size; n++) g[n] = n % 2 === 1 ? g[n - 1]! : g[n - 2]! + 2 / (n - 1);
  return g;
}
