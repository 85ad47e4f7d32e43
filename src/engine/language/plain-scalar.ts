/**
 * What YAML 1.2 reads otherwise than the person who wrote it may think: plain (unquoted) text that
 * other readers take for a number or a boolean, and numbers that change while they are read.
 * Knows no pipeline.
 */

import { clip } from "../../text/clip.ts";
import { quote } from "../../text/quote.ts";
import { parseDecimal, sameDecimal, toDecimal } from "./decimal.ts";
import type { Span } from "./diagnostic.ts";
import { hintForText, looksLikeNumbers } from "./number-lists.ts";
import type { Problems } from "./problems.ts";

/** Invisible characters, and the marks that stand for a minus sign in print. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;
const dashes = /[\u2010-\u2015\u2212]/g;

const numberLike = [
  /^[-+]?\d+(:[0-5]?\d)+(\.\d*)?$/, // 1:30, base 60 in YAML 1.1
  /^[-+]?\d[\d_]*(\.[\d_]*)?(e[-+]?\d+)?$/i, // 1_000, and digits that are not ASCII's
  /^[-+]?\.\d[\d_]*(e[-+]?\d+)?$/i,
  /^[-+]?\d{1,3}([ ',])\d{3}(\1\d{3})*(\.\d*)?$/, // 1 000
  /^[-+]?\d+,\d+(e[-+]?\d+)?$/i, // 0,44
  /^[-+]?(\d+\.?\d*|\.\d+)[dq][-+]?\d+$/i, // Fortran's 1d-3
  /^[-+]?0[box][\da-f_]+$/i,
  /^[-+]?\.?(nan|inf|infinity)$/i,
];

/** Warns of text that looks like a number. `text` is plain and was read as text. */
export function warnNumberLike(text: string, span: Span, problems: Problems): void {
  if (text.length > 100) return;
  const shown = text.normalize("NFKC").replace(invisible, "").replace(dashes, "-").trim();
  if (looksLikeNumbers(shown)) {
    const message = `${quote(text)} is text here, not a list of numbers`;
    problems.warn("ambiguous-value", message, span, { hint: hintForText(shown) });
  }
  if (!numberLike.some((pattern) => pattern.test(shown))) return;
  const hint = "a number looks like 1000, 0.5 or 1e-3; put text in quotes";
  problems.warn("ambiguous-value", `${quote(text)} is text here, not a number`, span, { hint });
}

/** Warns of words that YAML 1.1 takes for booleans. */
export function warnBooleanLike(text: string, span: Span, problems: Problems): void {
  if (!/^(yes|no|on|off|Yes|No|On|Off|YES|NO|ON|OFF)$/.test(text)) return;
  const hint = `write ${/^(yes|on)$/i.test(text)}, or put text in quotes`;
  problems.warn("ambiguous-value", `${quote(text)} is text here, not a boolean`, span, { hint });
}

/** Refuses a number, written as `text`, that is read as another. */
export function checkNumber(value: number, text: string, span: Span, problems: Problems): void {
  const shown = clip(text);
  const quoted = `quote it to use it as text: "${shown}"`;
  if (!Number.isFinite(value)) {
    problems.error("inexact-number", `expected a finite number, got ${shown}`, span);
  } else if (/^[-+]?0\d+(e.*)?$/i.test(text)) {
    const message = `${shown} begins with 0, which makes it octal for some readers of YAML`;
    problems.error("ambiguous-value", message, span, { hint: `write ${value}; ${quoted}` });
  } else if (value === 0 && /^[^e]*[1-9]/i.test(text)) {
    const message = `${shown} is too small for a number: it would be 0`;
    problems.error("inexact-number", message, span);
  } else if (Number.isInteger(value) && !isExact(value, text)) {
    problems.error("inexact-number", `${shown} has too many digits`, span, { hint: quoted });
  }
}

/** Whether an integer is what was written. Beyond 2^53 others are read as the same number. */
function isExact(value: number, text: string): boolean {
  if (Number.isSafeInteger(value)) return true;
  if (/^0[xo]/.test(text) || !/[.e]/i.test(text)) return false;
  return sameDecimal(parseDecimal(text), toDecimal(value));
}
