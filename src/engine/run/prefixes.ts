/**
 * Finds earlier results that an action may continue: of the same action with a smaller value of what
 * grows, or of the same mapping on a chunk that this one begins with. Hints say where to look;
 * whether a prefix really is one, the worker finds out from the bytes.
 */
import { artifactOf } from "../../store/artifacts.ts";
import { actionKey } from "../../store/digest.ts";
import type { StoreRecord } from "../../store/record.ts";
import type { Artifact } from "../../store/schema.ts";
import type { Store } from "../../store/store.ts";
import { lineageOf } from "../plan/preimage.ts";
import type { Prefix } from "./action.ts";
import { mappedInput, withInput } from "./divide.ts";
import type { Job } from "./job.ts";

/** As many are tried in turn before an action begins from nothing. */
const prefixesMax = 4;

/** The longest first. Only such whose bytes are all there. */
export function findPrefixes(job: Job, store: Store): Prefix[] {
  const prefixes: Prefix[] = [];
  for (const prefix of job.type.grows ? shorterRuns(job, store) : shorterChunks(job, store)) {
    if (prefixes.push(prefix) === prefixesMax) break;
  }
  return prefixes;
}

function* shorterRuns({ type, preimage }: Job, store: Store): Generator<Prefix, void, undefined> {
  const { by } = type.grows!;
  const wanted = preimage.params[by];
  if (typeof wanted !== "number") return;
  for (const { value } of store.lineages.below(lineageOf(preimage, by), wanted)) {
    const params = { ...preimage.params, [by]: value };
    const record = store.getRecord(actionKey({ ...preimage, params }));
    if (!record || (type.checkpoint && !record.checkpoint)) continue;
    if (isWhole(record, store)) yield prefixOf(record, value);
  }
}

function* shorterChunks(job: Job, store: Store): Generator<Prefix, void, undefined> {
  const { maps } = job.type;
  const input = maps === undefined ? undefined : mappedInput(job, maps);
  const [chunk] = input?.chunks ?? [];
  if (maps === undefined || !input || !chunk || input.chunks.length > 1) return;
  // What a chunk extends may itself extend another.
  const pending = store.lineages.below(chunk.digest, chunk.rows);
  const seen = new Set<string>();
  for (let hint = pending.shift(); hint; hint = pending.shift()) {
    const { value: rows, digest } = hint;
    if (seen.has(digest)) continue;
    seen.add(digest);
    // The digest of an artifact depends on its columns and on its chunks' digests alone.
    const shorter = artifactOf(input.schema, [{ digest, rows, bytes: 0 }]);
    const record = store.getRecord(withInput(job, maps, shorter).action.key);
    if (record && isWhole(record, store)) yield { ...prefixOf(record, rows), begins: digest };
    pending.push(...store.lineages.below(digest, rows));
    pending.sort((a, b) => b.value - a.value);
  }
}

function prefixOf(record: StoreRecord, value: number): Prefix {
  const { key, outputs, checkpoint, seconds } = record;
  return { key, value, outputs, seconds, ...(checkpoint ? { checkpoint } : {}) };
}

/** Whether all that a longer run reads is there; whether it is undamaged, reading it tells. */
function isWhole({ outputs, checkpoint }: StoreRecord, store: Store): boolean {
  const artifacts = [...Object.values(outputs), ...(checkpoint ? [checkpoint] : [])];
  return artifacts.every((artifact) => isPresent(artifact, store));
}

export function isPresent({ chunks }: Artifact, store: Store): boolean {
  return chunks.every(({ digest }) => store.hasObject(digest));
}
