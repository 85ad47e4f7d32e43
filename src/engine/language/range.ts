/**
 * `{ from, to, step }` and `{ range: [a, b] }` become the list of numbers that they stand for, both
 * ends included, in exact decimal arithmetic; within a list, its numbers stand among the others.
 * `also: [0.45, name]` adds numbers and named constants. Knows nothing of what the numbers mean: the
 * constants come with the node types.
 */

import { own } from "../own.ts";
import { align, toDecimal, toNumber } from "./decimal.ts";
import type { Span } from "./diagnostic.ts";
import type { Problems } from "./problems.ts";
import { describe, get, list, type MapTree, scalar, type Tree } from "./tree.ts";

/** Numbers that a range may call by name. */
export type Constants = Readonly<Record<string, number>>;

const maxLength = 100_000;

type Kind = "steps" | "range";

/** Whether a mapping has exactly the keys of a range. */
function kindOf(tree: MapTree): Kind | undefined {
  const keys = [...tree.entries.keys()].filter((key) => key !== "also").sort();
  if (keys.join() === "from,step,to") return "steps";
  return keys.join() === "range" ? "range" : undefined;
}

/** Whether a mapping stands for a list of numbers. */
export function isRange(tree: MapTree): boolean {
  return kindOf(tree) !== undefined;
}

/** The list, or the tree itself if it is not a range. */
export function expandRange(tree: MapTree, constants: Constants, problems: Problems): Tree {
  const kind = kindOf(tree);
  if (!kind) return tree;
  const bounds =
    kind === "steps" ? ["from", "to", "step"].map((key) => get(tree, key)!) : ends(tree);
  const also = get(tree, "also");
  const extras = also?.kind === "list" ? also.items : [];
  const fail = (message: string, at: Tree, hint?: string) => {
    problems.error("invalid-range", message, at.span, { hint });
    return list([], tree.span);
  };
  if (!bounds) return fail('"range" expects two numbers, [first, last]', get(tree, "range")!);
  for (const bound of bounds) {
    if (typeof value(bound) === "number") continue;
    return fail(`a range expects numbers, got ${describe(bound)}`, bound);
  }
  if (also && also.kind !== "list") {
    return fail(`"also" expects a list, got ${describe(also)}`, also);
  }
  const [from, to, step = 1] = bounds.map((bound) => value(bound) as number);
  const numbers = steps(from!, to!, step, (message, hint) => fail(message, bounds.at(-1)!, hint));
  if (!Array.isArray(numbers)) return numbers;
  for (const extra of extras) {
    const written = value(extra);
    const x = typeof written === "string" ? own(constants, written) : written;
    if (typeof x === "number") numbers.push(x);
    else {
      const expected = ["a number", ...Object.keys(constants)].join(" or ");
      fail(`expected ${expected}, got ${describe(extra)}`, extra);
    }
  }
  const sign = step < 0 ? -1 : 1;
  const sorted = [...new Set(numbers)].sort((a, b) => sign * (a - b));
  const places = Math.max(...bounds.map(placesOf));
  return list(
    sorted.map((number) => spelled(number, places, tree.span)),
    tree.span,
  );
}

/** Decimal places that a bound is written with: 1 for `1.0`. */
function placesOf(bound: Tree): number {
  const written = bound.kind === "scalar" ? (bound.written ?? String(bound.value)) : "";
  return (/^[-+]?\d*\.(\d+)$/.exec(written)?.[1] ?? "").length;
}

/** A number with as many places as the bounds of its range are written with. */
function spelled(number: number, places: number, span: Span): Tree {
  const written = number.toFixed(Math.min(places, 20));
  const isSame = Number(written) === number && written !== String(number);
  return isSame ? { ...scalar(number, span), written } : scalar(number, span);
}

function steps<F>(
  from: number,
  to: number,
  step: number,
  fail: (message: string, hint?: string) => F,
): number[] | F {
  const { digits, places } = align(toDecimal(from), toDecimal(to), toDecimal(step));
  const [first, last, by] = digits as [bigint, bigint, bigint];
  if (by === 0n) return fail("step must not be 0");
  const count = (last - first) / by;
  if (count < 0n) return fail(`step ${step} leads away from ${to}`);
  if ((last - first) % by !== 0n) {
    const end = toNumber({ digits: first + count * by, places });
    return fail(
      `steps of ${step} do not lead from ${from} to ${to}`,
      `the last one ends at ${end}`,
    );
  }
  if (count >= BigInt(maxLength)) return fail(`more than ${maxLength} numbers`);
  return Array.from({ length: Number(count) + 1 }, (_, i) =>
    toNumber({ digits: first + BigInt(i) * by, places }),
  );
}

function ends(tree: MapTree): Tree[] | undefined {
  const range = get(tree, "range")!;
  return range.kind === "list" && range.items.length === 2 ? [...range.items] : undefined;
}

function value(tree: Tree): unknown {
  return tree.kind === "scalar" ? tree.value : undefined;
}
