/** How a conclusion looks: a word, a mark with a shape, and a colour that says expected or not. */
import { formatEstimate } from "../../../text/estimate.ts";
import type { Conclusion, Fact } from "../../summary/index.ts";
import type { Tone } from "./forest.tsx";

export function toneOf({ expectation }: Pick<Conclusion, "expectation">): Tone {
  return expectation === "met" ? "good" : expectation === "missed" ? "bad" : "plain";
}

/**
 * Decided, and the whole interval falls short of the margin on the side that is claimed; its end may
 * be drawn at the margin.
 */
export function isAgainst({ decided, strength }: Conclusion): boolean {
  return decided && strength < -0.999;
}

function markOf(row: Conclusion): string {
  const mark = expectedMark(row);
  if (mark !== undefined) return mark;
  if (Number.isNaN(row.strength)) return "•";
  return isAgainst(row) ? "▽" : "▲";
}

/** Undefined where nothing was expected of what is decided. */
function expectedMark({ expectation, decided }: Conclusion | Fact): string | undefined {
  if (expectation === "met" || expectation === "missed") return expectation === "met" ? "✓" : "✗";
  return decided && expectation === "none" ? undefined : "◇";
}

/** The word, and what one that differs from place to place is made of. */
function Word({ verdict, counts }: Pick<Conclusion, "verdict" | "counts">) {
  return (
    <>
      {verdict}
      {counts !== "" && <span class="made-of">: {counts}</span>}
    </>
  );
}

const came = { met: "as expected", missed: "not as expected", open: "not decided", none: "" };

export function Verdict({ row }: { row: Conclusion }) {
  const { expectation, expected } = row;
  const wanted = expected.join(" or ");
  return (
    <span class={`verdict ${toneOf(row)}`}>
      <span aria-hidden="true">{markOf(row)}</span> <Word {...row} />
      {expectation === "met" && <small> as expected</small>}
      {expectation === "missed" && <small> not as expected: {wanted}</small>}
      {expectation === "open" && <small> not decided; expected {wanted}</small>}
    </span>
  );
}

/** The one answer of a fact, by the same marks. */
export function Answered({ fact }: { fact: Fact }) {
  const { expectation } = fact;
  return (
    <span class={`verdict ${toneOf(fact)}`}>
      <span aria-hidden="true">{expectedMark(fact) ?? "•"}</span> <Word {...fact} />
      {expectation !== "none" && <small> {came[expectation]}</small>}
    </span>
  );
}

/** What an outcome may rest on beside the data. */
export const bearingMeanings: Readonly<Record<string, string>> = {
  theorem: "a theorem implies it",
  "by construction": "it follows from how the models are made",
};

/** What an outcome rests on, where that is not the data; and that it is of the opposite. */
export function Bearing({ of: { bearing, opposite } }: { of: Conclusion | Fact }) {
  const words = [
    ...(bearing === "empirical" || bearing === "" ? [] : [bearing.replaceAll("-", " ")]),
    ...(opposite ? ["states the opposite of the claim"] : []),
  ];
  return words.map((word) => (
    <span key={word} class="bearing">
      {word}
    </span>
  ));
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
