/** What the columns of `verdict` mean. */
import { f64, i32, type Notes, type Typical, utf8 } from "../../engine/node-type.ts";

export const notes: Notes = {
  table: {
    claim: "Name of the claim.",
    each: "The value of each axis that the claim is made for anew; empty without `each`.",
    verdict: "REPRODUCED, CONTRADICTED, EQUIVALENT, NOT-REPRODUCED, INCONCLUSIVE or REPORT-ONLY.",
    as_expected:
      "Whether the verdict is the expected one; null where none is expected, or nothing was judged.",
    estimate:
      "left - right in the unit of the metric; on the log scale left / right, without a unit.",
    lo: "Lower end of the interval of estimate.",
    hi: "Upper end of the interval of estimate.",
    margin: "By how much left has to differ from right; on the log scale a factor.",
    n: "Number of replicates (seeds).",
    expected: "The verdict or verdicts that `expect` names; empty without it.",
    p: "p value of the two-sided test that the difference is within the margin.",
    p_holm: "The same after Holm's correction within the family.",
    left: "Mean over replicates of the left side, in the unit of the metric.",
    right: "Mean over replicates of the right side, or the number given.",
    family: "Claims of one family are corrected together.",
    role: "claim or control.",
    bearing: "What the outcome rests on: theorem, by-construction or empirical.",
    reason: "Why nothing was judged, or what was left out; empty otherwise.",
  },
  details: {
    claim: "Name of the claim.",
    each: "The value of each axis that the claim is made for anew.",
    text: "What is claimed, in words.",
    metric: "The column that is compared.",
    side: "greater or less: what left is claimed to be.",
    scale: "linear (left - right) or log (left / right).",
    beta: "The least favourable inverse temperature, where the claim is made at every beta; else null.",
    within_se:
      "Error of the estimate within a replicate, from the metric's `_se`; decides nothing.",
    bca_lo: "Lower end of the BCa bootstrap interval, from 20 replicates on; decides nothing.",
    bca_hi: "Upper end of the BCa bootstrap interval; decides nothing.",
  },
};

export const typical: Typical = {
  params: { claims: [] },
  inputs: { metrics: { model: utf8, seed: i32, accuracy: f64 } },
  depends: "The columns are always these; a row for each claim, and for each value of its `each`.",
};
