/** Words of verdicts as parts of a sentence. */
import type { Word } from "../../statistics/words.ts";

interface Phrase {
  /** Of a row, or of all values of an axis. */
  readonly alone: string;
  /** Beside values where something holds. */
  readonly after: string;
  /** At the last values of an axis and not before. */
  readonly begins: string;
  readonly holds: boolean;
  /** Whether the question stays open. */
  readonly open: boolean;
}

const phrase = (alone: string, more: Partial<Phrase> = {}): Phrase => ({
  ...{ alone, after: alone, begins: alone, holds: false, open: false },
  ...more,
});

export const phrases: Readonly<Record<Word, Phrase>> = {
  REPRODUCED: phrase("holds", { begins: "begins to hold", holds: true }),
  CONTRADICTED: phrase("is contradicted", { after: "turns" }),
  EQUIVALENT: phrase("makes no difference"),
  "NOT-REPRODUCED": phrase("falls short"),
  INCONCLUSIVE: phrase("is unclear", { after: "unclear", open: true }),
  PRESENT: phrase("is present", { begins: "begins", holds: true }),
  ABSENT: phrase("is absent", { after: "absent" }),
  UNCLEAR: phrase("is unclear", { after: "unclear", open: true }),
  "REPORT-ONLY": phrase("is not judged", { after: "not judged", open: true }),
  MIXED: phrase("is mixed"),
};
