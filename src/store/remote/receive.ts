/** Bytes that arrive piece by piece, as a temporary file. Knows no remote. */
import { createHash, randomUUID } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, remove } from "../files.ts";

/** An object, by its digest and its size. */
export interface Wanted {
  readonly digest: string;
  readonly bytes: number;
}

/**
 * The path of a file with exactly these bytes; undefined if others came. Reads no further than it
 * must to know. Throws what `writing` makes of a failed write, and what `pieces` throws.
 */
export async function receive(
  tmp: string,
  { digest, bytes }: Wanted,
  pieces: AsyncIterable<Uint8Array>,
  writing: <T>(action: () => T) => T,
): Promise<string | undefined> {
  const path = join(tmp, `${process.pid}-${randomUUID()}`);
  const file = writing(() => {
    makeFolder(tmp);
    return openSync(path, "wx", 0o444);
  });
  const hash = createHash("sha256");
  let size = 0;
  let whole = false;
  try {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > bytes) return undefined;
      hash.update(piece);
      writing(() => writeAll(file, piece));
    }
    whole = size === bytes && `sha256:${hash.digest("hex")}` === digest;
    return whole ? path : undefined;
  } finally {
    closeSync(file);
    if (!whole) remove(path);
  }
}

function writeAll(file: number, piece: Uint8Array): void {
  for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
}
