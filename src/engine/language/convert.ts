/**
 * Nodes of the `yaml` package → our located tree, following aliases (each anchored value becomes
 * one shared tree, so an alias costs nothing) and merge keys (`<<`). What two readers of one file
 * could take for two things is an error or a warning.
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
import { quote, spell } from "../../text/quote.ts";
import type { Source, Span } from "./diagnostic.ts";
import { ofCall as hintForCall, isCall } from "./number-lists.ts";
import { unquotedAt } from "./placeholders.ts";
import { checkNumber, warnBooleanLike, warnNumberLike } from "./plain-scalar.ts";
import { didYouMean, lookAlike, type Problems } from "./problems.ts";
import { describe as describeTree, type Entry, list, map, scalar, type Tree } from "./tree.ts";

/** How many values all aliases of a file may stand for together. */
const maxAliased = 100_000;
/** How deep aliases within aliases may nest. */
const maxDepth = 200;

/** Others would change a value (`!!omap`) or need a reader of their own (`!!binary`). */
const tags = new Set([
  "!",
  ...["map", "seq", "str", "null", "bool", "int", "float"].map((t) => `tag:yaml.org,2002:${t}`),
]);

interface Measure {
  readonly size: number;
  readonly depth: number;
}

export class Converter {
  readonly #source: Source;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, Tree>();
  /** For an anchor that is written several times: the value before the last. */
  readonly #earlier = new Map<string, Tree>();
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

  #value(node: Node, isKey = false): Tree {
    if (isAlias(node)) return this.#alias(node.source, this.#span(node));
    const anchor = (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor;
    if (anchor) this.#open.add(anchor);
    const tree = this.#content(node, isKey);
    if (anchor) {
      this.#open.delete(anchor);
      const before = this.#anchors.get(anchor);
      if (before) this.#earlier.set(anchor, before);
      this.#anchors.set(anchor, tree);
    }
    return tree;
  }

  #content(node: Node, isKey: boolean): Tree {
    if (node.tag !== undefined && !tags.has(node.tag)) {
      const tag = node.tag.replace("tag:yaml.org,2002:", "!!");
      this.#problems.error("invalid-value", `cannot read the tag ${tag}`, this.#span(node));
      return this.#measured(scalar(null, this.#span(node)), []);
    }
    if (isScalar(node)) return this.#measured(this.#scalar(node, isKey), []);
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
      const text = "a text that begins with * is written in quotes";
      const hint = didYouMean(name, this.#anchors.keys()) ?? text;
      this.#problems.error("unknown-anchor", `unknown anchor ${quote(name)}`, span, { hint });
      return missing;
    }
    const earlier = this.#earlier.get(name);
    if (earlier) {
      const message = `alias ${quote(name)} means the last of several anchors of that name`;
      const notes = [earlier, tree].map(({ span: at }) => ({ message: "an anchor", span: at }));
      this.#problems.warn("duplicate-anchor", message, span, { notes });
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

  #scalar(node: Scalar, isKey: boolean): Tree {
    const span = this.#span(node);
    const { value } = node;
    if (typeof value === "number") {
      const text = node.source ?? String(value);
      checkNumber(value, text, span, this.#problems);
      // -0 would be a second name for 0.
      const tree = scalar(value === 0 ? 0 : value, span);
      return text === String(value) ? tree : { ...tree, written: text };
    }
    if (typeof value === "string") this.#checkText(node, value, span, isKey);
    if (value === null || typeof value === "string" || typeof value === "boolean") {
      return scalar(value, span);
    }
    this.#problems.error("invalid-value", `expected plain YAML, got ${typeof value}`, span);
    return scalar(null, span);
  }

  #checkText(node: Scalar, text: string, span: Span, isKey: boolean): void {
    // Half a surrogate pair becomes another character in any file; 0 ends texts in many programs.
    const odd = /[\p{Surrogate}\0]/u.exec(text);
    if (odd) {
      const message = `${spell(odd[0])} cannot stand in a text`;
      this.#problems.error("invalid-value", message, span);
    }
    if (node.type !== "PLAIN" || node.tag !== undefined) return;
    if (isCall(text)) this.#call(text, span);
    else warnNumberLike(text, span, this.#problems);
    // As a key, a word is only a name.
    if (!isKey) warnBooleanLike(text, span, this.#problems);
  }

  /** `linspace(0, 1, 3)` is text, which commas within `{ }` and `[ ]` cut into pieces. */
  #call(text: string, span: Span): void {
    const { text: all } = this.#source;
    const cut = !text.endsWith(")");
    const rest = cut ? (/^[^()\n]*\)*/.exec(all.slice(span.end))?.[0] ?? "") : "";
    const whole = { ...span, end: span.end + rest.length };
    const called = all.slice(whole.start, whole.end);
    const hint = hintForCall(called);
    const message = `${quote(called)} is text here, not a list of numbers`;
    if (cut) this.#problems.error("invalid-range", message, whole, { hint });
    else this.#problems.warn("ambiguous-value", message, whole, { hint });
  }

