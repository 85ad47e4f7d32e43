/**
 * Files that appear whole or not at all, and reading them. Knows nothing of what they hold.
 *
 * A file is written under `tmp/` and then linked to its name. `link(2)` fails if the name exists,
 * so of two writers one wins; `rename(2)` would let the later replace the earlier. Nothing is
 * synced to the disk: after a power cut a file may be torn, which its digest shows.
 */
import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  type Stats,
  statSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { errno, readFailure } from "./errors.ts";
import { isRunning } from "./process-identity.ts";
import { isShared, modeIn } from "./rights.ts";

const DAY_MS = 24 * 3600 * 1000;

/** File systems without hard links (exFAT, some network shares) answer one of these. */
const noLinks = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "EXDEV"]);

/** What tells a file from others that had its name before, or will have. */
export interface Stamp {
  readonly ino: number;
  readonly size: number;
  /** In ms. */
  readonly mtime: number;
}

/** The stamp of the file that has a name now, if any. Throws what the system says. */
export function stampOf(path: string): Stamp | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && stamp(stats);
}

/** Whether there are both, and they are equal. */
export function sameStamp(a: Stamp | undefined, b: Stamp | undefined): boolean {
  return a?.ino !== undefined && a.ino === b?.ino && a.size === b.size && a.mtime === b.mtime;
}

const stamp = ({ ino, size, mtimeMs }: Stats): Stamp => ({ ino, size, mtime: mtimeMs });

/**
 * The bytes of a file, or those behind the first ones, in an `ArrayBuffer` of their own; `undefined` if
 * there is no such file. Throws `StoreError`.
 */
export function readBytes(path: string, from = 0): Uint8Array<ArrayBuffer> | undefined {
  return readStamped(path, from)?.bytes;
}

type Stamped = ReturnType<typeof readFrom>;

/** The same, with the stamp that the file had before. @param likely - whether it is most likely there */
export function readStamped(path: string, from = 0, likely = false): Stamped | undefined {
  try {
    // To ask first costs a sixth of an error that says that there is none.
    if (!likely && !statSync(path, { throwIfNoEntry: false })) return undefined;
    return readFrom(path, from);
  } catch (error) {
    if (errno(error) === "ENOENT") return undefined;
    throw readFailure(path, error);
  }
}

function readFrom(path: string, from: number) {
  const file = openSync(path, "r");
  try {
    const stats = fstatSync(file);
    const bytes = new Uint8Array(Math.max(0, stats.size - from));
    let end = 0;
    while (end < bytes.length) {
      const count = readSync(file, bytes, end, bytes.length - end, from + end);
      if (count === 0) break;
      end += count;
    }
    return { bytes: end === bytes.length ? bytes : bytes.slice(0, end), stamp: stamp(stats) };
  } finally {
    closeSync(file);
  }
}

/** A new file in `tmp`, open for writing, with the rights of that folder. */
export function openTemporary(tmp: string, mode: number): { path: string; file: number } {
  return open(tmp, `${process.pid}-${randomUUID()}`, mode);
}

function open(tmp: string, name: string, mode: number): { path: string; file: number } {
  const path = join(tmp, name);
  const file = withFolder(tmp, () => openSync(path, "wx", mode));
  share(statSync(tmp), file);
  return { path, file };
}

/** What a file holds: a text, bytes, or several pieces of them. */
export type Content = string | Uint8Array | readonly Uint8Array[];

/** Of a thread, which writes one such file after the other: to use a name again takes less than a fresh one. */
const usual = `${process.pid}-${randomUUID()}`;

