/** What a stage's `inputs` say. Whether the stages and axes they name exist is found out later. */

import type { Scalar } from "../graph.ts";
import { checkValues } from "../language/axis-values.ts";
import type { Span } from "../language/diagnostic.ts";
import { type Problems, quote } from "../language/problems.ts";
import { type Scope, substitute } from "../language/reference.ts";
import { entriesOf, get, isNull, type Tree } from "../language/tree.ts";
import type { Collect, InputSpec, PortName, Selection, StageInput } from "./pipeline.ts";

export function readInputs(tree: Tree | undefined, scope: Scope, problems: Problems): StageInput[] {
  const inputs: StageInput[] = [];
  for (const [port, { key, value }] of entriesOf(tree)) {
    const input = readInput(value, scope, problems);
    if (input) inputs.push({ port, span: key, input });
  }
  return inputs;
}

function readInput(tree: Tree, scope: Scope, problems: Problems): InputSpec | undefined {
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

/** `stage` or `stage.port`; may refer to params. */
export function readPortName(tree: Tree, scope: Scope, problems: Problems): PortName | undefined {
  const before = problems.errors;
  const name = substitute(tree, scope, problems);
  if (problems.errors > before) return undefined;
  const text = name.kind === "scalar" ? String(name.value) : "";
  const match = /^([^.\s]+)(?:\.([^.\s]+))?$/.exec(text);
  if (!match) {
    const message = `expected stage or stage.port, got ${quote(text)}`;
    problems.error("invalid-value", message, name.span);
    return undefined;
  }
  return { stage: match[1]!, port: match[2], span: tree.span };
}

const forms = {
  stage: { pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, name: "kebab-case", mark: "-" },
  ablation: { pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, name: "kebab-case", mark: "-" },
  axis: { pattern: /^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/, name: "snake_case", mark: "_" },
  param: { pattern: /^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/, name: "snake_case", mark: "_" },
  metric: { pattern: /^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/, name: "snake_case", mark: "_" },
};

/** Names stand in file names, most of which may have 255 bytes. */
const maxName = 200;

export function checkLength(what: string, name: string, span: Span, problems: Problems): boolean {
  if (name.length <= maxName) return true;
  const message = `the name of this ${what} has ${name.length} characters: ${quote(name)}`;
  problems.error("invalid-name", message, span, { hint: `it may have ${maxName}` });
  return false;
}

/** Stages and ablations are kebab-case; axes, params and metrics are snake_case. */
export function checkName(
  what: keyof typeof forms,
  name: string,
  span: Span,
  problems: Problems,
): boolean {
  if (what === "axis" && name === "ablation") {
    problems.error(
      "invalid-name",
      'no axis can be "ablation": instances have it in their names',
      span,
    );
    return false;
  }
  const { pattern, name: form, mark } = forms[what];
  if (pattern.test(name)) return checkLength(what, name, span, problems);
  const words = mark === "-" ? name.replaceAll(/([a-z])([A-Z])/g, "$1-$2").toLowerCase() : name;
  const better = words
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .join(mark);
  const hint = pattern.test(better) ? `did you mean ${quote(better)}?` : undefined;
  const message = `expected a ${form} name for this ${what}, got ${quote(name)}`;
  problems.error("invalid-name", message, span, { hint });
  return false;
}
