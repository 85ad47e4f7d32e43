/**
 * Watches files for changes of their content. Editors write in two steps or put another file in the
 * place of one, and a file may be away for a moment: what counts is what is there when all is quiet.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, resolve, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";

/** All is quiet after as many ms without a change. */
const quietMs = 120;
/** A file that is away or empty has as many ms to come back. */
const awayMs = 1000;

/** Folders in which nobody edits; a store changes with every run. */
const leftOut = new Set(["node_modules", "__pycache__"]);

export class WatchedFiles {
  readonly #onChange: (paths: readonly string[]) => void;
  /** Digest by path; undefined for a file that is not there. */
  readonly #files = new Map<string, string | undefined>();
  readonly #folders = new Set<string>();
  readonly #touched = new Set<string>();
  /** Parents of files, without what lies deeper, and folders with all of it. */
  readonly #near: FSWatcher;
  readonly #deep: FSWatcher;
  #timer: NodeJS.Timeout | undefined;
  #since = 0;

  constructor(onChange: (paths: readonly string[]) => void) {
    this.#onChange = onChange;
    const common = { ignoreInitial: true, ignorePermissionErrors: true };
    const isOther = (path: string) => {
      return statSync(path, { throwIfNoEntry: false })?.isFile() === true && !this.#files.has(path);
    };
    // A watched folder, and not the file: another file in its place is still the file.
    this.#near = watch([], { ...common, depth: 0, ignored: isOther });
    this.#deep = watch([], { ...common, ignored: isLeftOut });
    for (const watcher of [this.#near, this.#deep]) {
      watcher.on("all", (_, path) => this.#touch(resolve(path)));
      watcher.on("error", () => {});
    }
  }

  get size(): number {
    return this.#files.size;
  }

  /** A file, a folder, or a pattern of files. */
  add(path: string): void {
    const folder = folderOf(path);
    if (folder !== undefined) {
      if (this.#folders.has(folder)) return;
      this.#folders.add(folder);
      this.#deep.add(folder);
      return;
    }
    if (this.#files.has(path)) return;
    this.#files.set(path, digestOf(path));
    this.#near.add(nearest(dirname(path)));
  }

  close(): void {
    clearTimeout(this.#timer);
    void this.#near.close();
    void this.#deep.close();
  }

  #touch(path: string): void {
    const inside = [...this.#folders].some((folder) => path.startsWith(folder + sep));
    if (!this.#files.has(path) && !inside) return;
    if (this.#touched.size === 0) this.#since = Date.now();
    this.#touched.add(path);
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), quietMs);
  }

  #settle(): void {
    const touched = [...this.#touched];
    const isAway = (path: string) =>
      this.#files.get(path) !== undefined && !statSync(path, { throwIfNoEntry: false })?.size;
    if (touched.some(isAway) && Date.now() - this.#since < awayMs) {
      this.#wait();
      return;
    }
    this.#touched.clear();
    const changed = touched.filter((path) => {
      if (!this.#files.has(path)) return true; // Something in a folder.
      const digest = digestOf(path);
      if (digest === this.#files.get(path)) return false;
      this.#files.set(path, digest);
      return true;
    });
    if (changed.length > 0) this.#onChange(changed);
  }
}

/** The folder that a path stands for, or in which a pattern matches; undefined for a file. */
function folderOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat) return stat.isDirectory() ? path : undefined;
  const parts = path.split(sep);
  const glob = parts.findIndex((part) => /[*?[\]{}()!]/.test(part));
  return glob < 0 ? undefined : nearest(parts.slice(0, glob).join(sep));
}

/** The folder itself, or the nearest one above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearest(dirname(folder));
}

function isLeftOut(path: string): boolean {
  const name = basename(path);
  return name.startsWith(".") || leftOut.has(name) || existsSync(`${path}/CACHEDIR.TAG`);
}

function digestOf(path: string): string | undefined {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return undefined;
  }
}
