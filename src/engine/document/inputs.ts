/** Reads a stage's `inputs`. `expand/` checks that the stages and axes that they name exist. */

import { quote } from "../../text/quote.ts";
import { checkValues } from "../language/axis-values.ts";
import type { Problems } from "../language/problems.ts";
import type { Scope } from "../language/reference.ts";
import type { Scalar } from "../language/tree.ts";
import { entriesOf, get, isNull, type Tree } from "../language/tree.ts";
import { checkName, readPortName } from "./names.ts";
import type { Collect, InputSpec, Selection, StageInput } from "./pipeline.ts";

export function readInputs(tree: Tree | undefined, scope: Scope, problems: Problems): StageInput[] {
  const inputs: StageInput[] = [];
  for (const [port, { key, value }] of entriesOf(tree)) {
    const input = readInput(value, scope, problems);
    if (input) inputs.push({ port, span: key, input });
  }
  return inputs;
}

/** One input: of a port, or of a figure. */
export function readInput(tree: Tree, scope: Scope, problems: Problems): InputSpec | undefined {
  if (tree.kind === "scalar") {
    const name = readPortName(tree, scope, problems);
    return name && { source: { kind: "stage", ...name }, at: [], collect: undefined };
  }
  const from = get(tree, "from");
  const axis = entriesOf(tree).get("axis");
  const of = get(tree, "of");
  if (from ? axis || of : !(axis && of)) {
    const message = 'an input is either { from } or { axis, of }, with "at" and "collect"';
    problems.error("invalid-value", message, tree.span);
    return undefined;
  }
  const at = [...entriesOf(get(tree, "at"))].map(
    ([name, { key, value }]): Selection => ({ axis: name, span: key, value }),
  );
  const collect = readCollect(get(tree, "collect"));
  if (from) {
    const name = readPortName(from, scope, problems);
    return name && { source: { kind: "stage", ...name }, at, collect };
  }
  return readUnion(axis!.value, of!, { at, collect }, scope, problems);
}

function readUnion(
  axis: Tree,
  of: Tree,
  rest: Pick<InputSpec, "at" | "collect">,
  scope: Scope,
  problems: Problems,
): InputSpec | undefined {
  const members: { value: Scalar; written: string | undefined; input: InputSpec }[] = [];
  const entries = entriesOf(of);
  for (const { name, written, value } of entries.values()) {
    const input = readInput(value, scope, problems);
    if (input) members.push({ value: name, written, input });
  }
  const name = axis.kind === "scalar" ? String(axis.value) : "";
  if (entries.size === 0) {
    problems.error("empty-axis", `axis ${quote(name)} has no values`, of.span);
    return undefined;
  }
  const places = [...entries.values()].map((entry) => [entry.name, entry.key] as const);
  checkValues(name, new Map(places), of.span, problems);
  checkName("axis", name, axis.span, problems);
  if (members.length < entries.size) return undefined;
  return { source: { kind: "union", axis: name, span: axis.span, of: members }, ...rest };
}

function readCollect(tree: Tree | undefined): Collect | undefined {
  if (!tree || isNull(tree)) return undefined;
  if (tree.kind !== "list") return { axes: "all", span: tree.span };
  const axes = tree.items.map((item) => ({
    name: String(item.kind === "scalar" ? item.value : ""),
    span: item.span,
  }));
  return { axes, span: tree.span };
}
