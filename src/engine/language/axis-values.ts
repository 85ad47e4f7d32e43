/**
 * What the values of one axis must be, wherever they are written: of one type, fit to stand in an
 * instance's name, and distinct to the eye. Knows nothing of stages.
 */

import { quote, spell } from "../../text/quote.ts";
import type { Span } from "./diagnostic.ts";
import { lookAlike, type Problems } from "./problems.ts";
import type { Scalar } from "./tree.ts";

/** Where each value is written. */
export type Places = ReadonlyMap<Scalar, Span>;

/**
 * @param span - of the axis, for what is wrong with several values
 * @param known - values that have been checked before
 */
export function checkValues(
  axis: string,
  values: Places,
  span: Span,
  problems: Problems,
  known: readonly Scalar[] = [],
): void {
  const [first] = values.keys();
  const odd = [...values.keys()].find((value) => typeof value !== typeof first);
  if (odd !== undefined) {
    const message = `axis ${quote(axis)} must have values of one type, got ${quote(first)} and ${quote(odd)}`;
    problems.error("invalid-value", message, span);
  }
  const done = new Set(known);
  for (const [value, at] of values) if (!done.has(value)) checkText(axis, value, at, problems);
  const texts = [...values.keys()].filter((value) => typeof value === "string");
  for (const [one, other] of lookAlike(texts)) {
    if (done.has(other)) continue;
    const notes = [{ message: "the other one", span: values.get(one)! }];
    const message = `axis ${quote(axis)} has the values ${spell(one)} and ${spell(other)}, which look alike`;
    problems.error("duplicate-value", message, values.get(other)!, { notes });
  }
}

/** Values stand in instance names, `stage[axis=value,…]`, which must stay readable by a program. */
const nameable =
  /^(?! )(?:(?![[\],"\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}])[ \P{Zs}])+(?<! )$/u;

function checkText(axis: string, value: Scalar, at: Span, problems: Problems): void {
  if (typeof value !== "string" || nameable.test(value)) return;
  const message = `${quote(value)} cannot be a value of axis ${quote(axis)}`;
  const hint =
    "values appear in names: no comma, bracket, quote, line break, outer space or what cannot be seen";
  problems.error("invalid-value", message, at, { hint });
}
