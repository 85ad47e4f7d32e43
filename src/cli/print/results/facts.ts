/** Facts as lines: a mark, the answer, what it states, and what was found. */
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
  const beside = [fact.counts, bearing, fact.opposite ? "the opposite of the claim" : ""];
  const about = oneLine(beside.filter((text) => text !== "").join("; "));
  const name = `${nameConclusion(fact)}${about === "" ? "" : ` (${about})`}`;
  // Below the mark where there is no room beside the answer.
  const after = indent + head.length + 2;
  const isNarrow = width - after < least;
  const start = isNarrow ? indent + 2 : after;
  const stated = fact.text === "" ? name : `${name}: ${oneLine(fact.text)}`;
  const room = Math.max(least, width - start);
  const indented = fact.says === "" ? [] : wrapWithin(oneLine(fact.says), room - 2);
  const lines = [...wrapWithin(stated, room), ...indented.map((line) => `  ${line}`)];
  const colour = colourOf(fact);
  const marked = colour ? paint(colour, head) : head;
  const pad = " ".repeat(indent);
  const [first = "", ...rest] = lines;
  if (isNarrow) return [[pad, marked], ...lines.map((line) => `${" ".repeat(start)}${line}`)];
  return [[pad, marked, `  ${first}`], ...rest.map((line) => `${" ".repeat(start)}${line}`)];
}
