/**
 * Intervals that agree with verdicts, by the rows of the table in verdict.ts, first match wins.
 *
 * Where Holm rejects and Bonferroni's interval would not, an end is drawn at the margin, as in
 * holm.ts: to the next number beyond it, so that the rows hold to the letter.
 */
import type { Interval } from "./t-test.ts";

export const verdicts = [
  "REPRODUCED",
  "CONTRADICTED",
  "EQUIVALENT",
  "NOT-REPRODUCED",
  "INCONCLUSIVE",
  "REPORT-ONLY",
] as const;
export type Verdict = (typeof verdicts)[number];

/** -m and m, or on a scale of ratios 1 / m and m. */
export interface Margins {
  readonly low: number;
  readonly high: number;
}

/** The interval with its ends moved as little as possible for the verdict to follow from it. */
export function drawn(verdict: Verdict, { lo, hi }: Interval, { low, high }: Margins): Interval {
  switch (verdict) {
    case "REPRODUCED":
      return { lo: Math.max(lo, above(high)), hi };
    case "CONTRADICTED":
      return { lo, hi: Math.min(hi, below(low)) };
    case "EQUIVALENT":
      return { lo: Math.max(lo, above(low)), hi: Math.min(hi, below(high)) };
    case "NOT-REPRODUCED":
      return { lo: Math.min(lo, low), hi: Math.min(Math.max(hi, low), below(high)) };
    case "INCONCLUSIVE":
      return { lo: Math.min(lo, high), hi: Math.max(hi, high) };
    case "REPORT-ONLY":
      return { lo, hi };
  }
}

/** A number next to x, or next but one. */
const above = (x: number) => x + Math.max(Math.abs(x) * Number.EPSILON, Number.MIN_VALUE);
const below = (x: number) => -above(-x);
