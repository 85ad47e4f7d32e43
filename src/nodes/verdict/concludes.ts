/** How the tables of `verdict` are read as conclusions. */
import type { Concludes } from "../../engine/node-type.ts";
import type { Word } from "../../statistics/words.ts";

export const concludes = {
  port: "table",
  groups: "families",
  columns: {
    name: "claim",
    at: "each",
    group: "family",
    fact: "fact",
    text: "details.text",
    verdict: "verdict",
    estimate: "estimate",
    low: "lo",
    high: "hi",
    margin: "margin",
    side: "details.side",
    scale: "scale",
    expected: "expected",
    as_expected: "as_expected",
    bearing: "bearing",
    role: "role",
    reason: "reason",
  },
  facts: {
    port: "facts",
    columns: {
      name: "fact",
      verdict: "answer",
      says: "says",
      text: "text",
      group: "family",
      role: "role",
      bearing: "bearing",
      as_expected: "as_expected",
    },
  },
  verdicts: {
    REPRODUCED: "the difference is as claimed, beyond the margin (of equality: within it)",
    EQUIVALENT: "the difference is smaller than the margin",
    "NOT-REPRODUCED": "the difference does not reach the margin",
    CONTRADICTED: "the difference is the opposite of what is claimed, beyond the margin",
    MIXED: "rows differ, or values along an axis",
    INCONCLUSIVE: "the data do not decide",
    PRESENT: "a control's effect is there, beyond the margin",
    ABSENT: "it is not: it lies within the margin, or on the other side",
    UNCLEAR: "the data do not say whether it is there",
    "REPORT-ONLY": "three replicates or fewer: nothing is judged",
  } satisfies Record<Word, string>,
  divided: ["MIXED"],
  undecided: ["INCONCLUSIVE", "UNCLEAR", "REPORT-ONLY"],
} satisfies Concludes;
