/** What the columns of `verdict` mean. */
import { f64, i32, type Notes, type Typical, utf8 } from "../../engine/node-type.ts";

export const notes: Notes = {
  table: {
    claim: "Name of the claim.",
    each: "The value of each axis that the claim is made for anew; empty without `each`.",
    verdict:
      "REPRODUCED, CONTRADICTED, EQUIVALENT, … of claims, PRESENT, ABSENT, UNCLEAR of controls; MIXED along an axis.",
    counts: "What MIXED is made of: how many values hold, fail or are undecided; else empty.",
    as_expected:
      "Whether the verdict is the expected one; null where none is expected, or what is undecided leaves it open.",
    estimate:
      "left - right in the metric's unit, or on the log scale left / right; of several the least favourable.",
    lo: "Lower end of the simultaneous interval of estimate.",
    hi: "Upper end of the simultaneous interval of estimate.",
    margin: "The least difference that matters; on the log scale a factor.",
    n: "Number of replicates (seeds).",
    expected: "The word or words that `expect` names; empty without it.",
    p: "p value of the test that decides, of this row alone, if differences are normal; null where values along an axis differ.",
    p_adjusted: "The same for all decisions of the family together.",
    p_flip:
      "p by the exact sign-flip test, which needs no normal differences: at least 2^(1-n); null above 32 replicates.",
    left: "Mean over replicates of the left side, in the unit of the metric.",
    right: "Mean over replicates of the right side, or the number given.",
    fact: "The fact that the row measures.",
    family: "Claims of one family share alpha.",
    role: "claim or control.",
    scale: "linear (left - right) or log (left / right).",
    bearing: "What the outcome rests on: theorem, by-construction or empirical.",
    reason: "Why the verdict is what it is, where it holds along an axis, and what was left out.",
  },
  facts: {
    fact: "Name of the fact.",
    answer: "The verdict that all of its rows have, else MIXED.",
    counts:
      "What MIXED is made of: how many rows, or values along axes, hold, fail or are undecided.",
    as_expected:
      "Whether every row of which something was expected came so; null where nothing was, or what is undecided leaves it open.",
    expected: "The words that its rows expect; empty without any.",
    says: "In how many rows it holds, where it does not, and the range of each metric.",
    rows: "Number of rows.",
    holds: "Number of rows that are REPRODUCED or PRESENT.",
    family: "The family of its rows.",
    role: "claim or control.",
    bearing: "What its rows rest on: as of a row, or how many rest on what.",
    states: "claim, or opposite: where it holds, it speaks against what its family claims.",
    text: "What it says, in a sentence; empty if nobody says.",
  },
  along: {
    claim: "Name of the claim.",
    each: "The value of each axis that the claim is made for anew.",
    axis: "The column along which it is judged.",
    value: "The value of that column, in its unit.",
    verdict: "As in `table`, at this value.",
    estimate: "left - right, or left / right on the log scale, at this value.",
    lo: "Lower end of its simultaneous interval.",
    hi: "Upper end of its simultaneous interval.",
    margin: "The least difference that matters; on the log scale a factor.",
    n: "Number of replicates (seeds).",
    p: "p value of the test that decides, of this value alone.",
    p_adjusted: "The same for all decisions of the family together.",
    p_flip: "p by the exact sign-flip test; null above 32 replicates.",
    left: "Mean over replicates of the left side.",
    right: "Mean over replicates of the right side, or the number given.",
    fact: "The fact that the claim measures.",
    role: "claim or control.",
    scale: "linear (left - right) or log (left / right).",
  },
  details: {
    claim: "Name of the claim.",
    each: "The value of each axis that the claim is made for anew.",
    text: "What is claimed, in words.",
    metric: "The column that is compared.",
    side: "greater, less, equal or different: what left is claimed to be.",
    states: "claim, or opposite: as of the fact.",
    why_zero: "Why every difference matters, where the margin is none.",
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
