/** Answers a shell that completes a line: `__complete line TEXT`, or `__complete words WORD…`. */
import type { Command } from "commander";
import { out } from "../print/terminal.ts";
import { complete } from "./complete.ts";
import { brokenOff, splitLine } from "./line.ts";

/** @param declare - the program, with the commands that these words call */
export async function answer(
  [how, ...given]: readonly string[],
  declare: (words: readonly string[]) => Promise<Command>,
): Promise<number> {
  try {
    const line = how === "line" ? splitLine(given[0] ?? "") : undefined;
    // A shell that passes words does not know which of them are options of ours.
    const words = line
      ? line.words.slice(1)
      : given.filter((word, i) => word !== "--" || i < given.length - 2);
    const program = await declare(words);
    const from = line ? brokenOff(line) : 0;
    const found = complete(program, words.length > 0 ? words : [""]);
    for (const [text, about] of found) {
      const rest = text.startsWith(":") ? text : text.slice(from);
      out.data(about ? `${rest}\t${about}\n` : `${rest}\n`);
    }
  } catch {
    // Who presses a key did not ask for an error.
  }
  return 0;
}
