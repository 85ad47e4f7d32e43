/** One conclusion in words. */
import type { Conclusion } from "../../../index.ts";
import { formatEstimate } from "../../../text/estimate.ts";
import { printable } from "../../../text/printable.ts";
import type { Colour } from "../terminal.ts";

/** `sparser weights [rule=majority]` */
export function nameConclusion({ name, at }: Pick<Conclusion, "name" | "at">): string {
  return oneLine(at === "" ? name : `${name} [${at}]`);
}

/** `0.655 [0.651, 0.658]`; a ratio begins with a times sign. */
export function estimateOf({ estimate, low, high, ratio }: Conclusion): string {
  const text = formatEstimate(estimate, low, high);
  return text !== "" && ratio ? `×${text}` : text;
}

/** What the outcome rests on, if not on data alone. */
export function bearingOf({ bearing }: Pick<Conclusion, "bearing">): string {
  return bearing === "empirical" ? "" : wordsOf(bearing);
}

/** `by-construction` as a person says it. */
export const wordsOf = (word: string) => oneLine(word.replaceAll("-", " "));

/** The word, and what one that differs from place to place is made of: `MIXED: 3 rows hold, 1 contradicted`. */
export function verdictOf({ verdict, counts }: Pick<Conclusion, "verdict" | "counts">): string {
  return oneLine(counts === "" ? verdict : `${verdict}: ${counts}`);
}

/** Colours say whether it is as expected: what a verdict is called says nothing of that. */
export function colourOf({ expectation, decided }: Judged): Colour | undefined {
  if (expectation === "met" || expectation === "missed")
    return expectation === "met" ? "green" : "red";
  return decided && expectation === "none" ? undefined : "yellow";
}

/** The same as a mark, for who sees no colours. */
export function markOf({ expectation, decided }: Judged): string {
  if (expectation === "met" || expectation === "missed") return expectation === "met" ? "✓" : "✗";
  return decided && expectation === "none" ? " " : "?";
}

type Judged = Pick<Conclusion, "expectation" | "decided">;

export function oneLine(text: string): string {
  return printable(text).replaceAll("\t", "\\t");
}
