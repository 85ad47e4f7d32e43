/**
 * A YAML value that knows where each of its parts was written. Immutable, so that parts of several
 * files and overrides can be put together and every later error still points at the right place.
 * Knows nothing of what a pipeline is.
 */

import { quote } from "../../text/quote.ts";
import type { Span } from "./diagnostic.ts";

export type Scalar = string | number | boolean;

interface Located {
  readonly span: Span;
  /** The reference that brought this value here, where it was not written in place. */
  readonly via?: Span;
}
export interface ScalarTree extends Located {
  readonly kind: "scalar";
  readonly value: Scalar | null;
  /** A number as the file has it (`1.0`), where it is printed in another way. */
  readonly written?: string;
}
export interface ListTree extends Located {
  readonly kind: "list";
  readonly items: readonly Tree[];
}
export interface MapTree extends Located {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  /** Keys that an override took away, and where it says so. */
  readonly removed?: ReadonlyMap<string, Span>;
}
export type Tree = ScalarTree | ListTree | MapTree;

export interface Entry {
  /** The key as YAML reads it; `entries` has it as a string. */
  readonly name: Scalar;
  /** A number as the file has it, where it is printed in another way. */
  readonly written?: string;
  readonly key: Span;
  readonly value: Tree;
}

export function scalar(value: Scalar | null, span: Span): ScalarTree {
  return { kind: "scalar", value, span };
}

export function list(items: readonly Tree[], span: Span): ListTree {
  return { kind: "list", items, span };
}

export function map(entries: ReadonlyMap<string, Entry>, span: Span): MapTree {
  return { kind: "map", entries, span };
}

export function isNull(tree: Tree): boolean {
  return tree.kind === "scalar" && tree.value === null;
}

/** The value under a key; `undefined` if the tree is not a map or lacks the key. */
export function get(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === "map" ? tree.entries.get(key)?.value : undefined;
}

/** The entries of a map; none if the tree is not a map. */
export function entriesOf(tree: Tree | undefined): ReadonlyMap<string, Entry> {
  return tree?.kind === "map" ? tree.entries : new Map();
}

/** Plain JSON. */
export function plain(tree: Tree): unknown {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.items.map(plain);
  // fromEntries defines even `__proto__` as an own property.
  return Object.fromEntries([...tree.entries].map(([key, { value }]) => [key, plain(value)]));
}

/** JSON that no file has, as if it stood at one place. */
export function treeOf(value: unknown, span: Span): Tree {
  if (Array.isArray(value)) {
    return list(
      value.map((item) => treeOf(item, span)),
      span,
    );
  }
  if (typeof value !== "object" || value === null) return scalar(value as Scalar | null, span);
  const entries = Object.entries(value).map(([name, inner]): [string, Entry] => [
    name,
    { name, key: span, value: treeOf(inner, span) },
  ]);
  return map(new Map(entries), span);
}

/** Whether two trees hold the same value, wherever they were written. */
export function sameValue(a: Tree, b: Tree): boolean {
  if (a === b) return true;
  if (a.kind === "scalar") return b.kind === "scalar" && a.value === b.value;
  if (a.kind === "list") {
    return (
      b.kind === "list" &&
      a.items.length === b.items.length &&
      a.items.every((item, i) => sameValue(item, b.items[i]!))
    );
  }
  if (b.kind !== "map" || a.entries.size !== b.entries.size) return false;
  return [...a.entries].every(([key, { value }]) => {
    const other = b.entries.get(key);
    return other !== undefined && sameValue(value, other.value);
  });
}

export interface Location {
  /** What is there, or what comes nearest on the way. */
  readonly tree: Tree;
  /** Where the key is that leads to it. */
  readonly key: Span | undefined;
  readonly complete: boolean;
  /** The reference or alias through which the path goes last. */
  readonly via: Span | undefined;
}

/** The tree at a path of keys and indices. */
export function locate(root: Tree, path: readonly string[]): Location {
  let tree = root;
  let key: Span | undefined;
  let via: Span | undefined;
  for (const step of path) {
    const entry: Entry | undefined = tree.kind === "map" ? tree.entries.get(step) : undefined;
    const next: Tree | undefined = tree.kind === "list" ? tree.items[Number(step)] : entry?.value;
    if (!next) return { tree, key, complete: false, via };
    key = entry?.key;
    tree = next;
    via = tree.via ?? via;
  }
  return { tree, key, complete: true, via };
}

/** How an error message names a value. */
export function describe(tree: Tree): string {
  if (tree.kind === "list") return "a list";
  return tree.kind === "map" ? "a mapping" : quote(tree.value);
}

/** Keys that overrides took away from a map. */
export function removedFrom(tree: Tree | undefined): ReadonlyMap<string, Span> {
  return (tree?.kind === "map" ? tree.removed : undefined) ?? new Map();
}

/** The note that goes with a name that an override took away. */
export function removedBy(span: Span | undefined): { notes?: { message: string; span: Span }[] } {
  return span ? { notes: [{ message: "removed here", span }] } : {};
}

/** The note that goes with a mistake in a value that is written elsewhere. */
export function usedAt(via: Span | undefined): { notes?: { message: string; span: Span }[] } {
  return via ? { notes: [{ message: "used here", span: via }] } : {};
}
