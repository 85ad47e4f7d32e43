/**
 * An artifact of several objects as one file, for programs that open one file. Its content is in the
 * objects as well, so `cache gc` removes it. Knows no columns.
 */
import { closeSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Digest } from "../table/digest.ts";
import { hexOf } from "./digest.ts";
import { makeFolder, openTemporary, remove, writeAll } from "./files.ts";
import type { Folders } from "./layout.ts";

/**
 * Writes the file and returns its path. Writes it on every call: nothing would show that an earlier
 * one is whole. Throws `StoreError`, and what `pieces` throws.
 */
export async function writeJoined(
  folders: Folders,
  digest: Digest,
  pieces: AsyncIterable<Uint8Array>,
): Promise<string> {
  const folder = folders.shelf("joined");
  const path = join(folder, `${hexOf(digest)}.arrow`);
  const { path: temporary, file } = folders.writing(path, () => {
    makeFolder(folder);
    return openTemporary(folders.shelf("tmp"), 0o444);
  });
  try {
    try {
      for await (const piece of pieces) folders.writing(path, () => writeAll(file, piece));
    } finally {
      closeSync(file);
    }
    folders.writing(path, () => renameSync(temporary, path));
    return path;
  } catch (error) {
    remove(temporary);
    throw error;
  }
}
