/** `cache verify`: reads everything in a store and sets aside what is damaged. */

import { setImmediate as pause } from "node:timers/promises";
import type { ActionKey, Digest } from "../../table/digest.ts";
import { MissingObject } from "../errors.ts";
import type { Damage, Store } from "../store.ts";

export interface Verification {
  /** How many are whole. */
  readonly objects: number;
  readonly records: number;
  /** Bytes of the whole objects. */
  readonly bytes: number;
  /** Now in quarantine. */
  readonly damaged: readonly Damage[];
  /** Objects that records name and that are not here; they are computed again where needed. */
  readonly missing: readonly { readonly key: ActionKey; readonly digest: Digest }[];
}

export interface VerifyOptions {
  onProgress?(done: number, total: number): void;
  readonly signal?: AbortSignal;
}

/** Yields to the event loop between files. Rejects when the signal aborts. */
export async function verifyStore(
  { local: store }: Store,
  { onProgress, signal }: VerifyOptions = {},
): Promise<Verification> {
  const [digests, keys] = [[...store.listObjects()], [...store.listRecords()]];
  const before = store.damages.length;
  const missing: { key: ActionKey; digest: Digest }[] = [];
  let [objects, records, bytes, done] = [0, 0, 0, 0];
  const next = async () => {
    onProgress?.(++done, digests.length + keys.length);
    await pause();
    signal?.throwIfAborted();
  };
  for (const digest of digests) {
    try {
      bytes += store.readObject(digest).length;
      objects++;
    } catch (error) {
      if (!(error instanceof MissingObject)) throw error;
    }
    await next();
  }
  for (const key of keys) {
    const record = store.getRecord(key);
    if (record) {
      records++;
      const artifacts = [...Object.values(record.outputs), record.checkpoint];
      for (const { digest } of artifacts.flatMap((artifact) => artifact?.chunks ?? [])) {
        if (!store.hasObject(digest)) missing.push({ key, digest });
      }
    }
    await next();
  }
  return { objects, records, bytes, damaged: store.damages.slice(before), missing };
}
