/**
 * An artifact of several objects as one file, for programs that open one. What it holds is in the
 * objects already, so `cache gc` removes it. Knows no columns.
 */
import { closeSync, renameSync } from "node:fs";
import { join } from "node:path";
import { hexOf } from "./digest.ts";
import { makeFolder, openTemporary, remove, writeAll } from "./files.ts";
import type { LocalStore } from "./local-store.ts";

/**
 * Writes the file of this name and returns its path. It is written whenever it is asked for: nothing
 * would tell that one which is there is whole. Throws `StoreError`, and what `pieces` throws.
 */
export async function writeJoined(
  store: LocalStore,
  digest: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<string> {
  const folder = store.shelf("joined");
  const path = join(folder, `${hexOf(digest)}.arrow`);
  const { path: temporary, file } = store.writing(path, () => {
    makeFolder(folder);
    return openTemporary(store.shelf("tmp"), 0o444);
  });
  try {
    try {
      for await (const piece of pieces) store.writing(path, () => writeAll(file, piece));
    } finally {
      closeSync(file);
    }
    store.writing(path, () => renameSync(temporary, path));
    return path;
  } catch (error) {
    remove(temporary);
    throw error;
  }
}
