/**
 * A pipeline file and those that it extends → one document. A file that extends another adds to or
 * replaces entries of its sections by name (`null` removes), and changes what lies deeper by dotted
 * paths. Knows the sections' names but not what is in them.
 */
import { dirname, isAbsolute, join, resolve } from "node:path";
import { quote } from "../../text/quote.ts";
import type { Checked, Source, Span } from "../language/diagnostic.ts";
import { parseYaml } from "../language/parse.ts";
import { Problems, reportUnreadable } from "../language/problems.ts";
import type { Constants } from "../language/range.ts";
import {
  describe,
  entriesOf,
  get,
  isNull,
  list,
  type MapTree,
  map,
  type Tree,
} from "../language/tree.ts";
import { expandHome, homeHint, pipelineFile } from "../project/paths.ts";
import {
  applyOverrides,
  clash,
  type Override,
  overridesIn,
  parseSet,
  withKey,
  without,
} from "./override.ts";
import { ignored } from "./pipeline-schema.ts";

export interface LoadOptions {
  /** `name=value` overrides, applied last. */
  readonly set?: readonly string[];
  /** What a range may call by name; they come with the node types. */
  readonly constants?: Constants;
  /** Reads YAML; `parseYaml` if it is not given, and as that does. */
  readonly parse?: (source: Source) => Checked<Tree>;
  /** The text of a file, by absolute path; throws as `readFileSync` does. */
  readFile(path: string): string;
}

/** A pipeline as written: files put together and overrides applied, nothing validated. */
export interface Document {
  readonly tree: MapTree;
  /** The pipeline file. */
  readonly source: Source;
  /** Absolute: the pipeline file, the one that it extends, and so on. */
  readonly files: readonly string[];
  readonly constants: Constants;
}

/** The version of the file format that this reads. */
export const formatVersion = 1;

/** Sections whose entries a file adds to those of the file that it extends. */
const sections = ["params", "derived", "defaults", "stages", "ablations", "metrics", "figures"];
/** Keys that hold for one file alone. */
const own = ["blockspin", "name", "extends"];

export function loadDocument(path: string, options: LoadOptions): Checked<Document> {
  const problems = new Problems();
  const loaded = loadFile(path, undefined, [], options, problems);
  const overrides: Override[] = [];
  for (const text of options.set ?? []) {
    const { value, diagnostics } = parseSet(text);
    problems.addAll(diagnostics);
    if (value) overrides.push(value);
  }
  if (!loaded || problems.failed) return problems.check<Document>(undefined);
  const tree = applyOverrides(loaded.tree, overrides, problems);
  return problems.check({ ...loaded, tree });
}

interface Opened {
  readonly path: string;
  readonly file: string;
  readonly span: Span | undefined;
}

function loadFile(
  path: string,
  span: Span | undefined,
  above: readonly Opened[],
  options: LoadOptions,
  problems: Problems,
): Document | undefined {
  const file = resolve(path);
  const chain = [...above, { path, file, span }];
  if (above.some((other) => other.file === file)) {
    const loop = chain.slice(chain.findIndex((other) => other.file === file));
    const names = loop.map((opened) => opened.path).join(" -> ");
    problems.error("extends-loop", `a file extends itself: ${names}`, span);
    return undefined;
  }
  const text = readText(path, file, span, options, problems);
  if (text === undefined) return undefined;
  const source = { path, text, file: pipelineFile(path) };
  const { value: tree, diagnostics } = (options.parse ?? parseYaml)(source);
  problems.addAll(diagnostics);
  if (!tree) return undefined;
  if (tree.kind !== "map") {
    const got = isNull(tree) ? "nothing" : describe(tree);
    problems.error("invalid-value", `expected a pipeline, a mapping, got ${got}`, tree.span);
    return undefined;
  }
  if (!checkVersion(tree, problems)) return undefined;
  const base = get(tree, "extends");
  const files = [source.file];
  const { constants = {} } = options;
  if (!base) return { tree, source, files, constants };
  if (base.kind !== "scalar" || typeof base.value !== "string") {
    const message = `"extends" expects the path of a file, got ${describe(base)}`;
    problems.error("invalid-value", message, base.span);
    return undefined;
  }
  const next = besides(source, base.value, base.span, problems);
  if (next === undefined) return undefined;
  const below = loadFile(next, base.span, chain, options, problems);
  if (!below) return undefined;
  const merged = merge(below.tree, tree, problems);
  return { ...{ tree: merged, source, constants }, files: [...files, ...below.files] };
}

