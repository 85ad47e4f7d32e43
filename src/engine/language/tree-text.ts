/**
 * A located tree of one source as text, and back: reading that takes a twentieth of the time that
 * reading YAML takes. What aliases share is written once, and is shared again. Knows nothing of files.
 */
import type { Source, Span } from "./diagnostic.ts";
import { type Entry, list, map, type Scalar, scalar, type Tree } from "./tree.ts";

type Place = readonly [start: number, end: number];
type EntryLine = readonly [Scalar, string | null, ...key: Place, Line];
/** A scalar, a list, a map, or the list or map of that number; then the alias that brought it here. */
type Line =
  | readonly ["s", ...Place, Scalar | null, string | null, ...via: Place | []]
  | readonly ["l", ...Place, readonly Line[], null, ...via: Place | []]
  | readonly ["m", ...Place, readonly EntryLine[], null, ...via: Place | []]
  | readonly ["again", ...Place, number, null, ...via: Place | []];

/** Undefined for a tree that has more than one source, or lost a part to an override. */
export function treeText(tree: Tree, source: Source): string | undefined {
  const numbers = new Map<object, number>();
  let whole = true;
  const placeOf = (span: Span): Place => {
    whole &&= span.source === source;
    return [span.start, span.end];
  };
  const contentOf = (part: Exclude<Tree, { kind: "scalar" }>): Line => {
    const content = part.kind === "list" ? part.items : part.entries;
    const place = placeOf(part.span);
    const via = part.via ? placeOf(part.via) : ([] as const);
    const number = numbers.get(content);
    if (number !== undefined) return ["again", ...place, number, null, ...via];
    whole &&= part.kind === "list" || part.removed === undefined;
    const line: Line =
      part.kind === "list"
        ? ["l", ...place, part.items.map(lineOf), null, ...via]
        : ["m", ...place, [...part.entries.values()].map(entryOf), null, ...via];
    numbers.set(content, numbers.size);
    return line;
  };
  const entryOf = ({ name, written, key, value }: Entry): EntryLine => {
    return [name, written ?? null, ...placeOf(key), lineOf(value)];
  };
  const lineOf = (part: Tree): Line => {
    if (part.kind !== "scalar") return contentOf(part);
    const via = part.via ? placeOf(part.via) : ([] as const);
    return ["s", ...placeOf(part.span), part.value, part.written ?? null, ...via];
  };
  const line = lineOf(tree);
  return whole ? JSON.stringify(line) : undefined;
}

/** The tree of a text that `treeText` made, with its places in a source. */
export function treeOfText(text: string, source: Source): Tree {
  const known: Exclude<Tree, { kind: "scalar" }>[] = [];
  const contentOf = ([kind, start, end, content, written]: Line): Tree => {
    const span = { source, start, end };
    if (kind === "again") return { ...known[content]!, span };
    if (kind === "s") {
      const tree = scalar(content, span);
      return written === null ? tree : { ...tree, written };
    }
    const tree = kind === "l" ? list(content.map(treeOf), span) : map(entriesOf(content), span);
    known.push(tree);
    return tree;
  };
  const entriesOf = (lines: readonly EntryLine[]) => {
    const entries = new Map<string, Entry>();
    for (const [name, written, start, end, line] of lines) {
      const entry = { name, key: { source, start, end }, value: treeOf(line) };
      entries.set(String(name), written === null ? entry : { ...entry, written });
    }
    return entries;
  };
  const treeOf = (line: Line): Tree => {
    const tree = contentOf(line);
    const [start, end] = line.slice(5) as unknown as Place | [];
    return start === undefined ? tree : { ...tree, via: { source, start, end: end! } };
  };
  return treeOf(JSON.parse(text) as Line);
}
