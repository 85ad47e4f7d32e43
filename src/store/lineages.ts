/**
 * Hints of what extends what: under a name, for each value, the digest of something shorter that the
 * named thing begins with. The name is the digest of an action without the parameter that grows (the
 * values are that parameter's, the digests are action keys), or the digest of a chunk (the values are
 * numbers of rows, the digests are chunks).
 *
 * Hints save work; correctness does not depend on them, since every user checks the bytes. A hint may
 * be missing, torn or wrong, and one that cannot be written is left out.
 */

import { join } from "node:path";
import type { ActionKey, Digest } from "../table/digest.ts";
import { hexOf, isDigest } from "./digest.ts";
import { namesIn, readBytes, replace } from "./files.ts";
import type { Folders } from "./layout.ts";

/** How many hints of one name are read here, and exchanged with a remote. */
export const HINTS_MAX = 1024;

export interface Hint {
  readonly value: number;
  /** A chunk's digest; in an action's lineage it is the key, which nobody reads from here. */
  readonly digest: Digest;
}

export class Lineages {
  readonly #folders: Pick<Folders, "shelf">;

  constructor(folders: Pick<Folders, "shelf">) {
    this.#folders = folders;
  }

  /** Notes one hint; a later one for the same name and value replaces it. */
  note(name: Digest, value: number, digest: Digest | ActionKey): void {
    const path = join(this.#folder(name), String(value));
    try {
      if (readHint(path) !== digest) replace(this.#folders.shelf("tmp"), path, digest);
    } catch {
      // Work without the hint.
    }
  }

  /** The hints under a name whose value is less than `limit`: the largest first, and no others. */
  below(name: Digest, limit: number): Hint[] {
    const folder = this.#folder(name);
    let files: { readonly file: string; readonly value: number }[];
    try {
      files = namesIn(folder).map((file) => ({ file, value: Number(file) }));
    } catch {
      return []; // Perhaps another user's folder.
    }
    const near = longest(
      files.filter(({ value }) => value < limit),
      HINTS_MAX,
    );
    return near.flatMap(({ file, value }) => {
      const digest = readHint(join(folder, file));
      return digest === undefined ? [] : { value, digest };
    });
  }

  /** Paths of the hints that point at nothing. */
  without(exists: (digest: Digest) => boolean): string[] {
    const shelf = this.#folders.shelf("lineages");
    const folders = namesIn(shelf).flatMap((prefix) =>
      namesIn(join(shelf, prefix)).map((rest) => join(shelf, prefix, rest)),
    );
    const paths = folders.flatMap((folder) => namesIn(folder).map((file) => join(folder, file)));
    return paths.filter((path) => {
      const digest = readHint(path);
      return digest === undefined || !exists(digest);
    });
  }

  #folder(name: Digest): string {
    const hex = hexOf(name);
    return join(this.#folders.shelf("lineages"), hex.slice(0, 2), hex.slice(2));
  }
}

/** The `most` hints with the largest values, the largest first. */
export function longest<T extends { readonly value: number }>(
  hints: readonly T[],
  most: number,
): T[] {
  return [...hints].sort((a, b) => b.value - a.value).slice(0, most);
}

function readHint(path: string): Digest | undefined {
  const bytes = readBytes(path);
  const text = bytes && new TextDecoder().decode(bytes);
  return isDigest(text) ? text : undefined;
}
