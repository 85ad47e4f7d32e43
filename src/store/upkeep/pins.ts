/** Pins: records that `cache gc` keeps whatever else happens; a file per key. Knows no gc. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { hexOf } from "../digest.ts";
import { makeFolder, namesIn, remove } from "../files.ts";
import type { LocalStore } from "../local-store.ts";

/** @param note - who it is, for a person who looks into the file. Throws `StoreError`. */
export function pin(store: LocalStore, key: string, note: string): void {
  const folder = store.shelf("pins");
  store.writing(folder, () => {
    makeFolder(folder);
    writeFileSync(join(folder, hexOf(key)), `${note}\n`);
  });
}

/** Tells whether it was pinned. */
export function unpin(store: LocalStore, key: string): boolean {
  const pinned = pinnedKeys(store).has(key);
  remove(join(store.shelf("pins"), hexOf(key)));
  return pinned;
}

export function pinnedKeys(store: LocalStore): Set<string> {
  const names = namesIn(store.shelf("pins")).filter((name) => /^[0-9a-f]{64}$/.test(name));
  return new Set(names.map((name) => `sha256:${name}`));
}
