/**
 * From differences to answers, with one procedure for all: the t intervals of a family cover their
 * differences jointly with a chance of at least 1 - alpha, and every answer is read from them (limits.ts).
 *
 * The rows of a family share alpha equally, and the values of a row's axis share what the row has: the
 * chance of any wrong answer is at most the sum, whatever the differences are and however rows depend on
 * each other (Bonferroni). Step-down procedures decide more, but no proof of theirs holds for decisions on
 * both sides and within margins together.
 */
import { exp, log } from "../math/index.ts";
import { find, type Limits, type Margins, pOf, type Side, type Tails } from "./limits.ts";
import { pFlip } from "./sign-flip.ts";
import { type Estimate, estimate, type Interval, pGreater, pLess, tInterval } from "./t-test.ts";
import type { Region } from "./words.ts";

/** Fewer replicates than this give a report and no verdict. */
const verdictMinimum = 4;

/** Is d beyond the margin, or within it, at one point or at every one of several? */
export interface Question {
  readonly side: Side;
  /** 0 or more; of ratios a factor, 1 or more. */
  readonly margin: number;
  /** Whether differences are logarithms of ratios. */
  readonly ratio: boolean;
  /** Left - right, or the logarithm of left / right, by point and then by replicate. */
  readonly points: readonly (readonly number[])[];
  /** Replicates that lack a value: with any of them, nothing is decided on the others. */
  readonly missing?: number;
}

export interface Answer {
  readonly region: Region;
  readonly n: number;
  /** Index of the point that the estimate is of: the one least favourable to what is claimed. */
  readonly point: number;
  /** Left - right, or left / right. */
  readonly estimate: number;
  /** NaN for a single replicate, as are the p values, and where replicates lack a value. */
  readonly lo: number;
  readonly hi: number;
  /** The least alpha at which the question alone would be answered so. */
  readonly p: number;
  /** The same in its family: at most alpha where something is decided. */
  readonly pAdjusted: number;
  /** p by the sign-flip test, which needs no normal differences. */
  readonly pFlip: number;
}

/** Questions that share a row: one for each value of its axis, or a single one. */
export interface Row {
  readonly family: string;
  readonly questions: readonly Question[];
}

/** Answers by row and then by question. */
export function judge(rows: readonly Row[], alpha: number): Answer[][] {
  const sizes = new Map<string, number>();
  for (const { family } of rows) sizes.set(family, (sizes.get(family) ?? 0) + 1);
  return rows.map(({ family, questions }) => {
    const parts = sizes.get(family)! * questions.length;
    return questions.map((question) => answer(question, alpha, parts));
  });
}

/** @param parts - how many questions share alpha */
function answer(question: Question, alpha: number, parts: number): Answer {
  const { side, points, ratio, margin, missing = 0 } = question;
  const estimates = points.map(estimate);
  const { n } = estimates[0]!;
  const shown = (d: number) => (ratio ? exp(d) : d + 0);
  const intervals = (level: number) =>
    estimates.map((e): Interval => {
      const { lo, hi } = tInterval(missing > 0 ? { ...e, n: 0 } : e, level);
      return { lo: shown(lo), hi: shown(hi) };
    });
  const limits: Limits = {
    near: intervals(alpha / parts),
    far: intervals(alpha / (parts * points.length)),
  };
  const margins: Margins = { low: ratio ? 1 / margin : -margin, high: margin };
  const found = find(side, limits, margins);
  const { lo, hi } = found.interval;
  const decisive = limits.far.indexOf(found.interval);
  const point = decisive >= 0 ? decisive : Math.max(0, leastFavourable(side, estimates));
  const region = n + missing < verdictMinimum ? "few" : found.region;
  const bound = ratio ? log(margin) : margin;
  const known = missing === 0 && n >= 2;
  const p = known ? pOf(found.region, side, estimates.map(tails), bound) : Number.NaN;
  return {
    ...{ region, n, point, estimate: shown(estimates[point]!.mean), lo, hi, p },
    pAdjusted: Math.min(1, parts * p),
    pFlip: known ? pOf(found.region, side, points.map(flips), bound) : Number.NaN,
  };
}

function leastFavourable(side: Side, estimates: readonly Estimate[]): number {
  const weights = {
    greater: (d: number) => d,
    less: (d: number) => -d,
    equal: (d: number) => -Math.abs(d),
    different: (d: number) => Math.abs(d),
  };
  const values = estimates.map(({ mean }) => weights[side](mean));
  return values.indexOf(Math.min(...values));
}

function tails(e: Estimate): Tails {
  return { greater: (bound) => pGreater(e, bound), less: (bound) => pLess(e, bound) };
}

function flips(values: readonly number[]): Tails {
  const turned = values.map((value) => -value);
  return { greater: (bound) => pFlip(values, bound), less: (bound) => pFlip(turned, -bound) };
}
