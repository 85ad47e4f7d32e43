/** Reads records and hints from a remote. Trusts nothing that it reads; judges nobody. */
import { hexOf, isDigest } from "../digest.ts";
import type { Hint } from "../lineages.ts";
import { parseRecord, type StoreRecord } from "../record.ts";
import type { SharedRemote } from "./shared.ts";

/** No record is larger; a server that sends more is lying. */
const BYTES_MAX = 64 << 20;

/** What a remote has under a key; `record` is undefined if it is none. */
export interface Found {
  readonly record: StoreRecord | undefined;
  readonly bytes: number;
}

/** Undefined if there is nothing. Throws `RemoteFailure`. */
export async function readRecord(remote: SharedRemote, key: string): Promise<Found | undefined> {
  const bytes = await remote.peer.get("ac", hexOf(key), 0, gather);
  if (!bytes) return undefined;
  const record = parseRecord(bytes, key);
  return { bytes: bytes.length, record: "damage" in record ? undefined : record };
}

/** The hints under a name; none if what is there makes no sense. Throws `RemoteFailure`. */
export async function readHints(remote: SharedRemote, name: string): Promise<Hint[]> {
  const bytes = await remote.peer.get("ac", hexOf(name), 0, gather);
  try {
    const text = new TextDecoder().decode(bytes);
    const { hints } = JSON.parse(text || "{}") as { hints?: Record<string, unknown> };
    return Object.entries(hints ?? {}).flatMap(([value, digest]): Hint[] =>
      Number.isFinite(Number(value)) && isDigest(digest) ? [{ value: Number(value), digest }] : [],
    );
  } catch {
    return [];
  }
}

export function hintsText(hints: readonly Hint[]): string {
  return JSON.stringify({ hints: Object.fromEntries(hints.map((h) => [h.value, h.digest])) });
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    all.push(piece);
    size += piece.length;
    if (size > BYTES_MAX) return new Uint8Array(); // Parses as damaged.
  }
  return Buffer.concat(all);
}
