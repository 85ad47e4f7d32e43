/**
 * The one grammar of changes, for `--set`, for files that extend another, and for ablations: an
 * undotted key is a param, a dotted path replaces the value there (list elements by index), and
 * `null` removes it. Overrides apply to the parsed document, which is then validated as if written
 * so; what they put there keeps pointing at the override.
 */

import { plural } from "../../text/plural.ts";
import { quote } from "../../text/quote.ts";
import { shellWord } from "../../text/shell.ts";
import type { Checked, Source, Span } from "../language/diagnostic.ts";
import { parseYaml } from "../language/parse.ts";
import { Problems, suggest } from "../language/problems.ts";
import {
  describe,
  type Entry,
  entriesOf,
  get,
  isNull,
  list,
  type MapTree,
  map,
  sameValue,
  type Tree,
} from "../language/tree.ts";

export interface Override {
  /** As written. */
  readonly name: string;
  readonly path: readonly string[];
  readonly key: Span;
  /** `null` removes what is there. */
  readonly value: Tree;
}

/** The overrides in a mapping: an ablation's body. */
export function overridesIn(tree: MapTree): Override[] {
  return [...tree.entries].map(([name, { key, value }]) => override(name, key, value));
}

/** An undotted name is a param's. */
export function override(name: string, key: Span, value: Tree): Override {
  return { name, path: name.includes(".") ? name.split(".") : ["params", name], key, value };
}

/** Whether one changes what the other changes, or a part of it. */
export function clash(a: Override, b: Override): boolean {
  const length = Math.min(a.path.length, b.path.length);
  if (!a.path.slice(0, length).every((name, i) => name === b.path[i])) return false;
  return a.path.length !== b.path.length || !sameValue(a.value, b.value);
}

const commandLine = "command line";

/** Reads `name=value` as given to `--set`; the value is YAML. */
export function parseSet(text: string): Checked<Override> {
  const problems = new Problems();
  const prefix = "--set ";
  const source: Source = { path: commandLine, text: prefix + text };
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(0, equals)).trim();
  const empty = text.slice(equals + 1).trim() === "";
  const key = { source, start: prefix.length, end: prefix.length + Math.max(1, name.length) };
  if (name === "" || empty) {
    const form = "write name=value or stages.name.with.param=value; the value null removes";
    const hint = text.startsWith("~") ? `write ${text.slice(1)}=null` : form;
    problems.error("invalid-override", `expected name=value, got ${quote(text)}`, key, { hint });
    return problems.check<Override>(undefined);
  }
  // Blanks keep the value at its place in the text that diagnostics show.
  const padded = " ".repeat(prefix.length + equals + 1) + text.slice(equals + 1);
  const { value, diagnostics } = parseYaml({ path: source.path, text: padded });
  problems.addAll(diagnostics.map((d) => ({ ...d, span: d.span && { ...d.span, source } })));
  return problems.check(value && override(name, key, moved(value, source)));
}

/** The same value, located in another source at the same offsets. */
function moved(tree: Tree, source: Source): Tree {
  const span = { ...tree.span, source };
  if (tree.kind === "scalar") return { ...tree, span };
  if (tree.kind === "list")
    return list(
      tree.items.map((item) => moved(item, source)),
      span,
    );
  const entries = [...tree.entries].map(([key, entry]): [string, Entry] => [
    key,
    { name: entry.name, key: { ...entry.key, source }, value: moved(entry.value, source) },
  ]);
  return map(new Map(entries), span);
}

/** Applies overrides in order. What cannot be applied is reported and left out. */
export function applyOverrides(
  root: MapTree,
  overrides: readonly Override[],
  problems: Problems,
): MapTree {
  let tree = root;
  for (const change of overrides) {
    const next =
      change.path[0] === "params" && !change.name.includes(".")
        ? setParam(tree, change, problems)
        : replace(tree, change.path, [], change, problems);
    if (next?.kind === "map") tree = next;
  }
  return tree;
}

/** A param that is there, or a derived one, which then no longer is derived. */
function setParam(root: MapTree, change: Override, problems: Problems): Tree | undefined {
  const derived = get(root, "derived");
  if (derived?.kind === "map" && derived.entries.has(change.name)) {
    const kept = without(derived, change.name, change.key);
    const params = entriesOf(get(root, "params"));
    const entry = { name: change.name, key: change.key, value: change.value };
    const grown = map(
      isNull(change.value) ? params : new Map([...params, [change.name, entry]]),
      get(root, "params")?.span ?? change.key,
    );
    return withKey(withKey(root, "derived", change.key, kept), "params", change.key, grown);
  }
  const params = entriesOf(get(root, "params"));
  if (!params.has(change.name)) {
    const hint = hintForParam(change, root, [...params.keys(), ...entriesOf(derived).keys()]);
    problems.error("unknown-param", `unknown param ${quote(change.name)}`, change.key, { hint });
    return undefined;
  }
  if (isSeveral(params.get(change.name)!.value, change, problems)) return undefined;
  return replace(root, change.path, [], change, problems);
}

