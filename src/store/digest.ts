/** Digests: what names objects, records and artifacts. Knows no store. */
import { createHash, hash as hashOnce } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { onceFor, plainColumns } from "../table/columns.ts";
import type { ActionKey, Digest } from "../table/digest.ts";
import type { Chunk, Columns } from "../table/schema.ts";
import { canonicalJson } from "./canonical-json.ts";

export { canonicalJson };

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The digest of bytes, or of a text's UTF-8. */
export function sha256(data: Uint8Array | string): Digest {
  return named(hashOnce("sha256", data, "hex"));
}

/** The digest of bytes in several pieces. */
export function digestOfPieces(pieces: readonly Uint8Array[]): Digest {
  if (pieces.length === 1) return sha256(pieces[0]!);
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return named(hash.digest("hex"));
}

/** The action key: SHA-256 of the preimage in canonical JSON. */
export function actionKey(preimage: Readonly<Record<string, unknown>>): ActionKey {
  return named(hashOnce("sha256", canonicalJson(preimage), "hex"));
}

/** The digest or key with these 64 hexadecimal digits; the opposite of `hexOf`. */
export function named<T extends Digest | ActionKey>(hex: string): T {
  return `sha256:${hex}` as T;
}

/** The 64 hexadecimal digits of a digest or key. */
export function hexOf(digest: Digest | ActionKey): string {
  if (!isDigest(digest)) throw new TypeError(`internal error: not a digest: ${digest}`);
  return digest.slice("sha256:".length);
}

/** Whether somebody else's value can be a digest, or, by the same form, a key. */
export function isDigest<T extends Digest | ActionKey = Digest>(value: unknown): value is T {
  return typeof value === "string" && DIGEST.test(value);
}

/**
 * The digest of an artifact: its schema and its ordered chunk digests. The columns are a list, since
 * they have an order, unlike the keys of an object in canonical JSON.
 */
export function artifactDigest(schema: Columns, chunks: readonly Pick<Chunk, "digest">[]): Digest {
  const digests = canonicalJson(chunks.map((chunk) => chunk.digest));
  // Keys are in order, as canonical JSON has them.
  return sha256(`{"chunks":${digests},"columns":${canonicalColumns(plainColumns(schema))},"v":1}`);
}

const canonicalColumns = onceFor((plain) => canonicalJson(Object.entries(plain)));

/** The digest of a file's content, read piece by piece. Throws what reading throws. */
export function fileDigest(path: string): Digest {
  const hash = createHash("sha256");
  const piece = new Uint8Array(1 << 20);
  const file = openSync(path, "r");
  try {
    for (;;) {
      const count = readSync(file, piece, 0, piece.length, null);
      if (count === 0) return named(hash.digest("hex"));
      hash.update(piece.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}
