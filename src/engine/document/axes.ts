/** A stage's own axes: `for`, `zip`, `include` and `exclude`. Knows nothing of other stages. */

import { clip, type Problems, quote, suggest } from "../language/problems.ts";
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
    const { values, mapped } = axisValues(name, entry, scope, problems);
    if (mapped) parts.set(name, values);
    axes.push({ name, span: entry.key, values: [...values.keys()] });
  }
  const patterns = (key: string) => readPatterns(get(stage, key), scope, problems);
  const include = patterns("include");
  for (const pattern of include) checkInclude(pattern, axes, problems);
  const zip = readZip(get(stage, "zip"), axes, problems);
  return { axes, zip, include, exclude: patterns("exclude"), parts };
}

/** The values of an axis, and what is written for each; `mapped` if that is not the value itself. */
export function axisValues(
  name: string,
  { key, value: written }: Entry,
  scope: Scope,
  problems: Problems,
): { values: ReadonlyMap<Scalar, Tree>; mapped: boolean } {
  const before = problems.errors;
  const found = new Map<Scalar, Tree>();
  const tree = substitute(written, scope, problems);
  const mapped = tree.kind === "map";
  if (problems.errors > before) return { values: found, mapped };
  if (tree.kind === "scalar") {
    const hint = `write [${clip(String(tree.value))}] for an axis with one value`;
    const message = `axis ${quote(name)} must be a list or a mapping, got ${describe(tree)}`;
    problems.error("invalid-value", message, tree.span, { hint });
    return { values: found, mapped };
  }
  if (tree.kind === "map") {
    for (const entry of tree.entries.values()) found.set(entry.name, entry.value);
  } else {
    for (const item of tree.items) addValue(name, item, found, problems);
  }
  if (found.size === 0 && problems.errors === before) {
    const message = `axis ${quote(name)} has no values`;
    const extra = tree.via ? { notes: [{ message: "the empty list", span: tree.span }] } : {};
    problems.error("empty-axis", message, tree.via ? key : tree.span, extra);
  }
  const values = [...found.keys()];
  const odd = values.find((value) => typeof value !== typeof values[0]);
  if (odd !== undefined) {
    const message = `axis ${quote(name)} must have values of one type, got ${quote(values[0])} and ${quote(odd)}`;
    problems.error("invalid-value", message, key);
  }
  for (const value of values) checkText(name, value, found.get(value)!, problems);
  return { values: found, mapped };
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

/** Values stand in instance names, `stage[axis=value,…]`, which must stay readable by a program. */
function checkText(axis: string, value: Scalar, at: Tree, problems: Problems): void {
  if (
    typeof value !== "string" ||
    /^[^\s[\],"\p{Cc}\p{Cf}]([^[\],"\p{Cc}\p{Cf}]*[^\s[\],"\p{Cc}\p{Cf}])?$/u.test(value)
  )
    return;
  const message = `${quote(value)} cannot be a value of axis ${quote(axis)}`;
  const hint =
    "values appear in names: no comma, bracket, quote, line break, outer space or what cannot be seen";
  problems.error("invalid-value", message, at.span, { hint });
}

function readPatterns(tree: Tree | undefined, scope: Scope, problems: Problems): Pattern[] {
  if (tree?.kind !== "list") return [];
  return tree.items.map((item) => {
    const values = new Map<string, Scalar>();
    for (const [axis, { value: written }] of entriesOf(item)) {
      const value = substitute(written, scope, problems);
      if (value.kind === "scalar" && value.value !== null) values.set(axis, value.value);
      else {
        const message = `expected one value of axis ${quote(axis)}, got ${describe(value)}`;
        problems.error("invalid-value", message, value.span);
      }
    }
    if (values.size === 0 && entriesOf(item).size === 0) {
      problems.error("invalid-value", "expected axes and values, got an empty mapping", item.span);
    }
    return { values, span: item.span };
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
