/** The table of the `verdict` node: what was judged, on the claim's scale and in words. */
import { f64, i32, nullable, utf8 } from "../../engine/node-type.ts";
import { exp } from "../../math/index.ts";
import type { Interval } from "../../statistics/t-test.ts";
import type { Judgement } from "../../statistics/verdict.ts";
import type { ClaimParam, Comparison } from "./claims.ts";
import { defined } from "./tables.ts";

/** What a person reads first, narrow enough for a terminal. */
export const verdictColumns = {
  claim: utf8,
  each: utf8,
  verdict: utf8,
  estimate: f64,
  lo: nullable(f64),
  hi: nullable(f64),
  margin: f64,
  n: i32,
  p: nullable(f64),
  p_holm: nullable(f64),
  left: f64,
  right: f64,
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

/** A judgement as a row, back on the claim's own scale. */
export function verdictRow(
  claim: ClaimParam,
  comparison: Comparison,
  judged: Judgement,
  bootstrap: Interval,
) {
  const { point, n, p, pHolm, verdict } = judged;
  // Back from "above the margin" to left - right, or left / right.
  const sign = claim.side === "greater" ? 1 : -1;
  const shown = (d: number) => (claim.scale === "log" ? exp(sign * d) : sign * d + 0);
  const interval = ({ lo, hi }: Interval) =>
    (sign > 0 ? [lo, hi] : [hi, lo]).map((d) => defined(shown(d)));
  const beta = comparison.betas[point]!;
  const least = Number.isNaN(beta) ? [] : [`least at beta ${beta}`];
  const [lo, hi] = interval(judged);
  const [bca_lo, bca_hi] = interval(bootstrap);
  return {
    claim: claim.name,
    family: claim.family,
    each: comparison.each,
    metric: claim.metric,
    side: claim.side,
    scale: claim.scale,
    beta: defined(beta),
    n,
    left: comparison.left[point]!,
    right: comparison.right[point]!,
    estimate: shown(judged.estimate),
    lo: lo!,
    hi: hi!,
    margin: claim.margin,
    p: defined(p),
    p_holm: defined(pHolm),
    verdict,
    bearing: claim.bearing,
    reason: [reasonOf(judged), ...least, ...comparison.dropped].join("; "),
    within_se: defined(comparison.withinError[point]!),
    bca_lo: bca_lo!,
    bca_hi: bca_hi!,
    text: claim.text ?? "",
  };
}

function reasonOf({ verdict, n, clipped }: Judgement): string {
  const reasons: Record<Judgement["verdict"], string> = {
    REPRODUCED: "the interval lies beyond the margin on the claimed side",
    CONTRADICTED: "the interval lies beyond the margin on the other side",
    EQUIVALENT: "two one-sided tests place the difference within the margin",
    "NOT-REPRODUCED": "the interval ends short of the margin",
    INCONCLUSIVE: "the interval reaches across the margin",
    "REPORT-ONLY": `${n} replicate${n === 1 ? "" : "s"}: a report, no verdict`,
  };
  return reasons[verdict] + (clipped ? " (its end drawn at the margin, by Holm)" : "");
}
