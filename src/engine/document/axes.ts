/** A stage's own axes: `for`, `zip`, `include` and `exclude`. Knows nothing of other stages. */

import { clip } from "../../text/clip.ts";
import { quote } from "../../text/quote.ts";
import { checkValues } from "../language/axis-values.ts";
import { hintForNumbers, isNearRange } from "../language/number-lists.ts";
import { hintForPlaceholder } from "../language/placeholders.ts";
import { type Problems, suggest } from "../language/problems.ts";
import { type Scope, substitute } from "../language/reference.ts";
import type { Scalar } from "../language/tree.ts";
import { describe, type Entry, entriesOf, get, type Tree } from "../language/tree.ts";
import type { Axis, Pattern } from "./pipeline.ts";

export interface OwnAxes {
  readonly axes: readonly Axis[];
  readonly zip: readonly (readonly string[])[];
  readonly include: readonly Pattern[];
  readonly exclude: readonly Pattern[];
  /** For each map-valued axis, what its values stand for. */
  readonly parts: ReadonlyMap<string, ReadonlyMap<Scalar, Tree>>;
}

export function readAxes(stage: Tree, scope: Scope, problems: Problems): OwnAxes {
  const parts = new Map<string, ReadonlyMap<Scalar, Tree>>();
  const axes: Axis[] = [];
  for (const [name, entry] of entriesOf(get(stage, "for"))) {
    const { values, mapped, written } = axisValues(name, entry, scope, problems);
    if (mapped) parts.set(name, values);
    axes.push({ name, span: entry.key, values: [...values.keys()], written });
  }
  const patterns = (key: string) => readPatterns(get(stage, key), scope, problems);
  const include = patterns("include");
  for (const pattern of include) checkInclude(pattern, axes, problems);
  for (const axis of axes) checkIncluded(axis, include, problems);
  const zip = readZip(get(stage, "zip"), axes, problems);
  return { axes, zip, include, exclude: patterns("exclude"), parts };
}

interface AxisValues {
  readonly values: ReadonlyMap<Scalar, Tree>;
  readonly mapped: boolean;
  readonly written: Axis["written"];
}

/** The values of an axis, and what is written for each; `mapped` if that is not the value itself. */
export function axisValues(
  name: string,
  { key, value }: Entry,
  scope: Scope,
  problems: Problems,
): AxisValues {
  const before = problems.errors;
  const found = new Map<Scalar, Tree>();
  const tree = substitute(value, scope, problems);
  const mapped = tree.kind === "map";
  const written = new Map<Scalar, string>();
  if (problems.errors > before) return { values: found, mapped, written };
  if (tree.kind === "scalar") {
    const one = `write [${clip(String(tree.value))}] for an axis with one value`;
    const hint = hintForPlaceholder(String(tree.value)) ?? hintForNumbers(tree) ?? one;
    const message = `axis ${quote(name)} must be a list or a mapping, got ${describe(tree)}`;
    problems.error("invalid-value", message, tree.span, { hint });
    return { values: found, mapped, written };
  }
  if (tree.kind === "map") {
    const isFlat = [...tree.entries.values()].every(({ value }) => value.kind !== "map");
    if (isFlat && isNearRange([...tree.entries.keys()])) {
      const message = `axis ${quote(name)} would have the values ${[...tree.entries.keys()].map(quote).join(", ")}`;
      problems.error("invalid-range", message, tree.span, { hint: hintForNumbers(tree) });
    }
    for (const entry of tree.entries.values()) {
      found.set(entry.name, entry.value);
      if (entry.written !== undefined) written.set(entry.name, entry.written);
    }
  } else {
    for (const item of tree.items) {
      addValue(name, item, found, problems);
      if (item.kind === "scalar" && item.written !== undefined) {
        written.set(item.value!, item.written);
      }
    }
  }
  if (found.size === 0 && problems.errors === before) {
    const message = `axis ${quote(name)} has no values`;
    const extra = tree.via ? { notes: [{ message: "the empty list", span: tree.span }] } : {};
    problems.error("empty-axis", message, tree.via ? key : tree.span, extra);
  }
  const places = mapped
    ? [...entriesOf(tree).values()].map((entry) => [entry.name, entry.key] as const)
    : [...found].map(([value, item]) => [value, item.span] as const);
  checkValues(name, new Map(places), key, problems);
  return { values: found, mapped, written };
}

