/** The table of the `verdict` node: one row for each claim at each value of its `each` axes. */
import { bool, f64, i32, nullable, utf8 } from "../../engine/node-type.ts";
import { exp } from "../../math/index.ts";
import type { Interval } from "../../statistics/t-test.ts";
import type { Answer } from "../../statistics/verdict.ts";
import { common, mixed, wordOf } from "../../statistics/words.ts";
import { defined } from "../shared/tables.ts";
import { sayAlong, shownValue } from "./along.ts";
import { factOf, statedBy } from "./check.ts";
import type { Bearing, ClaimParam } from "./claim-params.ts";
import { alongOf } from "./claims.ts";
import { asExpected } from "./expectation.ts";
import type { Judged } from "./judged.ts";
import type { Comparison } from "./pairs.ts";
import { countsOf } from "./phrases.ts";

/** The columns that a person reads first, narrow enough for a terminal. */
export const verdictColumns = {
  claim: utf8,
  each: utf8,
  verdict: utf8,
  counts: utf8,
  as_expected: nullable(bool),
  estimate: nullable(f64),
  lo: nullable(f64),
  hi: nullable(f64),
  margin: f64,
  n: i32,
  expected: utf8,
  p: nullable(f64),
  p_adjusted: nullable(f64),
  p_flip: nullable(f64),
  left: nullable(f64),
  right: nullable(f64),
  fact: utf8,
  family: utf8,
  role: utf8,
  scale: utf8,
  bearing: utf8,
  reason: utf8,
};

/** The rest of each row. */
export const detailColumns = {
  claim: utf8,
  each: utf8,
  text: utf8,
  metric: utf8,
  side: utf8,
  why_zero: utf8,
  states: utf8,
  beta: nullable(f64),
  within_se: nullable(f64),
  bca_lo: nullable(f64),
  bca_hi: nullable(f64),
};

export function verdictRow(judged: Judged, bootstrap: Interval) {
  const { claim, role, comparisons, answers } = judged;
  const words = answers.map(({ region }) => wordOf(role, region));
  const verdict = common(words);
  const at = leastOf(judged);
  const [answer, comparison] = [answers[at]!, comparisons[at]!];
  const { point, n } = answer;
  const expected = [claim.expect ?? []].flat();
  const came = asExpected(expected, words);
  const beta = n > 0 ? comparison.betas[point]! : Number.NaN;
  // One p value speaks for all where all are decided alike.
  const largest = (p: "p" | "pAdjusted" | "pFlip") =>
    verdict === mixed ? null : defined(Math.max(...answers.map((one) => one[p])));
  const shown = (x: number) => defined(claim.scale === "log" ? exp(x) : x);
  return {
    claim: claim.name,
    fact: factOf(claim),
    family: claim.family,
    role,
    each: comparison.each,
    metric: claim.metric,
    side: claim.side,
    scale: claim.scale,
    beta: defined(beta),
    n,
    left: defined(comparison.left[point]!),
    right: defined(comparison.right[point]!),
    estimate: defined(answer.estimate),
    lo: defined(answer.lo),
    hi: defined(answer.hi),
    margin: claim.margin,
    why_zero: claim.why_zero ?? "",
    p: largest("p"),
    p_adjusted: largest("pAdjusted"),
    p_flip: largest("pFlip"),
    verdict,
    counts: countsOf(words, "value"),
    expected: expected.join(" or "),
    as_expected: came === null ? null : Number(came),
    bearing: bearingOf(claim, comparison),
    states: statedBy(claim),
    reason: reasonOf(judged, at, beta),
    within_se: defined(comparison.withinError[point]!),
    bca_lo: shown(bootstrap.lo),
    bca_hi: shown(bootstrap.hi),
    text: claim.text ?? "",
  };
}

/** Index of the value that is least favourable to what is claimed. */
function leastOf({ claim: { side, scale }, answers }: Judged): number {
  const size = (x: number) => (scale === "log" ? Math.max(x, 1 / x) : Math.abs(x));
  const weights = {
    greater: (x: number) => x,
    less: (x: number) => -x,
    equal: (x: number) => -size(x),
    different: size,
  };
  const values = answers.map(({ estimate }) => weights[side](estimate));
  return Math.max(0, values.indexOf(Math.min(...values.filter((x) => !Number.isNaN(x)))));
}

/** What the outcome rests on at these values of the axes. */
function bearingOf({ bearing }: ClaimParam, { axes }: Comparison): Bearing {
  if (typeof bearing === "string") return bearing;
  for (const word of ["theorem", "by-construction"] as const) {
    const selector = bearing[word];
    if (selector && Object.entries(selector).every(([axis, value]) => axes[axis] === value))
      return word;
  }
  return "empirical";
}

function reasonOf(judged: Judged, at: number, beta: number): string {
  const { claim, comparisons, answers } = judged;
  const { missing, missingText, unpaired, value } = comparisons[at]!;
  const axis = alongOf(claim)?.axis;
  if (axis !== undefined) {
    const lacking = comparisons.flatMap((one) => one.missingText || []).slice(0, 1);
    const alone = new Set(comparisons.flatMap((one) => one.unpaired));
    return [sayAlong(judged), `least at ${axis} ${shownValue(value)}`, ...lacking, ...alone].join(
      "; ",
    );
  }
  const why = missing > 0 ? missingText : reasonFor(answers[at]!, claim.side);
  const least = Number.isNaN(beta) ? [] : [`least at beta ${shownValue(beta)}`];
  return [why, ...least, ...unpaired].join("; ");
}

function reasonFor({ region, n }: Answer, side: ClaimParam["side"]): string {
  if (region === "few") return `${n} replicate${n === 1 ? "" : "s"}: a report, no verdict`;
  const within = "the interval lies within the margin";
  const beyond = "the interval lies beyond the margin";
  const across = "the interval reaches across the margin";
  if (side === "equal")
    return { claimed: within, opposite: beyond, within, short: across, open: across }[region];
  const sides = side === "different" ? "" : " on the claimed side";
  return {
    claimed: `${beyond}${sides}`,
    opposite: `${beyond} on the other side`,
    within,
    short: "the interval ends short of the margin",
    open: across,
  }[region];
}
