/**
 * Student's t on one sample of differences: intervals, tests against a bound, and equivalence.
 * The unit of replication is one entry; pairing is the caller's (pass the differences).
 */
import { tQuantile, tUpperTail } from "./distributions.ts";
import { mean, standardError } from "./moments.ts";

export interface Estimate {
  readonly n: number;
  readonly mean: number;
  /** NaN for n < 2. */
  readonly standardError: number;
}

export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

export function estimate(differences: ArrayLike<number>): Estimate {
  return {
    n: differences.length,
    mean: mean(differences),
    standardError: standardError(differences),
  };
}

/** Two-sided interval mean -+ t_{1-alpha/2, n-1} SE, of confidence 1 - alpha; NaN for n < 2. */
export function tInterval({ n, mean, standardError }: Estimate, alpha: number): Interval {
  if (n < 2) return { lo: Number.NaN, hi: Number.NaN };
  const half = standardError === 0 ? 0 : tQuantile(1 - alpha / 2, n - 1) * standardError;
  return { lo: mean - half, hi: mean + half };
}

/** One-sided p value of H0: mean <= bound. NaN for n < 2; a sample without spread is certain. */
export function pGreater({ n, mean, standardError }: Estimate, bound: number): number {
  if (n < 2) return Number.NaN;
  if (standardError === 0) return mean > bound ? 0 : 1;
  return tUpperTail((mean - bound) / standardError, n - 1);
}

/** One-sided p value of H0: mean >= bound. */
export function pLess({ n, mean, standardError }: Estimate, bound: number): number {
  return pGreater({ n, mean: -mean, standardError }, -bound);
}

/** Two-sided p value of H0: mean = 0, the paired t test when `differences` are of pairs. */
export function pTwoSided(estimate: Estimate): number {
  return Math.min(1, 2 * Math.min(pGreater(estimate, 0), pLess(estimate, 0)));
}

/**
 * Two one-sided tests (Schuirmann 1987): the p value of H0: |mean| >= margin. At most alpha exactly
 * when the interval of confidence 1 - 2 alpha lies strictly within -margin .. margin.
 */
export function pEquivalent(estimate: Estimate, margin: number): number {
  return Math.max(pGreater(estimate, -margin), pLess(estimate, margin));
}
