/** Gives data its name in a store, unless it is taken by something good. Knows nothing of what it holds. */
import { existsSync } from "node:fs";
import { StoreError } from "./errors.ts";
import { type Content, publish, type Stamp, writeTemporary } from "./files.ts";
import type { Folders } from "./layout.ts";

/** More than one try: what is there may be damaged, and goes to quarantine first. */
const triesMax = 10;

/**
 * Returns what `winner` finds under the name, or undefined if the data got it. Throws `StoreError`.
 *
 * @param published - called with what the file is known by
 */
export function put<T>(
  folders: Folders,
  path: string,
  data: Content,
  winner: () => T | undefined,
  published?: (file: Stamp) => void,
): T | undefined {
  return folders.writing(path, () => {
    for (let tries = 0; tries < triesMax; tries++) {
      const { path: temporary, stamp } = writeTemporary(folders.shelf("tmp"), data);
      if (publish(temporary, path)) {
        published?.(stamp);
        return undefined;
      }
      const found = winner();
      if (found !== undefined) return found;
    }
    const problem = `cannot write ${JSON.stringify(path)}: what is there is damaged and stays`;
    throw new StoreError("store-io", path, problem);
  });
}

/** Writes a file that says something to other programs, unless there is one. Throws what the system says. */
export function writeOnce(folders: Folders, path: string, text: string): void {
  if (!existsSync(path)) publish(writeTemporary(folders.shelf("tmp"), text, 0o644).path, path);
}