/** A path that a file names, as messages show it: relative to that file. */
function besides(
  { path, file }: Source,
  text: string,
  span: Span,
  problems: Problems,
): string | undefined {
  const named = expandHome(text);
  if (named === undefined) {
    problems.error("invalid-value", `cannot use the path ${quote(text)}`, span, {
      hint: homeHint(text),
    });
    return undefined;
  }
  // What comes from a stream counts as a file of the working folder.
  return isAbsolute(named) || resolve(path) !== file ? named : join(dirname(path), named);
}

function readText(
  path: string,
  file: string,
  span: Span | undefined,
  { readFile }: LoadOptions,
  problems: Problems,
): string | undefined {
  try {
    // A byte order mark is not seen, so columns do not count it.
    return readFile(file).replace(/^\ufeff/, "");
  } catch (error) {
    reportUnreadable(error, path, span, problems);
    return undefined;
  }
}

function checkVersion(tree: MapTree, problems: Problems): boolean {
  const version = get(tree, "blockspin");
  if (version?.kind !== "scalar" || typeof version.value !== "number") return true;
  if (version.value <= formatVersion) return true;
  const message = `file format ${version.value} is newer than this version of blockspin can read`;
  const hint = `it reads format ${formatVersion}: update blockspin`;
  problems.error("newer-format", message, version.span, { hint });
  return false;
}

/** Whether a top-level key is a path to what it changes. */
export function isDotted(name: string): boolean {
  return name.includes(".") && !ignored.test(name);
}

function merge(base: MapTree, child: MapTree, problems: Problems): MapTree {
  reportClashes(child, problems);
  let tree = base;
  for (const name of own) {
    if (!child.entries.has(name) && tree.entries.has(name)) {
      const entries = new Map(tree.entries);
      entries.delete(name);
      tree = { ...tree, entries };
    }
  }
  const dotted = new Map([...child.entries].filter(([name]) => isDotted(name)));
  for (const [name, { key, value }] of child.entries) {
    if (dotted.has(name)) continue;
    const below = get(tree, name);
    if (below && isNull(value) && !own.includes(name)) tree = without(tree, name, key);
    else tree = withKey(tree, name, key, combine(name, below, value));
  }
  tree = unlessRedefined(tree, child, "params", "derived");
  tree = unlessRedefined(tree, child, "derived", "params");
  return applyOverrides(tree, overridesIn(map(dotted, child.span)), problems);
}

/** Refuses a file that changes a thing and a part of it, or a thing by two names: one would be lost. */
function reportClashes(child: MapTree, problems: Problems): void {
  const changes = [...child.entries].flatMap(([name, { key, value }]): Override[] => {
    const parts = sections.includes(name) ? [...entriesOf(value)] : [];
    if (parts.length === 0) {
      return [{ name, path: isDotted(name) ? name.split(".") : [name], key, value }];
    }
    return parts.map(([part, entry]) => ({
      ...{ name: `${name}.${part}`, path: [name, part], key: entry.key, value: entry.value },
    }));
  });
  const first = new Map<string, Override>();
  for (const change of changes) {
    const id = JSON.stringify(change.path);
    if (!first.has(id)) first.set(id, change);
  }
  for (const change of changes) {
    for (let length = 1; length <= change.path.length; length++) {
      const other = first.get(JSON.stringify(change.path.slice(0, length)));
      if (!other || other === change || !clash(other, change)) continue;
      const [a, b] = other.key.start < change.key.start ? [other, change] : [change, other];
      const notes = [{ message: "and here", span: a.key }];
      const message = `${quote(other.name)} is changed in two ways`;
      problems.error("clashing-override", message, b.key, { notes });
    }
  }
}

/** A param that a file defines in one section replaces the extended file's in the other. */
function unlessRedefined(tree: MapTree, child: MapTree, here: string, other: string): MapTree {
  const section = get(tree, other);
  if (section?.kind !== "map") return tree;
  const fresh = entriesOf(get(child, here));
  const kept = [...section.entries].filter(
    ([name]) => !fresh.has(name) || entriesOf(get(child, other)).has(name),
  );
  if (kept.length === section.entries.size) return tree;
  const { key } = tree.entries.get(other)!;
  return withKey(tree, other, key, { ...section, entries: new Map(kept) });
}

function combine(section: string, below: Tree | undefined, above: Tree): Tree {
  if (section === "use" && below?.kind === "list" && above.kind === "list") {
    return list([...below.items, ...above.items], above.span);
  }
  if (!sections.includes(section) || below?.kind !== "map" || above.kind !== "map") return above;
  let merged: MapTree = below;
  for (const [name, { key, value }] of entriesOf(above)) {
    merged = isNull(value) ? without(merged, name, key) : withKey(merged, name, key, value);
  }
  return merged;
}
