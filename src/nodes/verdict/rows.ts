/** The table of the `verdict` node: judgements on the claim's scale and in words. */
import { bool, type Concludes, f64, i32, nullable, utf8 } from "../../engine/node-type.ts";
import { exp } from "../../math/index.ts";
import { drawn, type Verdict } from "../../statistics/drawn.ts";
import type { Interval } from "../../statistics/t-test.ts";
import type { Judgement } from "../../statistics/verdict.ts";
import { defined } from "../shared/tables.ts";
import type { ClaimParam } from "./claim-params.ts";
import type { Comparison } from "./pairs.ts";

/** The columns that a person reads first, narrow enough for a terminal. */
export const verdictColumns = {
  claim: utf8,
  each: utf8,
  verdict: utf8,
  as_expected: nullable(bool),
  estimate: nullable(f64),
  lo: nullable(f64),
  hi: nullable(f64),
  margin: f64,
  n: i32,
  expected: utf8,
  p: nullable(f64),
  p_holm: nullable(f64),
  left: nullable(f64),
  right: nullable(f64),
  family: utf8,
  role: utf8,
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
  scale: utf8,
  beta: nullable(f64),
  within_se: nullable(f64),
  bca_lo: nullable(f64),
  bca_hi: nullable(f64),
};

/** How the two tables are read as conclusions. */
export const concludes = {
  port: "table",
  groups: "families",
  columns: {
    name: "claim",
    at: "each",
    group: "family",
    text: "details.text",
    verdict: "verdict",
    estimate: "estimate",
    low: "lo",
    high: "hi",
    margin: "margin",
    side: "details.side",
    scale: "details.scale",
    expected: "expected",
    as_expected: "as_expected",
    bearing: "bearing",
    role: "role",
    reason: "reason",
  },
  verdicts: {
    REPRODUCED: "the difference is as claimed, beyond the margin",
    EQUIVALENT: "the difference is smaller than the margin",
    "NOT-REPRODUCED": "the difference does not reach the margin",
    CONTRADICTED: "the difference is the opposite of what is claimed, beyond the margin",
    INCONCLUSIVE: "the data do not decide",
    "REPORT-ONLY": "three replicates or fewer: nothing is judged",
  } satisfies Record<Verdict, string>,
  undecided: ["INCONCLUSIVE", "REPORT-ONLY"],
} satisfies Concludes;

/** From "above the margin" back to left - right, or left / right. */
function scaleOf({ side, scale, margin }: ClaimParam) {
  const sign = side === "greater" ? 1 : -1;
  const shown = (d: number) => (scale === "log" ? exp(sign * d) : sign * d + 0);
  const interval = ({ lo, hi }: Interval): Interval =>
    sign > 0 ? { lo: shown(lo), hi: shown(hi) } : { lo: shown(hi), hi: shown(lo) };
  const turned = ({ lo, hi }: Interval): Interval => (sign > 0 ? { lo, hi } : { lo: -hi, hi: -lo });
  const bounds = { lo: scale === "log" ? 1 / margin : -margin, hi: margin };
  const { lo: low, hi: high } = turned(bounds);
  /** What exp rounds to must not undo that interval and verdict agree. */
  const agreeing = ({ verdict, lo, hi }: Judgement) =>
    turned(drawn(verdict, turned(interval({ lo, hi })), { low, high }));
  return { shown, interval, agreeing };
}

/** A judgement as a row, back on the claim's own scale. */
export function verdictRow(
  claim: ClaimParam,
  comparison: Comparison,
  judged: Judgement,
  bootstrap: Interval,
) {
  const { point, n, p, pHolm, verdict } = judged;
  const { shown, interval, agreeing } = scaleOf(claim);
  const { lo, hi } = agreeing(judged);
  const bca = interval(bootstrap);
  const expected = [claim.expect ?? []].flat();
  const open = expected.length === 0 || verdict === "REPORT-ONLY";
  const beta = n > 0 ? comparison.betas[point]! : Number.NaN;
  const least = Number.isNaN(beta) ? [] : [`least at beta ${beta}`];
  return {
    claim: claim.name,
    family: claim.family,
    each: comparison.each,
    metric: claim.metric,
    side: claim.side,
    scale: claim.scale,
    beta: defined(beta),
    n,
    left: defined(comparison.left[point]!),
    right: defined(comparison.right[point]!),
    estimate: defined(shown(judged.estimate)),
    lo: defined(lo + 0),
    hi: defined(hi + 0),
    margin: claim.margin,
    p: defined(p),
    p_holm: defined(pHolm),
    verdict,
    expected: expected.join(" or "),
    as_expected: open ? null : Number(expected.includes(verdict)),
    bearing: claim.bearing,
    reason: [reasonOf(judged, comparison), ...least, ...comparison.unpaired].join("; "),
    within_se: defined(comparison.withinError[point]!),
    bca_lo: defined(bca.lo),
    bca_hi: defined(bca.hi),
    text: claim.text ?? "",
  };
}

function reasonOf({ verdict, n, clipped }: Judgement, comparison: Comparison): string {
  if (comparison.missing > 0) return comparison.missingText;
  const reasons: Record<Judgement["verdict"], string> = {
    REPRODUCED: "the interval lies beyond the margin on the claimed side",
    CONTRADICTED: "the interval lies beyond the margin on the other side",
    EQUIVALENT: "the interval, of two one-sided tests, lies within the margin",
    "NOT-REPRODUCED": "the interval ends short of the margin",
    INCONCLUSIVE: "the interval reaches across the margin",
    "REPORT-ONLY": `${n} replicate${n === 1 ? "" : "s"}: a report, no verdict`,
  };
  const why = verdict === "NOT-REPRODUCED" ? "as not every beta is equivalent" : "by Holm";
  return reasons[verdict] + (clipped ? ` (its end drawn at the margin, ${why})` : "");
}
