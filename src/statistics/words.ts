/** What an answer is called: claims and controls have words of their own. */

/**
 * Where an interval lies, seen from what is claimed: `claimed` beyond the margin on that side, `opposite`
 * beyond it on the other, `within` both margins, `short` of the claim's, `open` across it; `few`: there are
 * too few replicates to say.
 */
export type Region = "claimed" | "opposite" | "within" | "short" | "open" | "few";
export type Role = "claim" | "control";

const words = {
  claim: {
    claimed: "REPRODUCED",
    opposite: "CONTRADICTED",
    within: "EQUIVALENT",
    short: "NOT-REPRODUCED",
    open: "INCONCLUSIVE",
    few: "REPORT-ONLY",
  },
  control: {
    claimed: "PRESENT",
    opposite: "ABSENT",
    within: "ABSENT",
    short: "ABSENT",
    open: "UNCLEAR",
    few: "REPORT-ONLY",
  },
} as const;

/** Where answers differ, along an axis or within a fact. */
export const mixed = "MIXED";

export type ClaimWord = (typeof words)["claim"][Region];
export type ControlWord = (typeof words)["control"][Region];
export type Word = ClaimWord | ControlWord | typeof mixed;

export const claimWords: readonly ClaimWord[] = Object.values(words.claim);
export const controlWords: readonly ControlWord[] = [...new Set(Object.values(words.control))];

export function wordOf(role: Role, region: Region): ClaimWord | ControlWord {
  return words[role][region];
}

/** The word that all have, or `mixed`. */
export function common(all: readonly Word[]): Word {
  return all.every((word) => word === all[0]) ? all[0]! : mixed;
}
