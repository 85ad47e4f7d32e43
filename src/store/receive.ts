/** Writes bytes that arrive piece by piece to a temporary file. Knows no remote. */

import { createHash } from "node:crypto";
import { closeSync } from "node:fs";
import type { Digest } from "../table/digest.ts";
import { named } from "./digest.ts";
import { openTemporary, remove, writeAll } from "./files.ts";

/** An object, by its digest and its size. */
export interface Wanted {
  readonly digest: Digest;
  readonly bytes: number;
}

/**
 * The path of a file with exactly these bytes; undefined if other bytes came. Stops reading as soon
 * as there are too many. Throws what `writing` makes of a failed write, and what `pieces` throws.
 */
export async function receive(
  tmp: string,
  { digest, bytes }: Wanted,
  pieces: AsyncIterable<Uint8Array>,
  writing: <T>(action: () => T) => T,
): Promise<string | undefined> {
  const begin = () => writing(() => openTemporary(tmp, 0o444));
  // Not before the first piece: what no one reads from is never closed.
  let temporary: ReturnType<typeof begin> | undefined;
  const hash = createHash("sha256");
  let size = 0;
  let whole = false;
  try {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > bytes) return undefined;
      hash.update(piece);
      temporary ??= begin();
      const { file } = temporary;
      writing(() => writeAll(file, piece));
    }
    temporary ??= begin();
    whole = size === bytes && named(hash.digest("hex")) === digest;
    return whole ? temporary.path : undefined;
  } finally {
    if (temporary) closeSync(temporary.file);
    if (temporary && !whole) remove(temporary.path);
  }
}
