/**
 * `derived:` params: products and quotients of params, in exact decimal arithmetic. A list is
 * computed element by element; a number beside it goes with each.
 */

import { plural } from "../../text/plural.ts";
import { quote } from "../../text/quote.ts";
import { type Decimal, divide, multiply, toDecimal, toNumber } from "../language/decimal.ts";
import type { Span } from "../language/diagnostic.ts";
import { type Problems, suggest } from "../language/problems.ts";
import {
  describe,
  type Entry,
  entriesOf,
  list,
  type ScalarTree,
  scalar,
  type Tree,
  usedAt,
} from "../language/tree.ts";

/** A number or a list of numbers, and where the formula names it. */
interface Operand {
  readonly value: Decimals;
  readonly span: Span;
}
type Decimals = Located | readonly Located[];
interface Located {
  readonly number: Decimal;
  readonly tree: ScalarTree;
}

/** The params with the derived ones among them. */
export function withDerived(
  params: ReadonlyMap<string, Tree>,
  derived: ReadonlyMap<string, Entry>,
  problems: Problems,
): Map<string, Tree> {
  const all = new Map(params);
  const open: string[] = [];

  function resolve(name: string, span: Span): Tree | undefined {
    const known = all.get(name);
    if (known) return known;
    const entry = derived.get(name);
    if (!entry) {
      const [, inner] = /^\$\{(\w+)\}$/.exec(name) ?? [];
      const bare =
        inner === undefined ? undefined : `write ${inner}: derived: knows params by name`;
      const hint = bare ?? suggest(name, [...params.keys(), ...derived.keys()]);
      problems.error("unknown-param", `unknown param ${quote(name)}`, span, { hint });
      return undefined;
    }
    if (open.includes(name)) {
      const loop = [...open.slice(open.indexOf(name)), name].join(" -> ");
      problems.error("cycle", `derived params refer to each other: ${loop}`, span);
      return undefined;
    }
    open.push(name);
    const value = compute(entry);
    open.pop();
    // A failure is reported once; others that need it go on with any number.
    all.set(name, value ?? scalar(1, entry.key));
    return value;
  }

  function compute({ key, value: formula }: Entry): Tree | undefined {
    const [[operator, written] = []] = [...entriesOf(formula)];
    if (!operator || written?.value.kind !== "list") return undefined;
    const operands = written.value.items.map(read);
    if (!operands.every((operand) => operand !== undefined)) return undefined;
    const length = lengthOf(operands, problems);
    if (length === "unequal") return undefined;
    const row = (i: number) =>
      operands.map(({ value, span }) => ({ at: "number" in value ? value : value[i]!, span }));
    if (length === undefined) return combine(operator, row(0), key, formula.span, problems);
    const results = Array.from({ length }, (_, i) =>
      combine(operator, row(i), key, formula.span, problems),
    );
    return results.every((result) => result !== undefined)
      ? list(results, formula.span)
      : undefined;
  }

  function read(operand: Tree): Operand | undefined {
    if (operand.kind !== "scalar") return undefined;
    const { value: written, span } = operand;
    const tree = typeof written === "string" ? resolve(written, span) : operand;
    const value = tree && decimals(tree, written, span, problems);
    return value && { value, span };
  }

  for (const [name, entry] of derived) {
    const first = params.get(name);
    if (first) {
      const notes = [{ message: "a param of this name", span: first.span }];
      problems.error("duplicate-key", `duplicate param ${quote(name)}`, entry.key, { notes });
    } else resolve(name, entry.key);
  }
  return all;
}

/** What a param holds; `written` is how the formula names it. */
function decimals(
  tree: Tree,
  written: unknown,
  span: Span,
  problems: Problems,
): Decimals | undefined {
  const isList = tree.kind === "list";
  const located: Located[] = [];
  for (const part of isList ? tree.items : [tree]) {
    if (part.kind === "scalar" && typeof part.value === "number") {
      located.push({ number: toDecimal(part.value), tree: part });
      continue;
    }
    const wanted = isList ? "a list of numbers" : "a number or a list of numbers";
    const message = `${quote(written)} must be ${wanted}, got ${describe(part)}`;
    problems.error("invalid-value", message, part.span, usedAt(span));
    return undefined;
  }
  return isList ? located : located[0];
}

/** The length of the lists among the operands; undefined if there is none. */
function lengthOf(
  operands: readonly Operand[],
  problems: Problems,
): number | undefined | "unequal" {
  const lists = operands.flatMap(({ value, span }) =>
    "number" in value ? [] : [{ length: value.length, span }],
  );
  const [first, ...others] = lists;
  const odd = others.find(({ length }) => length !== first!.length);
  if (!odd) return first?.length;
  const [a, b] = [odd, first!].map(({ length }) => plural(length, "value"));
  const notes = [{ message: `a list of ${b}`, span: first!.span }];
  problems.error("invalid-value", `a list of ${a} beside one of ${b}`, odd.span, { notes });
  return "unequal";
}

/** One product or quotient. */
function combine(
  operator: string,
  operands: readonly { readonly at: Located; readonly span: Span }[],
  key: Span,
  span: Span,
  problems: Problems,
): Tree | undefined {
  const [first, ...rest] = operands.map(({ at }) => at.number) as [Decimal, ...Decimal[]];
  const isQuotient = operator === "divide";
  if (isQuotient && rest[0]!.digits === 0n) {
    const { at, span: used } = operands[1]!;
    const { tree } = at;
    const via = tree.span === used ? undefined : used;
    problems.error("invalid-value", "cannot divide by 0", tree.span, usedAt(via));
    return undefined;
  }
  const result = toNumber(rest.reduce(isQuotient ? divide : multiply, first));
  const isZero = operands.some(({ at }) => at.number.digits === 0n);
  if (Number.isFinite(result) && (result !== 0 || isZero)) return scalar(result, span);
  const what = isQuotient ? "quotient" : "product";
  problems.error("invalid-value", `the ${what} is too ${result === 0 ? "small" : "large"}`, key);
  return undefined;
}
