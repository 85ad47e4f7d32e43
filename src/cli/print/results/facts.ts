/** Facts as lines: a mark, the answer, and what it says. */
import type { Fact } from "../../../index.ts";
import { wrapWithin } from "../../../text/wrap.ts";
import { type Line, paint } from "../terminal.ts";
import { bearingOf, colourOf, markOf, nameConclusion, oneLine } from "./conclusion.ts";

/** A fact's words are not wrapped to less than this, however narrow the terminal is. */
const least = 24;

/**
 * @param indent - characters before the mark
 * @param answerWidth - the room of the longest answer
 */
export function factLines(
  fact: Fact,
  { indent, answerWidth, width }: { indent: number; answerWidth: number; width: number },
): Line[] {
  const head = `${markOf(fact)} ${oneLine(fact.verdict).padEnd(answerWidth)}`;
  const bearing = bearingOf(fact);
  const name = `${nameConclusion(fact)}${bearing === "" ? "" : ` (${bearing})`}`;
  // Below the mark where there is no room beside the answer.
  const beside = indent + head.length + 2;
  const isNarrow = width - beside < least;
  const start = isNarrow ? indent + 2 : beside;
  const text = fact.says === "" ? name : `${name}: ${oneLine(fact.says)}`;
  const lines = wrapWithin(text, Math.max(least, width - start));
  const colour = colourOf(fact);
  const marked = colour ? paint(colour, head) : head;
  const pad = " ".repeat(indent);
  const [first = "", ...rest] = lines;
  if (isNarrow) return [[pad, marked], ...lines.map((line) => `${" ".repeat(start)}${line}`)];
  return [[pad, marked, `  ${first}`], ...rest.map((line) => `${" ".repeat(start)}${line}`)];
}
