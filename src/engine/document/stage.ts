/** Reads one entry under `stages`. Knows nothing of other stages. */

import { quote } from "../../text/quote.ts";
import type { Span } from "../language/diagnostic.ts";
import { placeholdersIn } from "../language/placeholders.ts";
import type { Problems } from "../language/problems.ts";
import { referencesIn, type Scope } from "../language/reference.ts";
import type { Scalar } from "../language/tree.ts";
import {
  type Entry,
  entriesOf,
  get,
  type MapTree,
  map,
  removedFrom,
  type Tree,
} from "../language/tree.ts";
import { readAxes } from "./axes.ts";
import { readInputs } from "./inputs.ts";
import { checkName } from "./names.ts";
import type { Stage } from "./pipeline.ts";

interface Surroundings {
  /** The params. */
  readonly scope: Scope;
  readonly defaults: ReadonlyMap<string, Entry>;
}

export function readStage(
  name: string,
  key: Span,
  tree: Tree,
  { scope, defaults }: Surroundings,
  problems: Problems,
): { stage: Stage; parts: ReadonlyMap<string, ReadonlyMap<Scalar, Tree>> } {
  const { parts, ...axes } = readAxes(tree, scope, problems);
  const named = axes.axes.filter((axis) => checkName("axis", axis.name, axis.span, problems));
  const entries = entriesOf(tree);
  const stage: Stage = {
    ...{ name, tree },
    span: key,
    node: get(tree, "node")!,
    ...axes,
    inputs: readInputs(get(tree, "inputs"), scope, problems),
    with: (get(tree, "with") ?? map(new Map(), key)) as MapTree,
    withSpan: entries.get("with")?.key ?? removedFrom(tree).get("with") ?? key,
    inputsSpan: entries.get("inputs")?.key ?? removedFrom(tree).get("inputs") ?? key,
    resources: get(tree, "resources"),
    salt: get(tree, "salt"),
  };
  const names = new Set([...scope.names(), ...axes.axes.map((axis) => axis.name)]);
  warnPlaceholders(stage.with, names, problems);
  checkUse({ ...stage, axes: named }, tree, defaults, problems);
  return { stage, parts };
}

/** Warns of `{size}` within a text, where a param or an axis has that name: nothing fills it in. */
function warnPlaceholders(tree: Tree, names: ReadonlySet<string>, problems: Problems): void {
  if (tree.kind === "list") for (const item of tree.items) warnPlaceholders(item, names, problems);
  if (tree.kind === "map") {
    for (const { value } of tree.entries.values()) warnPlaceholders(value, names, problems);
  }
  if (tree.kind !== "scalar" || typeof tree.value !== "string") return;
  const name = placeholdersIn(tree.value).find((one) => names.has(one));
  if (name === undefined) return;
  const hint = `to refer to ${quote(name)}, write \${${name}}`;
  problems.warn(
    "ambiguous-value",
    `${quote(tree.value)} is text: nothing is filled in`,
    tree.span,
    { hint },
  );
}

/** Refuses an axis that changes nothing: equal rows would get other labels and count as replicates. */
function checkUse(
  stage: Stage,
  tree: Tree,
  defaults: ReadonlyMap<string, Entry>,
  problems: Problems,
): void {
  const type = stage.node.kind === "scalar" ? String(stage.node.value) : "";
  const below = type.includes("${") ? [...defaults.values()] : [defaults.get(type)];
  const unset = below.flatMap((entry) =>
    // A stage's own parameter hides the default of that name.
    [...entriesOf(entry?.value)].filter(([name]) => !stage.with.entries.has(name)),
  );
  const trees = [stage.node, stage.with, get(tree, "inputs"), ...unset.map(([, e]) => e.value)];
  const used = new Set(
    trees.flatMap((part) => (part ? referencesIn(part) : [])).map((r) => r.name),
  );
  for (const { name, span } of stage.axes) {
    if (used.has(name)) continue;
    const message = `axis ${quote(name)} changes nothing in stage ${quote(stage.name)}`;
    const hint = `refer to it in "with", "inputs" or "node": \${${name}}`;
    problems.error("unused-axis", message, span, { hint });
  }
}
