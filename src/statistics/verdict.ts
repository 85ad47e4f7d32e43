/**
 * From differences to verdicts. A claim says that a difference d exceeds a margin m >= 0; the rows
 * of the table, first match wins, for the interval [lo, hi] of d:
 *
 *   lo > m              REPRODUCED
 *   hi < -m             CONTRADICTED
 *   -m < lo, hi < m     EQUIVALENT (m > 0)
 *   hi < m              NOT-REPRODUCED
 *   else                INCONCLUSIVE
 *
 * The first two are Holm's decisions within the family. The third is two one-sided tests at alpha
 * per side, Holm-adjusted likewise, and so its interval has confidence 1 - 2 alpha; the others have
 * 1 - alpha. Intervals are Bonferroni's, drawn to agree with the verdict (drawn.ts). Up to three
 * replicates give a report and no verdict.
 */
import { drawn, type Verdict } from "./drawn.ts";
import { holm } from "./holm.ts";
import {
  type Estimate,
  estimate,
  type Interval,
  pEquivalent,
  pGreater,
  pLess,
  tInterval,
} from "./t-test.ts";

/** Fewer replicates than this give no verdict. */
const verdictMinimum = 4;

/** d > margin, at one point, or at every one of several points. */
export interface Claim {
  /** Claims of one family are corrected together. */
  readonly family: string;
  /** Differences by point and then by replicate; every point has the same replicates. */
  readonly points: readonly (readonly number[])[];
  /** Replicates that lack a value: with any of them, nothing is decided on the others. */
  readonly missing?: number;
  readonly margin: number;
}

/** The point where the difference is least decides; its estimate is the claim's. */
export interface Judgement {
  readonly n: number;
  readonly estimate: number;
  /** Index of the point with the least mean difference. */
  readonly point: number;
  /** NaN for a single replicate, as are the p values, and where replicates lack a value. */
  readonly lo: number;
  readonly hi: number;
  /** Two-sided, of -margin <= d <= margin. */
  readonly p: number;
  readonly pHolm: number;
  readonly verdict: Verdict;
  /** An end of the interval is drawn at the margin, to agree with the verdict. */
  readonly clipped: boolean;
}

/** One judgement a claim, in order. */
export function judge(claims: readonly Claim[], alpha: number): Judgement[] {
  const tests = claims.map(testClaim);
  const families = new Map<string, number[]>();
  for (const [i, { family }] of claims.entries()) {
    families.set(family, [...(families.get(family) ?? []), i]);
  }
  const judgements = new Array<Judgement>(claims.length);
  for (const members of families.values()) {
    const adjusted = holm(members.map((i) => tests[i]!.p));
    const equivalent = holm(members.map((i) => tests[i]!.equivalent));
    for (const [rank, i] of members.entries()) {
      judgements[i] = decide(tests[i]!, claims[i]!, {
        size: members.length,
        alpha,
        pHolm: adjusted[rank]!,
        equivalent: equivalent[rank]!,
      });
    }
  }
  return judgements;
}

interface Test {
  readonly points: readonly Estimate[];
  /** One-sided p values: d <= margin at some point; d >= -margin at every point. */
  readonly up: number;
  readonly down: number;
  readonly p: number;
  readonly equivalent: number;
}

/**
 * "At every point" is an intersection-union test (Berger 1982): the largest p value counts and needs
 * no correction. To contradict it one point is enough, which is Bonferroni's case.
 */
function testClaim({ points, margin, missing = 0 }: Claim): Test {
  const estimates = points.map(estimate);
  if (missing > 0) {
    const none = Number.NaN;
    return { points: estimates, up: none, down: none, p: none, equivalent: none };
  }
  const up = Math.max(...estimates.map((e) => pGreater(e, margin)));
  const least = Math.min(...estimates.map((e) => pLess(e, -margin)));
  const down = Math.min(1, points.length * least);
  const equivalent = margin > 0 ? Math.max(...estimates.map((e) => pEquivalent(e, margin))) : 1;
  return { points: estimates, up, down, p: Math.min(1, 2 * Math.min(up, down)), equivalent };
}

interface Family {
  readonly size: number;
  readonly alpha: number;
  readonly pHolm: number;
  readonly equivalent: number;
}

function decide(test: Test, { margin, missing = 0 }: Claim, family: Family): Judgement {
  const { points, up, down, p } = test;
  const means = points.map((point) => point.mean);
  const point = Math.max(0, means.indexOf(Math.min(...means)));
  const { n } = points[point]!;
  if (missing > 0) {
    const verdict = n + missing < verdictMinimum ? "REPORT-ONLY" : "INCONCLUSIVE";
    const [lo, hi, pHolm] = [Number.NaN, Number.NaN, Number.NaN];
    return { n, estimate: means[point]!, point, lo, hi, p, pHolm, verdict, clipped: false };
  }
  const { alpha, size } = family;
  const least = leastInterval(points, alpha / size);
  const rejected = family.pHolm <= alpha;
  const verdict = name({
    n,
    above: rejected && up < down,
    below: rejected && up >= down,
    equivalent: family.equivalent <= alpha,
    short: margin > 0 && least.hi < margin,
  });
  const plain = verdict === "EQUIVALENT" ? wholeInterval(points, (2 * alpha) / size) : least;
  const { lo, hi } = drawn(verdict, plain, { low: -margin, high: margin });
  return {
    n,
    estimate: means[point]!,
    point,
    lo,
    hi,
    p,
    pHolm: n >= 2 ? family.pHolm : Number.NaN,
    verdict,
    clipped: n >= 2 && (lo !== plain.lo || hi !== plain.hi),
  };
}

/** Interval of the least difference: any point bounds it above, so hi pays for the choice. */
function leastInterval(points: readonly Estimate[], alpha: number): Interval {
  const lower = points.map((e) => tInterval(e, alpha).lo);
  const upper = points.map((e) => tInterval(e, alpha / points.length).hi);
  return { lo: Math.min(...lower), hi: Math.min(...upper) };
}

/** Holds the intervals of all points: equivalence is claimed of every one. */
function wholeInterval(points: readonly Estimate[], alpha: number): Interval {
  const intervals = points.map((e) => tInterval(e, alpha));
  return {
    lo: Math.min(...intervals.map(({ lo }) => lo)),
    hi: Math.max(...intervals.map(({ hi }) => hi)),
  };
}

interface Findings {
  readonly n: number;
  readonly above: boolean;
  readonly below: boolean;
  readonly equivalent: boolean;
  readonly short: boolean;
}

function name({ n, above, below, equivalent, short }: Findings): Verdict {
  if (n < verdictMinimum) return "REPORT-ONLY";
  if (above) return "REPRODUCED";
  if (below) return "CONTRADICTED";
  if (equivalent) return "EQUIVALENT";
  return short ? "NOT-REPRODUCED" : "INCONCLUSIVE";
}
