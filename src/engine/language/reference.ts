/**
 * `${name}` and `${name.key}` within values; `$${` is a literal `${`. A value that is exactly one
 * reference keeps the type of what it refers to. Knows nothing of what the names mean.
 */

import { quote } from "../../text/quote.ts";
import type { Span } from "./diagnostic.ts";
import { hintForMalformed } from "./malformed.ts";
import { didYouMean, type Problems, suggest } from "./problems.ts";
import { type Constants, expandRange } from "./range.ts";
import {
  describe,
  type Entry,
  type MapTree,
  removedBy,
  type ScalarTree,
  type Tree,
} from "./tree.ts";

/** What names mean at one place. */
export interface Scope {
  /** What `${name}` stands for; `at` is where it is written. */
  value(name: string, at: Span): Tree | undefined;
  /** What `${name.key}` reads into, where that differs. */
  parts(name: string): Tree | undefined;
  names(): Iterable<string>;
  /** Where an override took a name away. */
  removed(name: string): Span | undefined;
  /** What a range may call by name. */
  readonly constants: Constants;
  /** Whether a name may mean something else, or nothing, at another instance of the stage. */
  varies?(name: string): boolean;
}

export interface Reference {
  readonly name: string;
  readonly path: readonly string[];
  readonly span: Span;
}

type Piece = string | Reference | { readonly malformed: string; readonly span: Span };

const whole = /^[A-Za-z_]\w*(?:\.[\w-]+)*$/;

/** By tree: the instances of a stage, and the ablations of a file, ask the same trees again. */
const piecesOf = new WeakMap<Tree, readonly Piece[]>();
const referencesOf = new WeakMap<Tree, readonly Reference[]>();

function pieces(tree: ScalarTree & { value: string }): readonly Piece[] {
  const known = piecesOf.get(tree) ?? cut(tree);
  piecesOf.set(tree, known);
  return known;
}

function cut(tree: ScalarTree & { value: string }): Piece[] {
  const found: Piece[] = [];
  const text = tree.value;
  let literal = "";
  let at = 0;
  let from = tree.span.start;
  for (let open = text.indexOf("${"); open >= 0; open = text.indexOf("${", at)) {
    literal += text.slice(at, open);
    if (text[open - 1] === "$" && open > at) {
      literal = `${literal.slice(0, -1)}\${`;
      at = open + 2;
      continue;
    }
    const close = text.indexOf("}", open);
    const written = text.slice(open, close < 0 ? undefined : close + 1);
    const span = spanOf(tree, written, from);
    from = span.end;
    if (literal !== "") found.push(literal);
    literal = "";
    at = open + written.length;
    const inner = written.slice(2, -1).trim();
    if (close < 0 || !whole.test(inner)) found.push({ malformed: written, span });
    else {
      const [name, ...path] = inner.split(".") as [string, ...string[]];
      found.push({ name, path, span });
    }
  }
  literal += text.slice(at);
  return literal === "" && found.length > 0 ? found : [...found, literal];
}

/** Where a part of a text was written; the whole text's place if escapes hide it. */
function spanOf(tree: Tree, written: string, from: number): Span {
  const { source, end } = tree.span;
  const start = source.text.indexOf(written, from);
  return start >= 0 && start + written.length <= end
    ? { source, start, end: start + written.length }
    : tree.span;
}

/** A scalar without references. */
export function isLiteral(tree: Tree): boolean {
  return tree.kind === "scalar" && !isText(tree);
}

function isText(tree: Tree): tree is ScalarTree & { value: string } {
  return tree.kind === "scalar" && typeof tree.value === "string" && tree.value.includes("${");
}

/** Every reference in a tree. */
export function referencesIn(tree: Tree): readonly Reference[] {
  if (tree.kind === "scalar" && !isText(tree)) return none;
  const known = referencesOf.get(tree) ?? findReferences(tree);
  referencesOf.set(tree, known);
  return known;
}

const none: readonly Reference[] = [];

function findReferences(tree: Tree): readonly Reference[] {
  if (tree.kind === "list") return tree.items.flatMap(referencesIn);
  if (tree.kind === "map") {
    return [...tree.entries.values()].flatMap(({ value }) => referencesIn(value));
  }
  return isText(tree)
    ? pieces(tree).filter((piece) => typeof piece === "object" && "name" in piece)
    : none;
}

