/**
 * What an input offers to a join: the instances of its source, with their coordinates, after `of`,
 * `at` and `collect`. Knows stages by name only; nothing of node types.
 */

import { push } from "../../text/group.ts";
import { quote, spell } from "../../text/quote.ts";
import type { InputSpec, PortName, Selection } from "../document/pipeline.ts";
import type { Coordinate } from "../graph.ts";
import { lookAlike, type Problems, suggest } from "../language/problems.ts";
import { referencesIn, type Scope, substitute } from "../language/reference.ts";
import type { Scalar } from "../language/tree.ts";
import { describe, usedAt } from "../language/tree.ts";
import { compareCoordinates, hasAxis, keyOf, merge, pick, valueAt } from "./coordinate.ts";
import { agree, axesOf } from "./join.ts";

/** One output port of one instance, by its number within its stage. */
export interface Leaf {
  readonly name: PortName;
  readonly index: number;
  /** As people read it. */
  readonly label: string;
}

export type Origin =
  | { readonly kind: "one"; readonly leaf: Leaf }
  | {
      readonly kind: "collect";
      readonly axes: readonly string[];
      readonly members: readonly { readonly leaf: Leaf; readonly coordinate: Coordinate }[];
    };

export interface Row {
  readonly coordinate: Coordinate;
  readonly origin: Origin;
}

/** What an input may refer to: earlier stages, and its own stage's axes. */
export interface Surroundings {
  /** Coordinates of a stage's instances; `undefined` where the stage itself has errors. */
  instances(stage: string): readonly { coordinate: Coordinate; label: string }[] | undefined;
  readonly own: readonly Coordinate[];
  readonly ownAxes: ReadonlySet<string>;
  scope(coordinate: Coordinate): Scope;
}

/** `undefined` where something is wrong, which has then been reported. */
export function relationOf(
  spec: InputSpec,
  around: Surroundings,
  problems: Problems,
): readonly Row[] | undefined {
  let rows = sourceRows(spec, around, problems);
  const axes = rows && axesOf(rows.map(({ coordinate }) => coordinate));
  for (const selection of spec.at) {
    rows = rows && select(rows, selection, around, problems);
  }
  return rows && collect(rows, spec, axes!, problems);
}

function sourceRows(
  { source }: InputSpec,
  around: Surroundings,
  problems: Problems,
): Row[] | undefined {
  if (source.kind === "stage") {
    return around.instances(source.stage)?.map(({ coordinate, label }, index) => ({
      coordinate,
      origin: { kind: "one", leaf: { name: source, index, label } },
    }));
  }
  const { axis, span, of } = source;
  const rows: Row[] = [];
  let complete = true;
  for (const { value, input } of of) {
    const member = relationOf(input, around, problems);
    complete &&= member !== undefined;
    const clash = member?.find(({ coordinate }) => hasAxis(coordinate, axis));
    if (clash) {
      const message = `${quote(labelOf(clash))} already has an axis ${quote(axis)}`;
      problems.error("clashing-axis", message, span);
      complete = false;
    }
    for (const { coordinate, origin } of member ?? []) {
      rows.push({ coordinate: merge(coordinate, { [axis]: value }), origin });
    }
  }
  return complete ? rows : undefined;
}

/** What to call a row in a message. */
export function labelOf({ origin }: Row): string {
  if (origin.kind === "one") return origin.leaf.label;
  const [first, ...rest] = origin.members;
  return rest.length > 0 ? `${first!.leaf.label} and ${rest.length} more` : first!.leaf.label;
}

/**
 * An instance that lacks the axis stays: nothing is dropped in silence. A selection that refers to
 * the stage's own axes selects for each of their values, which is how an axis is renamed.
 */
function select(
  rows: readonly Row[],
  selection: Selection,
  around: Surroundings,
  problems: Problems,
): Row[] | undefined {
  const { axis, span, value } = selection;
  const byValue = new Map<Scalar, Row[]>();
  const result: Row[] = [];
  for (const row of rows) {
    const at = valueAt(row.coordinate, axis);
    if (at === undefined) result.push(row);
    else push(byValue, at, row);
  }
  if (byValue.size === 0) {
    const known = axesOf(rows.map(({ coordinate }) => coordinate));
    const hint = known.size > 0 ? suggest(axis, known) : noAxes;
    problems.error("unknown-axis", `this input has no axis ${quote(axis)}`, span, { hint });
    return undefined;
  }
  const names = new Set(referencesIn(value).map(({ name }) => name));
  const used = [...around.ownAxes].filter((name) => names.has(name)).sort();
  const steps = new Map(around.own.map((c) => [keyOf(c, used), pick(c, (a) => used.includes(a))]));
  const before = problems.errors;
  for (const step of steps.values()) {
    for (const row of selected(selection, step, byValue, around, problems)) {
      if (agree(row.coordinate, step)) {
        result.push({ ...row, coordinate: merge(row.coordinate, step) });
      }
    }
  }
  if (problems.errors > before) return undefined;
  return withoutTwins(result, selection, problems) ? result : undefined;
}

