/**
 * Files that appear whole or not at all, and reading them. Knows nothing of what they hold.
 *
 * A file is written under `tmp/` and then linked to its name. `link(2)` fails if the name exists,
 * so of two writers one wins; `rename(2)` would let the later replace the earlier. Nothing is
 * synced to the disk: after a power cut a file may be torn, and its digest tells.
 */
import { randomUUID } from "node:crypto";
import {
  closeSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { errno } from "./errors.ts";
import { isRunning } from "./process-identity.ts";

const DAY_MS = 24 * 3600 * 1000;

/** File systems without hard links (exFAT, some network shares) answer one of these. */
const noLinks = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "EXDEV"]);

/** The bytes of a file in an `ArrayBuffer` of their own; `undefined` if there is no such file. */
export function readBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (errno(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const bytes = new Uint8Array(fstatSync(file).size);
    let end = 0;
    while (end < bytes.length) {
      const count = readSync(file, bytes, end, bytes.length - end, null);
      if (count === 0) break;
      end += count;
    }
    return end === bytes.length ? bytes : bytes.slice(0, end);
  } finally {
    closeSync(file);
  }
}

/** Writes a file under a fresh name in `tmp` and returns its path. */
export function writeTemporary(tmp: string, data: Uint8Array | string, mode = 0o444): string {
  const path = join(tmp, `${process.pid}-${randomUUID()}`);
  const write = () => writeFileSync(path, data, { flag: "wx", mode });
  try {
    withFolder(tmp, write);
  } catch (error) {
    remove(path);
    throw error;
  }
  return path;
}

/** Makes the folder if the action misses it. */
function withFolder<T>(folder: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (errno(error) !== "ENOENT") throw error;
    makeFolder(folder);
    return action();
  }
}

/**
 * Makes a folder and those above it. (Node's own `recursive` never returns where the system answers
 * ENOENT for a parent that is there, as /proc does.)
 */
export function makeFolder(path: string): void {
  const make = () => {
    try {
      mkdirSync(path);
    } catch (error) {
      if (errno(error) !== "EEXIST" || !statSync(path).isDirectory()) throw error;
    }
  };
  try {
    make();
  } catch (error) {
    if (errno(error) !== "ENOENT" || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    make();
  }
}

/** Gives a finished file its name. Returns false, and drops the file, if the name is taken. */
export function publish(temporary: string, path: string): boolean {
  try {
    return withFolder(dirname(path), () => linkOrRename(temporary, path));
  } finally {
    remove(temporary);
  }
}

function linkOrRename(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    const code = errno(error) ?? "";
    if (code === "EEXIST") return false;
    if (!noLinks.has(code)) throw error;
    // Still whole or not at all; only that a tie goes to the later writer, of the same content.
    if (statSync(path, { throwIfNoEntry: false })) return false;
    renameSync(temporary, path);
    return true;
  }
}

/** Deletes a file, if it is there. */
export function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone, or not ours to delete.
  }
}

/** The names in a folder; none if there is no such folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errno(error) === "ENOENT" || errno(error) === "ENOTDIR") return [];
    throw error;
  }
}

/** Removes what killed writers left in `tmp` more than a day ago. */
export function sweepTemporary(tmp: string, now: number): void {
  for (const name of namesIn(tmp)) {
    const path = join(tmp, name);
    const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > DAY_MS && !isRunning(Number.parseInt(name, 10))) remove(path);
  }
}
