/**
 * The lines of a log that say most of a failure: its end, and of a stack also where it begins, since the
 * reader's own code may stand at either end. Knows no failure.
 */
import { plural } from "../../text/plural.ts";

/** As many lines of each end. */
const most = 5;

export function lastWords(log: readonly string[]): string[] {
  const stack = log.slice(stackStart(log));
  if (stack.length <= most) return log.slice(-most);
  const between = stack.length - 2 * most;
  if (between <= 1) return stack;
  return [...stack.slice(0, most), `… ${plural(between, "line")}`, ...stack.slice(-most)];
}

/** Where the stack begins with which a log ends, of JavaScript or Python; its length if there is none. */
function stackStart(log: readonly string[]): number {
  const isFrame = (line: string) => /^\s+at /.test(line);
  const last = log.findLastIndex((line) => !isFrame(line));
  if (last < log.length - 1) return Math.max(0, last);
  const traceback = log.findLastIndex((line) => /^Traceback \(most recent call last\):/.test(line));
  return traceback < 0 ? log.length : traceback;
}
