/** L1 and L2 penalties on weights. Knows nothing of layers. */

export interface Penalty {
  /** lambda of lambda * sum |w|. */
  readonly l1: number;
  /** lambda of lambda * sum w^2. */
  readonly l2: number;
}

export function penaltyOf(weights: Float32Array, { l1, l2 }: Penalty): number {
  let [absolute, squared] = [0, 0];
  for (const w of weights) {
    absolute += Math.abs(w);
    squared += w * w;
  }
  return l1 * absolute + l2 * squared;
}

/** Adds the gradient; its value at w = 0 is the subgradient 0. */
export function addPenaltyGradient(
  gradient: Float32Array,
  weights: Float32Array,
  { l1, l2 }: Penalty,
): void {
  // Most layers have none, and this is called in every step.
  if (l1 === 0 && l2 === 0) return;
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i]!;
    gradient[i]! += l1 * Math.sign(w) + 2 * l2 * w;
  }
}
