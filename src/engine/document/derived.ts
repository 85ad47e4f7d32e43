/** `derived:` params: products and quotients of params, in exact decimal arithmetic. */

import { type Decimal, divide, multiply, toDecimal, toNumber } from "../language/decimal.ts";
import type { Span } from "../language/diagnostic.ts";
import { type Problems, quote, suggest } from "../language/problems.ts";
import { describe, type Entry, entriesOf, scalar, type Tree, usedAt } from "../language/tree.ts";

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
      const hint = suggest(name, [...params.keys(), ...derived.keys()]);
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
    const [[operator, operands] = []] = [...entriesOf(formula)];
    if (!operator || operands?.value.kind !== "list") return undefined;
    const numbers = operands.value.items.map(number);
    if (numbers.some((x) => x === undefined)) return undefined;
    const [first, ...rest] = numbers as [Decimal, ...Decimal[]];
    if (operator === "divide" && rest[0]!.digits === 0n) {
      problems.error("invalid-value", "cannot divide by 0", operands.value.items[1]!.span);
      return undefined;
    }
    const result = toNumber(rest.reduce(operator === "divide" ? divide : multiply, first));
    if (Number.isFinite(result)) return scalar(result, formula.span);
    problems.error("invalid-value", "the product is too large", key);
    return undefined;
  }

  function number(operand: Tree): Decimal | undefined {
    if (operand.kind !== "scalar") return undefined;
    const { value: written, span } = operand;
    const tree = typeof written === "string" ? resolve(written, span) : operand;
    if (!tree) return undefined;
    if (tree.kind === "scalar" && typeof tree.value === "number") return toDecimal(tree.value);
    const message = `${quote(written)} must be a number, got ${describe(tree)}`;
    problems.error("invalid-value", message, tree.span, usedAt(span));
    return undefined;
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
