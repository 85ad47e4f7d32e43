/** Reads records and hints from a remote. Checks their form, not whom to trust. */
import type { ActionKey, Digest } from "../../table/digest.ts";
import { hexOf, isDigest } from "../digest.ts";
import { type JsonLimits, parseJson } from "../json.ts";
import { HINTS_MAX, type Hint, longest } from "../lineages.ts";
import { parseRecord, type StoreRecord } from "../record.ts";
import { isObject, textLimits } from "../record-shape.ts";
import type { Remote } from "./remote.ts";

/** About a hundred bytes a hint. */
const hintLimits: JsonLimits = { bytes: 256 * HINTS_MAX, depth: 4, values: 2 * HINTS_MAX };

/** What a remote has under a key: a record, or something damaged. */
export type Found = { readonly bytes: number } & (
  | { readonly record: StoreRecord; readonly damage?: undefined }
  | { readonly record?: undefined; readonly damage: string }
);

/** Undefined if there is nothing. Throws `RemoteFailure`. */
export async function readRecord(remote: Remote, key: ActionKey): Promise<Found | undefined> {
  const bytes = await remote.get("ac", hexOf(key), 0, gather(textLimits.bytes));
  if (!bytes) return undefined;
  const record = parseRecord(bytes, key);
  const found = "damage" in record ? { damage: record.damage } : { record };
  return { bytes: bytes.length, ...found };
}

/** The hints under a name; none if they are damaged. Throws `RemoteFailure`. */
export async function readHints(remote: Remote, name: Digest): Promise<Hint[]> {
  const bytes = await remote.get("ac", hexOf(name), 0, gather(hintLimits.bytes));
  if (!bytes) return [];
  const parsed = parseJson(bytes, hintLimits);
  const hints = "damage" in parsed || !isObject(parsed.value) ? {} : (parsed.value["hints"] ?? {});
  const all = isObject(hints) ? Object.entries(hints) : [];
  if ("damage" in parsed || all.length > HINTS_MAX) {
    const what = "damage" in parsed ? parsed.damage : `there are more than ${HINTS_MAX}`;
    remote.report(`holds useless hints: ${what}; they are ignored`);
    return [];
  }
  return all.flatMap(([value, digest]): Hint[] =>
    Number.isFinite(Number(value)) && isDigest(digest) ? [{ value: Number(value), digest }] : [],
  );
}

export function hintsText(hints: readonly Hint[]): string {
  const named = longest(hints, HINTS_MAX).map((hint) => [hint.value, hint.digest]);
  return JSON.stringify({ hints: Object.fromEntries(named) });
}

/** All bytes that come, but at most one more than there may be. */
function gather(most: number) {
  return async (pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
    const all: Uint8Array[] = [];
    let size = 0;
    for await (const piece of pieces) {
      all.push(piece);
      size += piece.length;
      if (size > most) break;
    }
    return Buffer.concat(all, Math.min(size, most + 1));
  };
}
