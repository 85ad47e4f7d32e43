/** Words of verdicts as parts of a sentence. */
import { common, mixed, type Word } from "../../statistics/words.ts";

interface Phrase {
  /** Of a row, or of all values of an axis. */
  readonly alone: string;
  /** Beside values where something holds. */
  readonly after: string;
  /** At the last values of an axis and not before. */
  readonly begins: string;
  /** After a number of rows or values, one or several. */
  readonly counted: readonly [one: string, several: string];
  readonly holds: boolean;
  /** Whether the question stays open. */
  readonly open: boolean;
}

const phrase = (alone: string, counted: string, more: Partial<Phrase> = {}): Phrase => ({
  ...{ alone, after: alone, begins: alone, counted: [counted, counted], holds: false, open: false },
  ...more,
});

export const phrases: Readonly<Record<Word, Phrase>> = {
  REPRODUCED: phrase("holds", "", {
    ...{ begins: "begins to hold", counted: ["holds", "hold"], holds: true },
  }),
  CONTRADICTED: phrase("is contradicted", "contradicted", { after: "turns" }),
  EQUIVALENT: phrase("lies within the margin", "within the margin", { after: "within the margin" }),
  "NOT-REPRODUCED": phrase("falls short", "short of the margin"),
  INCONCLUSIVE: phrase("is undecided", "undecided", { after: "undecided", open: true }),
  PRESENT: phrase("is present", "present", { begins: "begins", holds: true }),
  ABSENT: phrase("is absent", "absent", { after: "absent" }),
  UNCLEAR: phrase("is undecided", "undecided", { after: "undecided", open: true }),
  "REPORT-ONLY": phrase("is not judged", "not judged", { after: "not judged", open: true }),
  MIXED: phrase("is mixed", "mixed"),
};

/**
 * What a MIXED answer is made of, `3 rows hold, 1 contradicted, 2 undecided`: what holds comes first, and
 * what is open last. Empty where all have one word.
 */
export function countsOf(words: readonly Word[], unit: "row" | "value"): string {
  if (common(words) !== mixed) return "";
  const rank = (word: Word) => (phrases[word].holds ? 0 : phrases[word].open ? 2 : 1);
  const count = (word: Word) => words.filter((one) => one === word).length;
  const found = [...new Set(words)].sort((a, b) => rank(a) - rank(b) || count(b) - count(a));
  return found
    .map((word, i) => {
      const n = count(word);
      const many = i === 0 ? `${n} ${unit}${n === 1 ? "" : "s"}` : `${n}`;
      return `${many} ${phrases[word].counted[n === 1 ? 0 : 1]}`;
    })
    .join(", ");
}
