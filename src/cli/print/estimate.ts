/** Says how long something is expected to take, and what is not known of it. */
import { duration } from "../../text/duration.ts";
import { plural } from "../../text/plural.ts";

export interface Estimate {
  readonly seconds: number;
  /** Of how many instances nothing is known. */
  readonly unknown: number;
  /** Whether some may take longer than anything that was measured. */
  readonly atLeast: boolean;
}

/**
 * `about 3 min 20 s`, `at least 12 s`; undefined if nothing is known.
 *
 * @param whole - without tenths of seconds
 */
export function about({ seconds, unknown, atLeast }: Estimate, whole = false): string | undefined {
  if (unknown > 0 && seconds === 0) return undefined;
  if (seconds < 0.5) return atLeast || unknown > 0 ? "a moment or more" : "less than a second";
  return `${atLeast || unknown > 0 ? "at least" : "about"} ${duration(seconds, whole)}`;
}

/** `12 of them have never run`: why it is no more than `at least`. */
export function unmeasured(
  { unknown }: Pick<Estimate, "unknown">,
  total: number,
): string | undefined {
  if (unknown === 0) return undefined;
  if (unknown === total) return "nothing like it has run";
  return `nothing is known of ${plural(unknown, "instance")}`;
}