function addValue(name: string, item: Tree, found: Map<Scalar, Tree>, problems: Problems): void {
  if (item.kind !== "scalar" || item.value === null) {
    const message = `a value of axis ${quote(name)} must be text, a number or a boolean, got ${describe(item)}`;
    problems.error("invalid-value", message, item.span);
    return;
  }
  const first = found.get(item.value);
  if (first) {
    const notes = [{ message: "first here", span: first.span }];
    const message = `axis ${quote(name)} has the value ${quote(item.value)} twice`;
    problems.error("duplicate-value", message, item.span, { notes });
  }
  found.set(item.value, item);
}

function readPatterns(tree: Tree | undefined, scope: Scope, problems: Problems): Pattern[] {
  if (tree?.kind !== "list") return [];
  return tree.items.map((item) => {
    const values = new Map<string, Scalar>();
    const written = new Map<string, string>();
    for (const [axis, entry] of entriesOf(item)) {
      const value = substitute(entry.value, scope, problems);
      if (value.kind === "scalar" && value.value !== null) {
        values.set(axis, value.value);
        if (value.written !== undefined) written.set(axis, value.written);
      } else {
        const message = `expected one value of axis ${quote(axis)}, got ${describe(value)}`;
        problems.error("invalid-value", message, value.span);
      }
    }
    if (values.size === 0 && entriesOf(item).size === 0) {
      problems.error("invalid-value", "expected axes and values, got an empty mapping", item.span);
    }
    return { values, written, span: item.span };
  });
}

function checkInclude({ values, span }: Pattern, axes: readonly Axis[], problems: Problems): void {
  const names = axes.map(({ name }) => name);
  for (const name of values.keys()) {
    if (names.includes(name)) continue;
    const message = `${quote(name)} is not one of this stage's own axes`;
    problems.error("unknown-axis", message, span, { hint: suggest(name, names) });
  }
  for (const { name, values: listed } of axes) {
    const value = values.get(name);
    if (value === undefined) {
      problems.error("invalid-value", `"include" gives no value for axis ${quote(name)}`, span);
    } else if (listed.length > 0 && typeof value !== typeof listed[0]) {
      const message = `axis ${quote(name)} has values like ${quote(listed[0])}, got ${quote(value)}`;
      problems.error("invalid-value", message, span);
    }
  }
}

/** Checks that the values that `include` adds fit those that the axis lists. */
function checkIncluded(axis: Axis, include: readonly Pattern[], problems: Problems): void {
  const { name, span, values } = axis;
  const places = new Map(values.map((value) => [value, span]));
  for (const pattern of include) {
    const value = pattern.values.get(name);
    if (typeof value === typeof values[0] && !places.has(value!)) places.set(value!, pattern.span);
  }
  if (places.size > values.length) checkValues(name, places, span, problems, values);
}

function readZip(tree: Tree | undefined, axes: readonly Axis[], problems: Problems): string[][] {
  if (tree?.kind !== "list") return [];
  const taken = new Set<string>();
  return tree.items.map((group) => {
    const zipped: Axis[] = [];
    for (const item of group.kind === "list" ? group.items : []) {
      const name = String(item.kind === "scalar" ? item.value : "");
      const axis = axes.find((other) => other.name === name);
      if (!axis) {
        const hint = suggest(
          name,
          axes.map((other) => other.name),
        );
        const message = `${quote(name)} is not one of this stage's own axes`;
        problems.error("unknown-axis", message, item.span, { hint });
      } else if (taken.has(name)) {
        problems.error("duplicate-value", `axis ${quote(name)} is zipped twice`, item.span);
      } else zipped.push(axis);
      taken.add(name);
    }
    const lengths = zipped.filter(({ values }) => values.length > 0);
    if (new Set(lengths.map(({ values }) => values.length)).size > 1) {
      const counts = lengths.map(({ name, values }) => `${quote(name)} has ${values.length}`);
      const message = `zipped axes must have equally many values: ${counts.join(", ")}`;
      problems.error("invalid-value", message, group.span);
    }
    return zipped.map(({ name }) => name);
  });
}
