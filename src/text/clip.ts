/** Cuts texts of users that are too long to read. A cut leaves no half of a character. */
import { headOf, tailOf } from "./printable.ts";

/** A longer text says nothing more to a person. */
const maxText = 200;

/** The beginning and the end of a long text. */
export function clip(text: string): string {
  if (text.length <= maxText) return text;
  const tail = 40;
  // Nor does it cut an escape sequence.
  const head = headOf(text, maxText - tail - 1).replace(/\\[^\\]{0,5}$/, "");
  return `${head}…${tailOf(text, tail)}`;
}

/** The beginning of a long text, and how much is left out. */
export function clipEnd(text: string, length: number): string {
  const more = text.length - length;
  return more > 0 ? `${headOf(text, length)}… (${more} more characters)` : text;
}
