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
 * The first two are Holm's decisions within the family, and the interval agrees with them (holm.ts);
 * the third is two one-sided tests at alpha per side, Holm-adjusted likewise, which is an interval
 * of confidence 1 - 2 alpha. Up to three replicates give a report and no verdict.
 */
import { familyInterval, holm, type Rejection } from "./holm.ts";
import { type Estimate, estimate, pEquivalent, pGreater, pLess } from "./t-test.ts";

export type Verdict =
  | "REPRODUCED"
  | "CONTRADICTED"
  | "EQUIVALENT"
  | "NOT-REPRODUCED"
  | "INCONCLUSIVE"
  | "REPORT-ONLY";

/** Fewer replicates than this give no verdict. */
const verdictMinimum = 4;

/** d > margin, at one point, or at every one of several points. */
export interface Claim {
  /** Claims of one family are corrected together. */
  readonly family: string;
  /** Differences by point and then by replicate; every point has the same replicates. */
  readonly points: readonly (readonly number[])[];
  readonly margin: number;
}

/** The point where the difference is least decides; its estimate is the claim's. */
export interface Judgement {
  readonly n: number;
  readonly estimate: number;
  /** Index of the point with the least mean difference. */
  readonly point: number;
  /** NaN for a single replicate, as are the p values. */
  readonly lo: number;
  readonly hi: number;
  /** Two-sided, of -margin <= d <= margin. */
  readonly p: number;
  readonly pHolm: number;
  readonly verdict: Verdict;
  /** An end of the interval is drawn at the margin: Holm rejects and Bonferroni would not. */
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
      judgements[i] = decide(tests[i]!, claims[i]!.margin, {
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
function testClaim({ points, margin }: Claim): Test {
  const estimates = points.map(estimate);
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

function decide(test: Test, margin: number, family: Family): Judgement {
  const { points, up, down, p } = test;
  const means = points.map((point) => point.mean);
  const point = means.indexOf(Math.min(...means));
  const { n } = points[point]!;
  const { alpha, size } = family;
  const rejected = n >= 2 && family.pHolm <= alpha;
  const rejection: Rejection = !rejected ? "none" : up < down ? "above" : "below";
  const plain = leastInterval(points, { size, alpha }, margin, "none");
  const { lo, hi } = leastInterval(points, { size, alpha }, margin, rejection);
  return {
    n,
    estimate: means[point]!,
    point,
    lo,
    hi,
    p,
    pHolm: n >= 2 ? family.pHolm : Number.NaN,
    verdict: name(rejection, { n, hi, margin, equivalent: family.equivalent <= alpha }),
    clipped: n >= 2 && (lo !== plain.lo || hi !== plain.hi),
  };
}

/** Interval of the least difference: any point bounds it above, so hi pays for the choice. */
function leastInterval(
  points: readonly Estimate[],
  { size, alpha }: { size: number; alpha: number },
  margin: number,
  rejection: Rejection,
) {
  const lower = points.map((e) => familyInterval(e, { size, alpha }, margin, rejection).lo);
  const chosen = { size: size * points.length, alpha };
  const upper = points.map((e) => familyInterval(e, chosen, margin, "none").hi);
  const hi = Math.min(...upper);
  return { lo: Math.min(...lower), hi: rejection === "below" ? Math.min(hi, -margin) : hi };
}

function name(
  rejection: Rejection,
  { n, hi, margin, equivalent }: { n: number; hi: number; margin: number; equivalent: boolean },
): Verdict {
  if (n < verdictMinimum) return "REPORT-ONLY";
  if (rejection === "above") return "REPRODUCED";
  if (rejection === "below") return "CONTRADICTED";
  if (equivalent) return "EQUIVALENT";
  return hi < margin ? "NOT-REPRODUCED" : "INCONCLUSIVE";
}