/** The tree with every reference replaced, and then every range by its list. */
export function substitute(tree: Tree, scope: Scope, problems: Problems, instance?: string): Tree {
  if (tree.kind === "scalar") return isText(tree) ? fill(tree, scope, problems, instance) : tree;
  if (tree.kind === "list") {
    const items = tree.items.flatMap((item) => {
      const value = substitute(item, scope, problems, instance);
      // Only a range becomes a list: its numbers are some among the others.
      return item.kind === "map" && value.kind === "list" ? value.items : [value];
    });
    const isSame = items.length === tree.items.length && items.every((v, i) => v === tree.items[i]);
    return isSame ? tree : { ...tree, items };
  }
  const before = problems.errors;
  const filled = substituteValues(tree, scope, problems, instance);
  return problems.errors > before ? filled : expandRange(filled, scope.constants, problems);
}

/** The tree with every reference replaced; ranges stay what they are, since they are not ours. */
export function substituteReferences(tree: Tree, scope: Scope, problems: Problems): Tree {
  if (tree.kind === "scalar") return substitute(tree, scope, problems);
  const inside = (value: Tree) => substituteReferences(value, scope, problems);
  if (tree.kind === "list") return { ...tree, items: tree.items.map(inside) };
  const entries = [...tree.entries].map(([name, entry]): [string, Entry] => [
    name,
    { ...entry, value: inside(entry.value) },
  ]);
  return { ...tree, entries: new Map(entries) };
}

/** As `substitute`, for each value of a map whose keys are names, so that the map is not a range. */
export function substituteValues(
  tree: MapTree,
  scope: Scope,
  problems: Problems,
  instance?: string,
): MapTree {
  let entries: Map<string, Entry> | undefined;
  for (const [name, entry] of tree.entries) {
    const value = substitute(entry.value, scope, problems, instance);
    if (value === entry.value) continue;
    entries ??= new Map(tree.entries);
    entries.set(name, { ...entry, value });
  }
  return entries ? { ...tree, entries } : tree;
}

function fill(
  tree: ScalarTree & { value: string },
  scope: Scope,
  problems: Problems,
  instance: string | undefined,
): Tree {
  const parts = pieces(tree);
  const [only] = parts;
  if (parts.length === 1 && typeof only === "object") {
    const value = resolve(only, scope, problems, instance);
    if (!value) return { ...tree, value: null };
    return value.span === only.span ? value : { ...value, via: only.span };
  }
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") text += part;
    else {
      const value = resolve(part, scope, problems, instance);
      if (value?.kind === "scalar" && value.value !== null) text += String(value.value);
      else if (value) {
        const message = `${describe(value)} cannot stand inside a text`;
        problems.error("invalid-reference", message, part.span, { instance });
      }
    }
  }
  return { ...tree, value: text };
}

function resolve(
  piece: Exclude<Piece, string>,
  scope: Scope,
  problems: Problems,
  instance: string | undefined,
): Tree | undefined {
  const { span } = piece;
  if ("malformed" in piece) {
    const message = `invalid reference ${quote(piece.malformed)}`;
    problems.error("invalid-reference", message, span, { hint: hintForMalformed(piece.malformed) });
    return undefined;
  }
  const { name, path } = piece;
  const where = { instance: scope.varies?.(name) ? instance : undefined };
  const value = scope.value(name, span);
  let tree = path.length > 0 ? scope.parts(name) : value;
  if (!value) {
    const removed = scope.removed(name);
    problems.error("unknown-reference", `unknown reference ${quote(name)}`, span, {
      hint: removed ? undefined : hintForUnknown(piece, scope),
      ...removedBy(removed),
      ...where,
    });
    return undefined;
  }
  for (const step of path) {
    const next: Tree | undefined =
      tree?.kind === "list"
        ? tree.items[Number(step)]
        : tree?.kind === "map"
          ? tree.entries.get(step)?.value
          : undefined;
    if (!next) {
      const known = tree?.kind === "map" ? [...tree.entries.keys()] : [];
      const message = `${quote(name)} has no ${quote(path.join("."))}`;
      problems.error("unknown-reference", message, span, {
        hint: didYouMean(step, known),
        ...where,
      });
      return undefined;
    }
    tree = next;
  }
  return tree;
}

/** A param is called by its name alone, whatever section it stands in. */
function hintForUnknown({ name, path }: Reference, scope: Scope): string | undefined {
  const [inner] = path;
  if (inner !== undefined && [...scope.names()].includes(inner)) return `write \${${inner}}`;
  return suggest(name, scope.names());
}

/** A scope of params alone. */
export function scopeOf(
  params: ReadonlyMap<string, Tree>,
  constants: Constants,
  removed: ReadonlyMap<string, Span> = new Map(),
): Scope {
  const value = (name: string) => params.get(name);
  return {
    value,
    parts: value,
    removed: (name) => removed.get(name),
    names: () => params.keys(),
    constants,
  };
}
