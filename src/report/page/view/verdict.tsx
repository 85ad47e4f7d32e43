/** How a conclusion looks: a word, a mark with a shape, and a colour that says expected or not. */
import { formatEstimate } from "../../../text/estimate.ts";
import type { Conclusion, Fact } from "../../summary/index.ts";
import type { Tone } from "./forest.tsx";

export function toneOf({ asExpected }: Pick<Conclusion, "asExpected">): Tone {
  return asExpected === null ? "plain" : asExpected ? "good" : "bad";
}

/**
 * Decided, and the whole interval falls short of the margin on the side that is claimed; its end may
 * be drawn at the margin.
 */
export function isAgainst({ decided, strength }: Conclusion): boolean {
  return decided && strength < -0.999;
}

function markOf(row: Conclusion): string {
  if (row.asExpected !== null) return row.asExpected ? "✓" : "✗";
  if (!row.decided) return "◇";
  if (Number.isNaN(row.strength)) return "•";
  return isAgainst(row) ? "▽" : "▲";
}

export function Verdict({ row }: { row: Conclusion }) {
  const { verdict, asExpected, expected } = row;
  return (
    <span class={`verdict ${toneOf(row)}`}>
      <span aria-hidden="true">{markOf(row)}</span> {verdict}
      {asExpected === false && <small> not as expected: {expected.join(" or ")}</small>}
      {asExpected === true && <small> as expected</small>}
    </span>
  );
}

/** The one answer of a fact, by the same marks. */
export function Answered({ fact }: { fact: Fact }) {
  const { verdict, asExpected, decided } = fact;
  const mark = asExpected === null ? (decided ? "•" : "◇") : asExpected ? "✓" : "✗";
  return (
    <span class={`verdict ${toneOf(fact)}`}>
      <span aria-hidden="true">{mark}</span> {verdict}
      {asExpected === false && <small> not as expected</small>}
    </span>
  );
}

/** What an outcome rests on, where that is not the data. */
export function Bearing({ bearing }: { bearing: string }) {
  if (bearing === "empirical" || bearing === "") return null;
  const title = {
    theorem: "a theorem implies it",
    "by-construction": "it follows from the construction",
  };
  return (
    <span class="bearing" title={title[bearing as keyof typeof title]}>
      {bearing}
    </span>
  );
}

/** `0.655 [0.651, 0.658]`; a ratio begins with a times sign. */
export function estimateOf({ estimate, low, high, ratio }: Conclusion): string {
  const text = formatEstimate(estimate, low, high);
  return text !== "" && ratio ? `×${text}` : text;
}

/** `name (rule=majority)` */
export function nameOf({ name, at }: Pick<Conclusion, "name" | "at">): string {
  return at === "" ? name : `${name} (${at})`;
}
