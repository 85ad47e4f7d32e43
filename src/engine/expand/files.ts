/**
 * Files among an instance's parameters: which ones a list means, and what of them enters the key.
 * Knows the marks of schemas, and no node type.
 */
import { dirname, posix, resolve } from "node:path";
import { quote } from "../../text/quote.ts";
import type { Schema } from "../language/compile-schema.ts";
import { type Problems, reportUnreadable } from "../language/problems.ts";
import { locate, type MapTree, plain, type Tree, usedAt } from "../language/tree.ts";
import type { Mark } from "../language/validate.ts";
import { expandHome, homeHint } from "../project/paths.ts";
import { FileFlaw, type ProjectFiles } from "../project/project-files.ts";

/** What parameters ask the file system. */
export interface FileSystem {
  /** The digest of a file's content; throws as `readFileSync` does. */
  hashFile(path: string): string;
  readonly projectFiles: ProjectFiles;
}

export interface FileContext {
  /** Absolute path of the pipeline: what values that come from no file are relative to. */
  readonly pipeline: string;
  readonly fileSystem: FileSystem;
  readonly problems: Problems;
}

/** In lists of a program's files, folders and patterns become the names that they stand for. */
export function listFiles(tree: MapTree, schema: Schema, context: FileContext): MapTree {
  const marked = namesMarked(schema, "files");
  if (marked.length === 0) return tree;
  const entries = new Map(tree.entries);
  for (const name of marked) {
    const entry = entries.get(name);
    if (entry?.value.kind !== "list") continue;
    const items = namesIn(entry.value.items, context);
    entries.set(name, { ...entry, value: { ...entry.value, items } });
  }
  return { ...tree, entries };
}

/** Parameters that have a mark themselves. */
export function namesMarked(schema: Schema, mark: string): readonly string[] {
  const known = marks.get(schema) ?? new Map<string, readonly string[]>();
  marks.set(schema, known);
  let names = known.get(mark);
  if (!names) {
    const { properties = {} } = schema as { properties?: Record<string, Schema> };
    names = Object.keys(properties).filter((name) => properties[name]!["x-blockspin"] === mark);
    known.set(mark, names);
  }
  return names;
}

const marks = new WeakMap<Schema, Map<string, readonly string[]>>();

function namesIn(items: readonly Tree[], context: FileContext): Tree[] {
  const found = items.map((item) => ({ item, names: namesOf(item, context) }));
  // What is listed by itself keeps its place, and so does what an earlier pattern matches.
  const seen = new Set(found.flatMap(({ names }) => (typeof names === "string" ? names : [])));
  return found.flatMap(({ item, names }) => {
    if (names === undefined || typeof names === "string") return item;
    const fresh = names.filter((name) => !seen.has(name));
    for (const name of fresh) seen.add(name);
    return fresh.map((value): Tree => ({ ...item, kind: "scalar", value }));
  });
}

/** The names that a path stands for, or the one, tidied, if it stands for itself. */
function namesOf(item: Tree, context: FileContext): readonly string[] | string | undefined {
  const written = plain(item);
  if (typeof written !== "string" || written === "") return undefined;
  try {
    const names = context.fileSystem.projectFiles.namesOf(written, fileOf(item, context));
    return names.length === 1 && names[0] === written ? posix.normalize(written) : names;
  } catch (error) {
    reportFile(error, written, item, item.via, context.problems);
    return undefined;
  }
}

/** Puts a file's digest in the place of its name; `files` gets its path. */
export function digestFile(
  { kind, path }: Mark,
  tree: MapTree,
  value: unknown,
  files: Record<string, string>,
  context: FileContext,
): unknown {
  // Marked by two branches of a union, it is done already.
  if (typeof value !== "string") return value;
  const { tree: at, via } = locate(tree, path);
  const { hashFile, projectFiles } = context.fileSystem;
  const from = fileOf(at, context);
  // A named file's name is in the key, where it is a path below the project's folder.
  const place = kind === "file" ? expandHome(value) : value;
  if (place === undefined) {
    const message = `cannot use the path ${quote(value)}`;
    const extra = { hint: homeHint(value), ...usedAt(via) };
    context.problems.error("invalid-param", message, at.span, extra);
    return value;
  }
  const file = resolve(dirname(from), place);
  try {
    const runs = kind === "program-file" && projectFiles.isExecutable(value, from);
    const digest = hashFile(file);
    files[digest] = file;
    if (kind === "file") return { file: digest };
    return { file: digest, name: value, ...(runs ? { executable: true } : {}) };
  } catch (error) {
    reportFile(error, value, at, via, context.problems);
    return value;
  }
}

function fileOf({ span }: Tree, { pipeline }: FileContext): string {
  return span.source.file ?? pipeline;
}

function reportFile(
  error: unknown,
  name: string,
  { span }: Tree,
  via: Tree["via"],
  problems: Problems,
): void {
  if (!(error instanceof FileFlaw)) {
    reportUnreadable(error, name, span, problems, usedAt(via));
    return;
  }
  problems.error(error.code, error.message, span, { ...usedAt(via), hint: error.hint });
}