/** The rows at the value, or the values, that the selection has for some of the own axes. */
function selected(
  { axis, value }: Selection,
  step: Coordinate,
  byValue: ReadonlyMap<Scalar, readonly Row[]>,
  around: Surroundings,
  problems: Problems,
): Row[] {
  const before = problems.errors;
  const tree = substitute(value, around.scope(step), problems);
  if (problems.errors > before) return [];
  if (tree.kind === "list" && tree.items.length === 0) {
    const message = `"at" selects no value of axis ${quote(axis)}`;
    const extra = tree.via ? { notes: [{ message: "the empty list", span: tree.span }] } : {};
    problems.error("empty-axis", message, tree.via ?? tree.span, extra);
    return [];
  }
  const taken = new Set<unknown>();
  return (tree.kind === "list" ? tree.items : [tree]).flatMap((item) => {
    if (item.kind !== "scalar") {
      const message = `expected a value of axis ${quote(axis)}, got ${describe(item)}`;
      problems.error("invalid-value", message, item.span);
      return [];
    }
    const at = item.value;
    if (taken.has(at)) return [];
    taken.add(at);
    const found = at === null ? undefined : byValue.get(at);
    if (!found) {
      const [first] = byValue.values();
      const of = first?.[0] ? ` of ${quote(stageOf(first[0]))}` : "";
      const message = `axis ${quote(axis)}${of} has no value ${quote(at)}`;
      const hint = hintValue(at, [...byValue.keys()]);
      problems.error("unknown-value", message, item.span, { hint, ...usedAt(item.via) });
      return [];
    }
    if (tree.kind === "list") return found;
    return found.map((row) => ({ ...row, coordinate: pick(row.coordinate, (a) => a !== axis) }));
  });
}

function hintValue(value: Scalar | null, known: readonly Scalar[]): string | undefined {
  const [alike] = lookAlike([...known.map(String), String(value)]);
  if (alike) return `it has ${spell(alike[0])}, which looks like ${spell(alike[1])}`;
  const twin = known.find((other) => String(other) === String(value));
  if (twin !== undefined) return `it has the ${typeof twin} ${quote(twin)}`;
  return suggest(String(value), known.map(String));
}

function stageOf({ origin }: Row): string {
  const leaf = origin.kind === "one" ? origin.leaf : origin.members[0]!.leaf;
  return leaf.name.stage;
}

/** Removing an axis that only some instances have could make two of them one. */
function withoutTwins(
  rows: readonly Row[],
  { axis, span }: Selection,
  problems: Problems,
): boolean {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify(row.coordinate);
    const twin = seen.get(key);
    if (twin) {
      const message = `without axis ${quote(axis)}, ${labelOf(twin)} and ${labelOf(row)} cannot be told apart`;
      problems.error("ragged-join", message, span);
      return false;
    }
    seen.set(key, row);
  }
  return true;
}

const noAxes = "it has no axes; columns of a table are not axes";

function collect(
  rows: readonly Row[],
  { collect: wanted }: InputSpec,
  sourceAxes: ReadonlySet<string>,
  problems: Problems,
): readonly Row[] | undefined {
  if (!wanted) return rows;
  const present = axesOf(rows.map(({ coordinate }) => coordinate));
  const before = problems.errors;
  for (const { name, span } of wanted.axes === "all" ? [] : wanted.axes) {
    if (present.has(name)) continue;
    const hint = present.size > 0 ? suggest(name, present) : noAxes;
    problems.error("unknown-axis", `this input has no axis ${quote(name)}`, span, { hint });
  }
  const collected = new Set(
    wanted.axes === "all"
      ? [...present].filter((axis) => sourceAxes.has(axis))
      : wanted.axes.map(({ name }) => name),
  );
  const groups = new Map<
    string,
    { coordinate: Coordinate; members: { leaf: Leaf; coordinate: Coordinate }[] }
  >();
  for (const { coordinate, origin } of rows) {
    if (origin.kind === "collect") {
      problems.error(
        "invalid-value",
        "what is collected already cannot be collected again",
        wanted.span,
      );
      break;
    }
    const rest = pick(coordinate, (axis) => !collected.has(axis));
    const key = JSON.stringify(rest);
    const group = groups.get(key) ?? { coordinate: rest, members: [] };
    groups.set(key, group);
    group.members.push({
      leaf: origin.leaf,
      coordinate: pick(coordinate, (axis) => collected.has(axis)),
    });
  }
  if (problems.errors > before) return undefined;
  const axes = [...collected].sort();
  return [...groups.values()].map(({ coordinate, members }) => ({
    coordinate,
    origin: {
      kind: "collect",
      axes,
      members: members.sort((a, b) => compareCoordinates(a.coordinate, b.coordinate)),
    },
  }));
}