/** Refuses `8,16` for a param that holds a number or a list: YAML reads it as one text. */
function isSeveral(before: Tree, { name, value, key }: Override, problems: Problems): boolean {
  if (value.kind !== "scalar" || typeof value.value !== "string") return false;
  const isNumber = before.kind === "scalar" && typeof before.value === "number";
  const parts = value.value.split(",").map((part) => part.trim());
  if (parts.length < 2 || parts.includes("") || (!isNumber && before.kind !== "list")) return false;
  if (/[([{]/.test(value.value)) return false;
  const list = `[${parts.join(", ")}]`;
  const set = key.source.path === commandLine ? `--set ${shellWord(`${name}=${list}`)}` : list;
  const hint = isNumber
    ? `for several values, make an axis of them: for: { ${name}: ${list} } in a stage, or an ablation: { grid: { ${name}: ${list} } }`
    : `write ${set}`;
  const held = isNumber ? "one number" : "a list";
  problems.error(
    "invalid-override",
    `param ${quote(name)} holds ${held}, got ${describe(value)}`,
    value.span,
    { hint },
  );
  return true;
}

/** Hydra adds with `+` and removes with `~`; and a stage needs its whole path. */
function hintForParam({ name }: Override, root: MapTree, known: readonly string[]) {
  const [, mark, rest] = /^(\+{1,2}|~)(.+)$/.exec(name) ?? [];
  if (rest !== undefined && known.includes(rest)) {
    return mark === "~" ? `write ${rest}=null` : `write ${rest}=…, without ${mark}`;
  }
  if (rest !== undefined) return `there is no ${mark} here: a new param is written in the file`;
  if (entriesOf(get(root, "stages")).has(name)) {
    return `${quote(name)} is a stage: write stages.${name}.with.param=value`;
  }
  return suggest(name, known);
}

function replace(
  tree: Tree,
  path: readonly string[],
  walked: readonly string[],
  change: Override,
  problems: Problems,
): Tree | undefined {
  const [step, ...rest] = path as [string, ...string[]];
  const here = [...walked, step];
  if (tree.kind === "scalar") {
    const message = `${quote(walked.join("."))} is ${describe(tree)}, which has no parts`;
    problems.error("unknown-path", message, change.key);
    return undefined;
  }
  if (tree.kind === "list") return replaceItem(tree, step, rest, here, change, problems);
  const found = tree.entries.get(step);
  if (!found && walked.length === 0 && entriesOf(get(tree, "stages")).has(step)) {
    const hint = `write stages.${path.join(".")}`;
    problems.error("unknown-path", `there is no ${quote(step)} at the top`, change.key, { hint });
    return undefined;
  }
  if (!found && (isNull(change.value) || (rest.length > 0 && walked.at(-1) === "stages"))) {
    const hint = suggest(step, tree.entries.keys());
    problems.error("unknown-path", `there is no ${quote(here.join("."))}`, change.key, { hint });
    return undefined;
  }
  if (rest.length === 0) {
    if (isNull(change.value)) return without(tree, step, change.key);
    return withKey(tree, step, change.key, change.value);
  }
  const inner = found?.value ?? map(new Map(), change.key);
  const next = replace(inner, rest, here, change, problems);
  return next && withKey(tree, step, found?.key ?? change.key, next);
}

function replaceItem(
  tree: Tree & { kind: "list" },
  step: string,
  rest: readonly string[],
  here: readonly string[],
  change: Override,
  problems: Problems,
): Tree | undefined {
  const found = /^(0|[1-9]\d*)$/.test(step) ? tree.items[Number(step)] : undefined;
  if (!found) {
    const hint = `it has ${plural(tree.items.length, "element")}, counted from 0`;
    problems.error("unknown-path", `there is no ${quote(here.join("."))}`, change.key, { hint });
    return undefined;
  }
  const next = rest.length > 0 ? replace(found, rest, here, change, problems) : change.value;
  if (!next) return undefined;
  const items = [...tree.items];
  if (rest.length === 0 && isNull(next)) items.splice(Number(step), 1);
  else items[Number(step)] = next;
  return list(items, tree.span);
}

/** The map with one entry set; an existing name keeps its place. */
export function withKey(tree: MapTree, name: string, key: Span, value: Tree): MapTree {
  const entries = new Map(tree.entries);
  entries.set(name, { name: entries.get(name)?.name ?? name, key, value });
  return { ...tree, entries };
}

/** The map without an entry, remembering who took it away. */
export function without(tree: MapTree, name: string, by: Span): MapTree {
  const entries = new Map(tree.entries);
  entries.delete(name);
  return { ...tree, entries, removed: new Map([...(tree.removed ?? []), [name, by]]) };
}
