/**
 * Rebuilds a run's folder as it was after each of its file operations, which is what a SIGKILL at that
 * moment would have left. Knows no store.
 */
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";

/** A line of what `kill-after.mjs` records. */
interface Operation {
  readonly what: "content" | "link" | "mkdir" | "remove" | "rename" | "touch";
  readonly path: string;
  readonly to?: string;
  /** For `content`: the whole file afterwards, in base64. */
  readonly bytes?: string;
  readonly mode?: number;
}

export class Replay {
  readonly #operations: readonly Operation[];
  /** The folder that was recorded, and the folder in which it is rebuilt. */
  readonly #recorded: string;
  readonly #folder: string;
  #done = 0;

  constructor(log: string, recorded: string, folder: string) {
    this.#operations = readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Operation);
    this.#recorded = recorded;
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  get operations(): number {
    return this.#operations.length;
  }

  /** Does the next operation, then copies the folder to `target`. */
  next(target: string): void {
    this.#apply(this.#operations[this.#done++]!);
    copyFolder(this.#folder, target);
  }

  #apply({ what, path, to, bytes, mode }: Operation): void {
    const at = this.#place(path);
    if (what === "content") {
      // Earlier copies may be links to the old file.
      rmSync(at, { force: true });
      writeFileSync(at, Buffer.from(bytes!, "base64"), { mode: mode! & 0o777 });
    } else if (what === "link") linkSync(at, this.#place(to!));
    else if (what === "rename") renameSync(at, this.#place(to!));
    else if (what === "remove") rmSync(at, { recursive: true });
    else if (what === "mkdir") mkdirSync(at, { recursive: true });
  }

  #place(path: string): string {
    const place = relative(this.#recorded, path);
    if (place.startsWith("..")) throw new Error(`${path} is outside ${this.#recorded}`);
    return join(this.#folder, place);
  }
}

/** Links files that nobody writes any more, which is quick; copies the others. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyFolder(source, target);
    else if (/[\\/](objects|records)[\\/]/.test(source)) linkSync(source, target);
    else copyFileSync(source, target);
  }
}
