/**
 * Where a coarse-graining moves the inverse temperature: closed approximations for the square-lattice
 * Ising model, and the beta at which an exactly solved torus has a given energy.
 */
import { cosh, log } from "../math/index.ts";
import type { ExactResults } from "./systems/system.ts";

/** K to K' in one step that enlarges the lattice spacing by `scale`. */
export interface BetaMap {
  readonly scale: number;
  apply(beta: number): number;
}

/** ln cosh x, also where cosh x overflows. */
function logCosh(x: number): number {
  const size = Math.abs(x);
  return size < 300 ? log(cosh(size)) : size - Math.LN2;
}

export const betaMaps = {
  /** K' = (3/8) ln cosh 4K (Wilson, Rev. Mod. Phys. 47, 773 (1975); Maris and Kadanoff 1978). */
  wilson: { scale: Math.SQRT2, apply: (beta) => (3 / 8) * logCosh(4 * beta) },
  /** K' = (1/2) ln cosh 4K (Migdal 1975; Kadanoff, Ann. Phys. 100, 359 (1976)). */
  "migdal-kadanoff": { scale: 2, apply: (beta) => logCosh(4 * beta) / 2 },
  /** K' = (1/2) ln cosh 2K: the chain decimated by 2, exactly. */
  chain: { scale: 2, apply: (beta) => logCosh(2 * beta) / 2 },
  identity: { scale: 1, apply: (beta) => beta },
} as const satisfies Record<string, BetaMap>;

/** Energies are matched at betas from 0 to this. */
export const largestMatchedBeta = 1.5;

export interface MatchedBeta {
  readonly beta: number;
  /** |d beta / d u|. */
  readonly slope: number;
}

type Torus = ExactResults["torus"];

/**
 * The beta at which the L x L torus has the given mean energy per site. u falls monotonically with beta,
 * so it is bisected to the last bit. Undefined where no beta from 0 to `largestMatchedBeta` has this
 * energy.
 */
export function betaOfEnergy(torus: Torus, size: number, energy: number): MatchedBeta | undefined {
  const energyAt = (beta: number) => torus(size, beta).energy;
  if (!(energy <= 0 && energy >= energyAt(largestMatchedBeta))) return undefined;
  let [low, high] = [0, largestMatchedBeta];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (energyAt(middle) >= energy) low = middle;
    else high = middle;
    if (high < 1e-9) break;
  }
  return { beta: low, slope: energySlope(torus, size, low) };
}

/** |d beta / d u| of the torus. */
export function energySlope(torus: Torus, size: number, beta: number): number {
  // -du/d beta = Var(E) / N = c / beta^2, which loses its digits where beta is next to nothing.
  const at = Math.max(beta, 1e-4);
  const { specificHeat } = torus(size, at);
  return (at * at) / specificHeat;
}