/** Writes a file in `tmp` that soon has another name, and returns its path and what it is known by. */
export function writeTemporary(
  tmp: string,
  data: Content,
  mode = 0o444,
): { path: string; stamp: Stamp } {
  const { path, file } = openUsual(tmp, mode);
  const pieces = typeof data === "string" ? [Buffer.from(data)] : [data].flat();
  try {
    for (const piece of pieces) writeAll(file, piece);
    return { path, stamp: stamp(fstatSync(file)) };
  } catch (error) {
    remove(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

function openUsual(tmp: string, mode: number): { path: string; file: number } {
  try {
    return open(tmp, usual, mode);
  } catch (error) {
    // What has it could not be removed.
    if (errno(error) !== "EEXIST") throw error;
    return openTemporary(tmp, mode);
  }
}

/** Writes all bytes at the end of what was written so far. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** Folders that were there when this thread last wrote into them. */
const found = new Set<string>();

/** Makes the folder if it is missing: looks once, and again if the action misses it. */
function withFolder<T>(folder: string, action: () => T): T {
  // What is there and no folder is the action's to report.
  if (!found.has(folder) && !existsSync(folder)) makeFolder(folder);
  found.add(folder);
  try {
    return action();
  } catch (error) {
    if (errno(error) !== "ENOENT") throw error;
    makeFolder(folder);
    return action();
  }
}

/**
 * Makes a folder and those above it, each with the rights of the one around it. (Node's own `recursive`
 * never returns where the system answers ENOENT for a parent that is there, as /proc does.)
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  const there = parent === path ? undefined : statSync(parent, { throwIfNoEntry: false });
  if (!there && parent !== path) makeFolder(parent);
  try {
    makeOne(path, there ?? statSync(parent));
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(path)) throw error;
  }
}

/** In a shared folder, makes it under a fresh name first: nobody must find it without its rights. */
function makeOne(path: string, parent: Stats): void {
  if (!isShared(parent)) {
    mkdirSync(path);
    return;
  }
  const temporary = join(dirname(path), `.${randomUUID()}`);
  mkdirSync(temporary);
  try {
    const folder = openSync(temporary, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    share(parent, folder);
    closeSync(folder);
    renameSync(temporary, path);
  } catch (error) {
    rmdirSync(temporary);
    throw error;
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Gives a new file the rights of its folder, as far as this user and the file system can. */
function share(folder: Stats, file: number): void {
  if (!isShared(folder)) return;
  const attempt = (action: () => void) => {
    try {
      action();
    } catch {
      // Not in that group, or a file system without rights: what others may do stays as it is.
    }
  };
  if (fstatSync(file).gid !== folder.gid) attempt(() => fchownSync(file, -1, folder.gid));
  const made = fstatSync(file);
  const mode = modeIn(folder, made);
  if (mode !== (made.mode & 0o7777)) attempt(() => fchmodSync(file, mode));
}

/** Replaces a file by one with this content, in one step. */
export function replace(tmp: string, path: string, data: Content, mode?: number): void {
  const { path: temporary } = writeTemporary(tmp, data, mode);
  try {
    withFolder(dirname(path), () => renameSync(temporary, path));
  } catch (error) {
    remove(temporary);
    throw error;
  }
}

/** Gives a finished file its name. Returns false, and drops the file, if the name is taken. */
export function publish(temporary: string, path: string): boolean {
  try {
    return addName(temporary, path) !== "taken";
  } finally {
    remove(temporary);
  }
}

/** Gives a file one more name, or, where there are no links, another one; unless that is taken. */
export function addName(existing: string, path: string): "linked" | "moved" | "taken" {
  return withFolder(dirname(path), () => {
    try {
      linkSync(existing, path);
      return "linked";
    } catch (error) {
      const code = errno(error) ?? "";
      if (code === "EEXIST") return "taken";
      if (!noLinks.has(code)) throw error;
      // The file still appears whole; only a tie goes to the later writer, whose content is the same.
      if (statSync(path, { throwIfNoEntry: false })) return "taken";
      renameSync(existing, path);
      return "moved";
    }
  });
}

/** Deletes a file, if it is there and may be deleted. */
export function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone, or not ours to delete.
  }
}

/** Sets a file's time to now; false if it is another user's, or gone. */
export function touch(path: string): boolean {
  try {
    const now = new Date();
    utimesSync(path, now, now);
    return true;
  } catch {
    return false;
  }
}

/** The names in a folder; none if there is no such folder. Throws `StoreError`. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errno(error) === "ENOENT" || errno(error) === "ENOTDIR") return [];
    throw readFailure(folder, error);
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
