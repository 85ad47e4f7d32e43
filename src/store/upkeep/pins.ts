/** Pins: records that `cache gc` always keeps; one file a key. Knows no gc. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import type { ActionKey } from "../../table/digest.ts";
import { hexOf, named } from "../digest.ts";
import { namesIn, replace } from "../files.ts";
import type { Folders } from "../layout.ts";

/** @param note - for a person who reads the file. Throws `StoreError`. */
export function pin(folders: Folders, key: ActionKey, note: string): void {
  const path = pinPath(folders, key);
  folders.writing(path, () => replace(folders.shelf("tmp"), path, `${note}\n`, 0o644));
}

/** Returns whether it was pinned. Throws `StoreError`. */
export function unpin(folders: Folders, key: ActionKey): boolean {
  const pinned = pinnedKeys(folders).has(key);
  const path = pinPath(folders, key);
  folders.writing(path, () => rmSync(path, { force: true }));
  return pinned;
}

function pinPath(folders: Folders, key: ActionKey): string {
  return join(folders.shelf("pins"), hexOf(key));
}

export function pinnedKeys(folders: Folders): Set<ActionKey> {
  const names = namesIn(folders.shelf("pins")).filter((name) => /^[0-9a-f]{64}$/.test(name));
  return new Set(names.map((name) => named<ActionKey>(name)));
}
