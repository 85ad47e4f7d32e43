/**
 * Entropy from energy: s(beta) = s(0) + beta u(beta) - integral from 0 to beta of u, per site, for spins
 * that are free at beta = 0. Knows nothing of samples.
 */

/** s - s(0) = sum of energy[j] u_j + slope[j] u'_j over the grid up to one of its points. */
export interface EntropyWeights {
  readonly energy: Float64Array;
  readonly slope: Float64Array;
}

/**
 * Weights of the energies u and their derivatives u' = -Var(E) / N at each grid point, for the
 * entropy at point k, by the trapezoidal rule corrected at the ends of each interval (Euler and
 * Maclaurin): h/2 (u_a + u_b) + h^2/12 (u'_a - u'_b), with error h^5/720 u''''.
 * @param betas ascending from 0.
 */
export function entropyWeights(betas: ArrayLike<number>, k: number): EntropyWeights {
  const energy = new Float64Array(k + 1);
  const slope = new Float64Array(k + 1);
  for (let j = 0; j < k; j++) {
    const h = betas[j + 1]! - betas[j]!;
    energy[j]! -= h / 2;
    energy[j + 1]! -= h / 2;
    slope[j]! -= (h * h) / 12;
    slope[j + 1]! += (h * h) / 12;
  }
  energy[k]! += betas[k]!;
  return { energy, slope };
}

/**
 * u' at beta = 0 for the Ising model, whose 2N bonds are independent there: -2. On two sites a side every
 * pair of neighbours is bonded twice: -4.
 */
export function freeEnergySlope(side: number): number {
  return side === 2 ? -4 : -2;
}
