/** What is wrong with a user's code, and where. Knows neither how code is read nor what it does. */

/** A place in a file of code. */
export interface CodePlace {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Code that cannot be part of a key. */
export class CodeError extends Error {
  readonly reason: string;
  readonly at: CodePlace | undefined;
  readonly hint: string | undefined;
  constructor(reason: string, at?: CodePlace, hint?: string) {
    super(at ? `${at.path}:${at.text.slice(0, at.start).split("\n").length}: ${reason}` : reason);
    this.name = "CodeError";
    this.reason = reason;
    this.at = at;
    this.hint = hint;
  }
}

/** @param column - counts from 1, as lines do */
export function placeAt(
  path: string,
  text: string,
  {
    line,
    column,
    width,
  }: { readonly line: number; readonly column: number; readonly width: number },
): CodePlace {
  const before = text.split("\n").slice(0, line - 1);
  const start = before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
  return { path, text, start, end: start + width };
}
