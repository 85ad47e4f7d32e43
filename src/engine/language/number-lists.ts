/**
 * What people write where a list of numbers belongs: NumPy's calls, `0.3..0.6`, `{ start, stop, num }`;
 * and the range that says the same here. Knows no names.
 */
import { own } from "../own.ts";
import { add, align, type Decimal, divide, multiply, toDecimal, toNumber } from "./decimal.ts";
import { plain, type Tree } from "./tree.ts";

/** `np.linspace(0.3, 0.6, 4)`; where a comma cuts it off, without its end. */
const call =
  /^(?:list\()?(?:(?:np|numpy|jnp|torch)\.)?(linspace|arange|range|logspace|geomspace|choice|interval)\(([^()]*)\)*$/;

/** `0.3..0.6`, `1...5`, `0.3:0.6:0.1`. */
const dots = /^\s*([-+.\deE]*\d)\s*(?:\.\.\.?|…)\s*([-+.\deE]*\d)\s*$/;
const colons = /^\s*([-+]?[.\d]+):([-+]?[.\d]+):([-+]?[.\d]+)\s*$/;

const form = "{ from: 0.3, to: 0.6, step: 0.1 }, both ends included";
const general = `a list of numbers in steps is written ${form}`;

/** Whether a text is a call that makes numbers elsewhere. */
export function isCall(text: string): boolean {
  return text.length < 200 && call.test(text);
}

/** Whether plain text looks like a list of numbers. */
export function looksLikeNumbers(text: string): boolean {
  return text.length < 200 && dots.test(text);
}

/** How to write a text or a mapping that another tool takes for a list of numbers. */
export function hintForNumbers(tree: Tree): string | undefined {
  if (tree.kind === "map") return ofMapping(plain(tree) as Record<string, unknown>);
  if (tree.kind !== "scalar" || typeof tree.value !== "string") return undefined;
  return hintForText(tree.value);
}

/** The same for a text. */
export function hintForText(text: string): string | undefined {
  if (text.length > 200) return undefined;
  if (/^(\.\.\.|…)$/.test(text)) return `nothing is filled in: ${general}`;
  return ofCall(text) ?? ofText(text);
}

/** How to write a call that makes numbers, if a text is one. */
export function ofCall(text: string): string | undefined {
  const [, name, written = ""] = call.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  if (name === "choice") return `several values are written as a list: [${written.trim()}]`;
  if (name === "logspace" || name === "geomspace") {
    return "there is no range for it: write the numbers out, as [0.001, 0.01, 0.1]";
  }
  const numbers = written.split(",").map((part) => Number(part.replace(/^\s*\w+\s*=/, "")));
  if (written.trim() === "" || numbers.some((number) => !Number.isFinite(number))) return general;
  if (name === "linspace") return ofCount(numbers[0]!, numbers[1], numbers[2] ?? 50);
  const [from, to, step] = numbers.length === 1 ? [0, numbers[0]!] : numbers;
  return ofSteps(from!, to, step ?? 1, name === "interval");
}

function ofText(text: string): string | undefined {
  const [, first, last] = dots.exec(text) ?? [];
  if (first !== undefined) {
    const whole = [first, last].every((bound) => Number.isInteger(Number(bound)));
    const step = whole ? "1" : `0.${"0".repeat(Math.max(0, placesOf(first, last!) - 1))}1`;
    return written(first, last!, step);
  }
  if (colons.test(text)) return general;
  const parts = text.split(/\s*,\s*|\s+/);
  if (parts.length > 1 && parts.every((part) => part !== "" && Number.isFinite(Number(part)))) {
    return `several values are written as a list: [${parts.join(", ")}]`;
  }
  return undefined;
}

function placesOf(...texts: string[]): number {
  return Math.max(...texts.map((text) => /\.(\d+)/.exec(text)?.[1]?.length ?? 0));
}

const written = (from: unknown, to: unknown, step: unknown) =>
  `write { from: ${from}, to: ${to}, step: ${step} }, both ends included`;

const lower = ["from", "start", "min", "first", "lower"];
const upper = ["to", "stop", "end", "max", "last", "upper"];
const counts = ["num", "n", "count", "points", "steps"];
const strides = ["step", "by", "stride", "increment"];

/** Whether a mapping has the names of a range of another tool, or some of ours, and no other. */
export function isNearRange(names: readonly string[]): boolean {
  const all = [...lower, ...upper, ...counts, ...strides, "endpoint"];
  const has = (some: readonly string[]) => names.some((name) => some.includes(name));
  if (names.length === 1)
    return ["linspace", "arange", "logspace", "geomspace"].includes(names[0]!);
  if (!names.every((name) => all.includes(name)) || !has(upper)) return false;
  const bounded = has(["from", "start"]) && has(["to", "stop", "end"]);
  return bounded || has(counts) || has(strides);
}

function ofMapping(mapping: Record<string, unknown>): string | undefined {
  const names = Object.keys(mapping);
  if (!isNearRange(names)) return undefined;
  const pick = (some: readonly string[]) => {
    const name = some.find((one) => typeof own(mapping, one) === "number");
    return name === undefined ? undefined : (mapping[name] as number);
  };
  if (names.length === 1) return ofCall(`${names[0]}(${[mapping[names[0]!]].flat().join(", ")})`);
  const [from = 0, to, count, step] = [pick(lower), pick(upper), pick(counts), pick(strides)];
  if (to === undefined) return general;
  if (step !== undefined) return ofSteps(from, to, step, true);
  return count === undefined ? written(from, to, "…") : ofCount(from, to, count);
}

/** So many numbers from one to another. */
function ofCount(from: number, to: number | undefined, count: number): string {
  if (to === undefined || !Number.isInteger(count) || count < 2) return general;
  const span = add(toDecimal(to), negative(toDecimal(from)));
  const step = toNumber(divide(span, toDecimal(count - 1)));
  const isExact = String(step).length <= 12;
  if (isExact) return written(from, to, step);
  return `steps of ${(to - from) / (count - 1)} are not decimal: choose a step, or write the numbers out`;
}

/** Steps from a number towards another, which belongs to them or not. */
function ofSteps(from: number, to: number | undefined, step: number, closed: boolean): string {
  if (to === undefined || step === 0) return general;
  const { digits } = align(toDecimal(from), toDecimal(to), toDecimal(step));
  const [first, last, by] = digits as [bigint, bigint, bigint];
  const whole = (last - first) / by;
  const isLast = (last - first) % by === 0n;
  const count = isLast && !closed ? whole - 1n : whole;
  if (count < 0n) return general;
  const end = add(toDecimal(from), multiply(toDecimal(step), toDecimal(Number(count))));
  return written(from, toNumber(end), step);
}

function negative({ digits, places }: Decimal): Decimal {
  return { digits: -digits, places };
}