  /** `{ size: 8, 16 }` has a key 16, which nobody means behind a number. */
  #checkLoose({ key, value }: Pair, before: Pair | undefined): void {
    const isNumber = (node: unknown) => isScalar(node) && typeof node.value === "number";
    if (value !== null || !isNumber(key) || !isNumber(before?.value)) return;
    const [first, second] = [before!.value, key].map((node) => (node as Scalar).source);
    const message = `expected "key: value", got ${second} alone`;
    const hint = `several values are written as a list: [${first}, ${second}]`;
    this.#problems.error("invalid-value", message, this.#span(key as Node), { hint });
  }

  #entries(node: YAMLMap): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    let merged: Entry | undefined;
    for (const [i, pair] of node.items.entries()) {
      if (node.flow) this.#checkLoose(pair, node.items[i - 1]);
      const entry = this.#entry(pair);
      if (!entry) continue;
      const name = String(entry.name);
      const isMerge = name === "<<" && isScalar(pair.key) && pair.key.type === "PLAIN";
      const first = isMerge ? merged : entries.get(name);
      if (first) {
        const notes = [{ message: "first written here", span: first.key }];
        const hint = isMerge ? "merge several mappings with <<: [*a, *b]" : undefined;
        const message = `duplicate key ${quote(name)}`;
        this.#problems.error("duplicate-key", message, entry.key, { notes, hint });
      } else if (isMerge) merged = entry;
      else entries.set(name, entry);
    }
    const { value } = merged ?? {};
    for (const tree of value?.kind === "list" ? value.items : value ? [value] : []) {
      this.#merge(entries, tree);
    }
    this.#checkKeys(entries);
    return entries;
  }

  #checkKeys(entries: ReadonlyMap<string, Entry>): void {
    for (const [first, second] of lookAlike(entries.keys())) {
      const notes = [{ message: "the other one", span: entries.get(first)!.key }];
      const message = `the keys ${spell(first)} and ${spell(second)} look alike`;
      this.#problems.error("duplicate-key", message, entries.get(second)!.key, { notes });
    }
  }

  #merge(entries: Map<string, Entry>, tree: Tree): void {
    if (tree.kind !== "map") {
      const got = describeTree(tree);
      this.#problems.error("invalid-value", `"<<" expects a mapping, got ${got}`, tree.span);
      return;
    }
    for (const [name, entry] of tree.entries) if (!entries.has(name)) entries.set(name, entry);
  }

  /** A template of another tool, `{{ size }}`, is a mapping whose key is a mapping. */
  #strangeKey(span: Span): void {
    const { text } = this.#source;
    const template = text[span.start - 1] === "{" ? unquotedAt(text, span.start) : undefined;
    if (template) {
      const { message, hint, ...place } = template;
      const whole = { source: this.#source, ...place };
      this.#problems.error("invalid-reference", message, whole, { hint });
    } else this.#problems.error("invalid-value", "a key must be text, a number or a boolean", span);
  }

  #entry({ key, value }: Pair): Entry | undefined {
    const node = key as Node | null;
    const named = node && (isAlias(node) || isScalar(node)) ? this.#value(node, true) : undefined;
    const span = node ? this.#span(node) : { source: this.#source, start: 0, end: 0 };
    if (named?.kind !== "scalar" || named.value === null) {
      this.#strangeKey(span);
      return undefined;
    }
    if (String(named.value).includes("${")) {
      const message = "a key cannot hold a reference";
      this.#problems.error("invalid-reference", message, span);
      return undefined;
    }
    // A key without a colon has no value node: its value is null, just behind it.
    const nothing = scalar(null, { source: this.#source, start: span.end, end: span.end });
    const { value: name, written } = named;
    const content = value ? this.#value(value as Node) : nothing;
    return { name, key: span, value: content, ...(written === undefined ? {} : { written }) };
  }
}
