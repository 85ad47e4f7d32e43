/**
 * Finds the project's files that a program gets: one by its path, all in a folder, or those that a
 * pattern matches. Knows no node type.
 */
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, posix, relative, resolve } from "node:path";
import { projectRoot } from "./project.ts";

// Loaded when it is needed.
const require = createRequire(import.meta.url);

/** What is wrong with a file's name. */
export class FileFlaw extends Error {
  readonly code: "file-not-found" | "file-unreadable" | "invalid-param";
  readonly hint: string | undefined;
  constructor(code: FileFlaw["code"], message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

export interface ProjectFiles {
  /**
   * The names, sorted, that a path or pattern stands for, relative to the folder of the file `from`
   * that it is written in. A path that is not a folder stands for itself. Throws `FileFlaw`.
   */
  namesOf(written: string, from: string): readonly string[];
  /** Whether its owner may run it. Throws `FileFlaw`, or as `realpathSync` does. */
  isExecutable(name: string, from: string): boolean;
}

/** A folder with more was hardly meant. */
const maxFiles = 10_000;

/** Programs write it beside their sources, with times in it. */
const leftOut = "__pycache__";

/** Looks each name up once: a sweep asks for the same names over and over. */
export function projectFiles(): ProjectFiles {
  const names = new Map<string, readonly string[]>();
  return {
    namesOf(written, from) {
      const key = JSON.stringify([written, dirname(from)]);
      const found = names.get(key) ?? namesOf(written, from);
      names.set(key, found);
      return found;
    },
    isExecutable,
  };
}

/** As shells read patterns: `[!a]` is any character but a, and `{8..12}` are five numbers. */
const asShells = { nonegate: true, posix: true, expandRange: alternatives };

/** A range in braces as a regular expression; picomatch takes it for a range of characters. */
function alternatives(...given: readonly unknown[]): string {
  // The last is picomatch's options.
  const ends = given.filter((part) => typeof part === "string");
  const [first = "", last = "", step = "1"] = ends;
  const range = `"{${ends.join("..")}}"`;
  if (ends.length === 2 && ends.every((end) => /^[a-z]$/i.test(end))) {
    return `[${ends.sort().join("-")}]`;
  }
  if (![first, last, step].every((end) => /^\d{1,9}$/.test(end)) || Number(step) === 0) {
    throw new FileFlaw("invalid-param", `${range} is not a range of integers or letters`);
  }
  const [from, to] = [Number(first), Number(last)];
  const count = Math.floor(Math.abs(to - from) / Number(step)) + 1;
  if (count > maxFiles) {
    throw new FileFlaw("invalid-param", `${range} stands for more than ${maxFiles} numbers`);
  }
  const stride = Math.sign(to - from) * Number(step);
  const width = /^0\d/.test(first) || /^0\d/.test(last) ? Math.max(first.length, last.length) : 0;
  const numbers = Array.from({ length: count }, (_, i) => `${from + i * stride}`);
  return `(${numbers.map((number) => number.padStart(width, "0")).join("|")})`;
}

interface Search {
  /** The project's folder, without links. */
  readonly root: string;
  /** What the person wrote, for messages. */
  readonly written: string;
  /** Whether files in nested folders may match. */
  readonly deep: boolean;
  readonly hidden: boolean;
  matches(name: string): boolean;
}

function namesOf(written: string, from: string): readonly string[] {
  if (isAbsolute(written)) return [written];
  const picomatch = require("picomatch") as typeof import("picomatch");
  const path = resolve(dirname(from), written);
  const there = statOf(path);
  const { base, glob, isGlob } = picomatch.scan(written, { nonegate: true });
  if (there ? !there.isDirectory() : !isGlob) return [written];
  const search: Search = {
    root: rootOf(from),
    written,
    deep: there !== undefined || glob.includes("/") || glob.includes("**"),
    hidden: !there && /(^|[/{,(|])\./.test(glob),
    matches: there ? () => true : picomatch(glob, asShells),
  };
  const prefix = there ? written : base;
  const folder = resolve(dirname(from), prefix);
  const found: string[] = [];
  if (statOf(folder)?.isDirectory()) walk(folder, "", [realpathSync(folder)], search, found);
  if (found.length > 0) return found.map((name) => posix.join(prefix, name)).sort();
  const what = there ? "there is no file in folder" : "no file matches";
  throw new FileFlaw("file-not-found", `${what} ${JSON.stringify(written)}`);
}

/** @param above - the folders around it, without links: a link to one of them would never end */
function walk(
  folder: string,
  name: string,
  above: readonly string[],
  search: Search,
  found: string[],
): void {
  const { root, written, deep, hidden, matches } = search;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === leftOut || (entry.name.startsWith(".") && !hidden)) continue;
    const path = join(folder, entry.name);
    const below = `${name}${entry.name}`;
    const isLink = entry.isSymbolicLink();
    if (!(isLink ? statOf(path) : entry)?.isDirectory()) {
      if (matches(below)) found.push(below);
      if (found.length <= maxFiles) continue;
      const message = `${JSON.stringify(written)} stands for more than ${maxFiles} files`;
      throw new FileFlaw("invalid-param", message);
    }
    const real = isLink ? realpathSync(path) : join(above.at(-1)!, entry.name);
    // A store is not part of a program, and grows with every run.
    if (!deep || above.includes(real) || existsSync(join(path, "CACHEDIR.TAG"))) continue;
    if (isLink) checkInside(real, root, posix.join(written, below));
    walk(path, `${below}/`, [...above, real], search, found);
  }
}

function isExecutable(name: string, from: string): boolean {
  if (isAbsolute(name)) {
    const hint = "write it relative to the file that you write it in";
    throw new FileFlaw("invalid-param", `${JSON.stringify(name)} is an absolute path`, hint);
  }
  const path = resolve(dirname(from), name);
  checkInside(path, projectRoot(from), name);
  const real = realpathSync(path);
  checkInside(real, rootOf(from), name);
  const stat = statSync(real);
  if (!stat.isFile() && !stat.isDirectory()) {
    const message = `cannot read ${JSON.stringify(name)}: it is not a file`;
    throw new FileFlaw("file-unreadable", message);
  }
  return (stat.mode & 0o100) !== 0;
}

function rootOf(from: string): string {
  return realpathSync(projectRoot(from));
}

function checkInside(path: string, root: string, name: string): void {
  const way = relative(root, path);
  if (way !== ".." && !way.startsWith("../") && !isAbsolute(way)) return;
  const message = `${JSON.stringify(name)} lies outside the project`;
  throw new FileFlaw("invalid-param", message, `the project begins at ${root}`);
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Reading the file reports what is wrong with it.
    return undefined;
  }
}
