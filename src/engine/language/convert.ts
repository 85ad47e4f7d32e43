/**
 * Nodes of the `yaml` package → our located tree, following aliases (each anchored value becomes
 * one shared tree, so an alias costs nothing) and merge keys (`<<`).
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from "yaml";
import type { Source, Span } from "./diagnostic.ts";
import { clip, didYouMean, type Problems, quote } from "./problems.ts";
import { describe as describeTree, type Entry, list, map, scalar, type Tree } from "./tree.ts";

/** How many values all aliases of a file may stand for together. */
const maxAliased = 100_000;
/** How deep aliases within aliases may nest. */
const maxDepth = 200;

interface Measure {
  readonly size: number;
  readonly depth: number;
}

export class Converter {
  readonly #source: Source;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, Tree>();
  readonly #open = new Set<string>();
  readonly #measures = new Map<Tree, Measure>();
  #aliased = 0;

  constructor(source: Source, problems: Problems) {
    this.#source = source;
    this.#problems = problems;
  }

  root(node: Node | null): Tree {
    return node ? this.#value(node) : scalar(null, { source: this.#source, start: 0, end: 0 });
  }

  #span(node: Node): Span {
    const [start, end] = node.range ?? [0, 0];
    return { source: this.#source, start, end };
  }

  #value(node: Node): Tree {
    if (isAlias(node)) return this.#alias(node.source, this.#span(node));
    const anchor = (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor;
    if (anchor) this.#open.add(anchor);
    const tree = this.#content(node);
    if (anchor) {
      this.#open.delete(anchor);
      this.#anchors.set(anchor, tree);
    }
    return tree;
  }

  #content(node: Node): Tree {
    if (isScalar(node)) return this.#measured(this.#scalar(node), []);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#value(item as Node));
      return this.#measured(list(items, this.#span(node)), items);
    }
    const entries = isMap(node) ? this.#entries(node) : new Map<string, Entry>();
    const values = [...entries.values()].map(({ value }) => value);
    return this.#measured(map(entries, this.#span(node)), values);
  }

  #measured(tree: Tree, parts: readonly Tree[]): Tree {
    let size = 1;
    let depth = 0;
    for (const part of parts) {
      const measure = this.#measures.get(part);
      size += measure?.size ?? 1;
      depth = Math.max(depth, measure?.depth ?? 0);
    }
    this.#measures.set(tree, { size, depth: depth + 1 });
    return tree;
  }

  #alias(name: string, span: Span): Tree {
    const missing = scalar(null, span);
    if (this.#open.has(name)) {
      this.#problems.error("alias-bomb", `alias ${quote(name)} stands inside its own anchor`, span);
      return missing;
    }
    const tree = this.#anchors.get(name);
    if (!tree) {
      const hint = didYouMean(name, this.#anchors.keys());
      this.#problems.error("unknown-anchor", `unknown anchor ${quote(name)}`, span, { hint });
      return missing;
    }
    const { size, depth } = this.#measures.get(tree)!;
    const before = this.#aliased;
    this.#aliased += size;
    if (this.#aliased <= maxAliased && depth <= maxDepth) {
      const used = { ...tree, via: span };
      this.#measures.set(used, { size, depth });
      return used;
    }
    if (before <= maxAliased) {
      const limit = `more than ${maxAliased} values or ${maxDepth} levels`;
      this.#problems.error("alias-bomb", `aliases expand to ${limit}`, span);
    }
    return missing;
  }

  #scalar(node: Scalar): Tree {
    const span = this.#span(node);
    const { value } = node;
    if (typeof value === "number") return scalar(this.#number(value, node, span), span);
    if (value === null || typeof value === "string" || typeof value === "boolean") {
      return scalar(value, span);
    }
    this.#problems.error("invalid-value", `expected plain YAML, got ${typeof value}`, span);
    return scalar(null, span);
  }

  #number(value: number, node: Scalar, span: Span): number {
    const text = node.source ?? String(value);
    const shown = clip(text);
    if (!Number.isFinite(value)) {
      this.#problems.error("inexact-number", `expected a finite number, got ${shown}`, span);
    } else if (!/[.eE]/.test(text.replace(/^0x.*/i, "")) && !Number.isSafeInteger(value)) {
      const hint = `quote it to use it as text: "${shown}"`;
      this.#problems.error("inexact-number", `${shown} has too many digits`, span, { hint });
    }
    return value === 0 ? 0 : value; // -0 would be a second name for 0
  }

  #entries(node: YAMLMap): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    const merged: Tree[] = [];
    for (const pair of node.items) {
      const entry = this.#entry(pair);
      if (!entry) continue;
      const name = String(entry.name);
      const first = entries.get(name);
      if (name === "<<" && isScalar(pair.key) && pair.key.type === "PLAIN") {
        merged.push(...(entry.value.kind === "list" ? entry.value.items : [entry.value]));
      } else if (first) {
        const notes = [{ message: "first written here", span: first.key }];
        this.#problems.error("duplicate-key", `duplicate key ${quote(name)}`, entry.key, { notes });
      } else {
        entries.set(name, entry);
      }
    }
    for (const tree of merged) this.#merge(entries, tree);
    return entries;
  }

  #merge(entries: Map<string, Entry>, tree: Tree): void {
    if (tree.kind !== "map") {
      const got = describeTree(tree);
      this.#problems.error("invalid-value", `"<<" expects a mapping, got ${got}`, tree.span);
      return;
    }
    for (const [name, entry] of tree.entries) if (!entries.has(name)) entries.set(name, entry);
  }

  #entry({ key, value }: Pair): Entry | undefined {
    const node = key as Node | null;
    const named = node && (isAlias(node) || isScalar(node)) ? this.#value(node) : undefined;
    const span = node ? this.#span(node) : { source: this.#source, start: 0, end: 0 };
    if (named?.kind !== "scalar" || named.value === null) {
      this.#problems.error("invalid-value", "a key must be text, a number or a boolean", span);
      return undefined;
    }
    if (String(named.value).includes("${")) {
      const message = "a key cannot hold a reference";
      this.#problems.error("invalid-reference", message, span);
      return undefined;
    }
    // A key without a colon has no value node: its value is null, just behind it.
    const nothing = scalar(null, { source: this.#source, start: span.end, end: span.end });
    return { name: named.value, key: span, value: value ? this.#value(value as Node) : nothing };
  }
}
