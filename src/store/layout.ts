/**
 * Where things lie in a store. The version of the format is a folder, so that a newer program can
 * start afresh beside it.
 *
 *   cache/
 *     .gitignore  CACHEDIR.TAG      keep the store out of version control and of backups
 *     v1/
 *       objects/ab/cdef…            an Arrow IPC file, named by the SHA-256 of its bytes
 *       records/ab/cdef….json       a record, named by its action key
 *       lineages/ab/cdef…/400       a hint: what is shorter, and where (lineages.ts)
 *       claims/abcdef…              who computes this key now (claims.ts)
 *       runs/<pipeline>/….jsonl     journals of runs (journal.ts)
 *       runs/<pipeline>/….logs/     what instances printed in that run (run-logs.ts)
 *       index/<pipeline>            what its plan read in records, in one file (record-index.ts)
 *       trees/abcdef…               what a pipeline file was read as (engine/open/kept-trees.ts)
 *       batches/<run>/              what jobs of a cluster have to do, and what came of it
 *       outbox/<remote>/abcdef…     records that wait to be uploaded (outbox.ts)
 *       pins/abcdef…                records that `cache gc` keeps (pins.ts)
 *       joined/abcdef….arrow        artifacts of several objects in one file, for others (joined.ts)
 *       quarantine/                 damaged objects and records, kept for a look
 *       tmp/                        files being written; `link(2)` publishes them
 */

import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import type { ActionKey, Digest } from "../table/digest.ts";
import { hexOf, named, sha256 } from "./digest.ts";
import { errno, readFailure, StoreError, writeFailure } from "./errors.ts";
import { namesIn } from "./files.ts";

/** The format that this program reads and writes. */
const FORMAT = 1;

export type Shelf =
  | "objects"
  | "records"
  | "lineages"
  | "claims"
  | "runs"
  | "index"
  | "trees"
  | "batches"
  | "outbox"
  | "pins"
  | "quarantine"
  | "tmp"
  | "joined";

/** What gives files their places in a store, and failed writes their errors. */
export interface Folders {
  shelf(shelf: Shelf): string;
  /** Does something that writes `path`; its system errors become `StoreError`. */
  writing<T>(path: string, action: () => T): T;
}

/** `<folder>/v1` by the store's folder. To join paths takes as long as to look for a file. */
const bases = new Map<string, string>();

/** `<folder>/v1/<shelf>` */
export function shelfPath(folder: string, shelf: Shelf): string {
  const base = bases.get(folder) ?? join(folder, `v${FORMAT}`);
  if (!bases.has(folder)) bases.set(folder, base);
  return `${base}${sep}${shelf}`;
}

/** sha256:abcdef… → `<folder>/v1/objects/ab/cdef…` */
export function objectPath(folder: string, digest: Digest): string {
  return placeOn(shelfPath(folder, "objects"), hexOf(digest));
}

/** sha256:abcdef… → `<folder>/v1/records/ab/cdef….json` */
export function recordPath(folder: string, key: ActionKey): string {
  return `${placeOn(shelfPath(folder, "records"), hexOf(key))}.json`;
}

function placeOn(shelf: string, hex: string): string {
  return `${shelf}${sep}${hex.slice(0, 2)}${sep}${hex.slice(2)}`;
}

/** `<time>-<id>.jsonl` → `<time>-<id>.logs` */
export function logsFolder(journal: string): string {
  return journal.replace(/\.jsonl$/, ".logs");
}

/** More bytes than this and an ending are too many for some file systems. */
const maxName = 200;

/** A pipeline may have any name; a folder or a file may not. A long one is cut, and its digest follows. */
export function folderName(pipeline: string): string {
  const name = encodeURIComponent(pipeline).replace(/^\.+/, (dots) => "%2E".repeat(dots.length));
  if (name.length <= maxName) return name;
  let beginning = "";
  for (const character of pipeline) {
    const more = beginning + encodeURIComponent(character);
    if (more.length > maxName / 2) break;
    beginning = more;
  }
  return `${beginning.replace(/^\.+/, "")}-${hexOf(sha256(pipeline)).slice(0, 16)}`;
}

/** Throws `StoreError` for a store of a newer format and for something that is not a folder. */
export function checkFormat(folder: string): void {
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (errno(error) === "EACCES") throw readFailure(folder, error);
    if (errno(error) !== "ENOENT") throw writeFailure(folder, folder, error);
  }
  for (const name of names) {
    const format = Number(/^v(\d+)$/.exec(name)?.[1] ?? 0);
    if (format <= FORMAT) continue;
    const problem = `store ${JSON.stringify(folder)} has format ${format}; this version reads format ${FORMAT}`;
    throw new StoreError("store-version", join(folder, name), problem);
  }
}

/** What lies on a shelf under names of two letters, a slash, 62 letters and an ending; unordered. */
export function* digestsIn<T extends Digest | ActionKey>(
  shelf: string,
  ending: string,
): Generator<T, void, undefined> {
  for (const prefix of namesIn(shelf)) {
    for (const name of namesIn(join(shelf, prefix))) {
      const hex = prefix + name.slice(0, 62);
      if (/^[0-9a-f]{64}$/.test(hex) && name.slice(62) === ending) yield named<T>(hex);
    }
  }
}
