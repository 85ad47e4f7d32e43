/**
 * Reads text as a number or a spin, by one strict grammar for every file of text. Anything else (a
 * blank, `nan`, `0x1`, `1e`, `1,5`) is never a value. Knows no file format.
 */

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const one = /^([+-]?)0*1(\.0*)?(e[+-]?0+)?$/i;
const zero = /^[+-]?(0+\.?0*|\.0+)(e[+-]?\d+)?$/i;
const word = /^(?:(true)|false)$/i;

/**
 * Undefined if it is not a decimal number, or one too small to be told from 0; too large ones are
 * infinite.
 */
export function numberIn(text: string): number | undefined {
  if (!decimal.test(text)) return undefined;
  const value = Number(text);
  return value === 0 && !zero.test(text) ? undefined : value;
}

/** Exactly -1, 0 or 1, or a truth value. Digits decide: `1e-400` is not 0. */
export function spinIn(text: string): number | boolean | undefined {
  if (text === "1" || text === "0" || text === "-1") return Number(text);
  const sign = one.exec(text)?.[1];
  if (sign !== undefined) return sign === "-" ? -1 : 1;
  if (zero.test(text)) return 0;
  const truth = word.exec(text);
  return truth ? truth[1] !== undefined : undefined;
}

const missing = /^(|[+-]?nan(\(.*\))?|n\/?a|#n\/a|<na>|null|none|nil|nat|missing|\?|\.|-+)$/i;

/** Whether programs write this for a missing value. */
export function isMissing(text: string): boolean {
  return missing.test(text);
}

/** Whether a cell can be a column's name: text that could be meant as a value cannot. */
export function isName(text: string): boolean {
  if (isMissing(text) || word.test(text)) return false;
  return !/^[+\-−]?(\d|\.\d)|^[+\-−]?inf(inity)?$|^[+\-−]+$|^[[({]/i.test(text);
}
