/** Gives data its name in a store, unless it is taken by something good. Knows nothing of what it holds. */
import { StoreError } from "./errors.ts";
import { type Content, publish, type Stamp, stampOf, writeTemporary } from "./files.ts";
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
      const temporary = writeTemporary(folders.shelf("tmp"), data);
      // While nobody else knows the file.
      const file = published && stampOf(temporary);
      if (publish(temporary, path)) {
        if (file) published(file);
        return undefined;
      }
      const found = winner();
      if (found !== undefined) return found;
    }
    const problem = `cannot write ${JSON.stringify(path)}: what is there is damaged and stays`;
    throw new StoreError("store-io", path, problem);
  });
}
