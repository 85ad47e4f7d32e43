/** Pins: records that `cache gc` keeps whatever else happens; a file per key. Knows no gc. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { hexOf } from "../digest.ts";
import { namesIn, replace } from "../files.ts";
import type { LocalStore } from "../local-store.ts";

/** @param note - who it is, for a person who looks into the file. Throws `StoreError`. */
export function pin(store: LocalStore, key: string, note: string): void {
  const path = pinPath(store, key);
  store.writing(path, () => replace(store.shelf("tmp"), path, `${note}\n`, 0o644));
}

/** Tells whether it was pinned. Throws `StoreError`. */
export function unpin(store: LocalStore, key: string): boolean {
  const pinned = pinnedKeys(store).has(key);
  const path = pinPath(store, key);
  store.writing(path, () => rmSync(path, { force: true }));
  return pinned;
}

function pinPath(store: LocalStore, key: string): string {
  return join(store.shelf("pins"), hexOf(key));
}

export function pinnedKeys(store: LocalStore): Set<string> {
  const names = namesIn(store.shelf("pins")).filter((name) => /^[0-9a-f]{64}$/.test(name));
  return new Set(names.map((name) => `sha256:${name}`));
}
