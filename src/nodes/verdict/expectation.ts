/** Whether the word came that was expected. What is not decided speaks neither for it nor against it. */
import { common, mixed, type Word } from "../../statistics/words.ts";
import { phrases } from "./phrases.ts";

/**
 * Null where nothing was expected, nothing was judged, or what is decided leaves it open: ABSENT at two
 * values and UNCLEAR at one may yet be ABSENT at all of them, and so may MIXED be of what is unclear alone.
 *
 * @param words - of each value that is judged, at least one
 */
export function asExpected(expected: readonly Word[], words: readonly Word[]): boolean | null {
  const verdict = common(words);
  if (expected.length === 0 || words.includes("REPORT-ONLY")) return null;
  if (verdict !== mixed && expected.includes(verdict)) return true;
  const decided = [...new Set(words.filter((word) => !phrases[word].open))];
  const isOpen = words.some((word) => phrases[word].open);
  if (decided.length === 0) return null;
  const possible: Word[] = decided.length > 1 ? [mixed] : isOpen ? [...decided, mixed] : decided;
  const met = possible.filter((word) => expected.includes(word)).length;
  return met === 0 ? false : met === possible.length ? true : null;
}

/** Of several rows: one that failed decides, and then one that is open. */
export function allAsExpected(
  rows: readonly { readonly expected: string; readonly as_expected: number | null }[],
): boolean | null {
  const asked = rows.filter(({ expected }) => expected !== "").map((row) => row.as_expected);
  if (asked.includes(0)) return false;
  return asked.length === 0 || asked.includes(null) ? null : true;
}
