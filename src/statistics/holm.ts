/**
 * Multiple comparisons within one family: Holm's step-down procedure, and intervals that agree
 * with its decisions.
 *
 * Holm (Scand. J. Statist. 6, 65, 1979) holds the chance of any false rejection at alpha, for any
 * dependence. Intervals that cover jointly and agree with Holm in every case say nothing beyond
 * the bound for what it rejects (Strassburger & Bretz, Stat. Med. 27, 4914, 2008). So the intervals
 * here are Bonferroni's, which cover jointly at 1 - alpha, and where Holm rejects what Bonferroni
 * would not, the end is drawn at the bound: that end says no more than Holm's own rejection.
 */
import { type Estimate, type Interval, tInterval } from "./t-test.ts";

/** Adjusted p values, in the order given; p_adj <= alpha is Holm's rejection. NaN counts as 1. */
export function holm(p: readonly number[]): number[] {
  const value = (i: number) => (Number.isNaN(p[i]!) ? 1 : p[i]!);
  const order = [...p.keys()].sort((i, j) => value(i) - value(j) || i - j);
  const adjusted = new Array<number>(p.length);
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (p.length - rank) * value(i)));
    adjusted[i] = largest;
  }
  return adjusted;
}

/** What Holm decided about -margin <= mean <= margin. */
export type Rejection = "above" | "below" | "none";

/**
 * The interval of one member of a family of `size`, at joint confidence 1 - alpha, drawn up to the
 * margin where Holm rejects and Bonferroni would not.
 */
export function familyInterval(
  estimate: Estimate,
  family: { readonly size: number; readonly alpha: number },
  margin: number,
  rejection: Rejection,
): Interval {
  const { lo, hi } = tInterval(estimate, family.alpha / family.size);
  if (rejection === "above") return { lo: Math.max(lo, margin), hi };
  if (rejection === "below") return { lo, hi: Math.min(hi, -margin) };
  return { lo, hi };
}
