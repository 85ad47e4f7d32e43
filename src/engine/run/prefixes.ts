/**
 * Finds earlier results that an action may continue: those of the same action with a smaller value of
 * what grows, or of the same mapping on a chunk that this one begins with. Hints say where to look; the
 * worker checks the bytes before it continues a prefix.
 */

import { artifactOf } from "../../store/artifacts.ts";
import type { Judge } from "../../store/objections.ts";
import { artifactsOf, type StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { Digest } from "../../table/digest.ts";
import type { Artifact } from "../../table/schema.ts";
import { judgeBy } from "../plan/judge.ts";
import { lineageOf } from "../plan/key.ts";
import type { Prefix } from "./action.ts";
import { mappedInput } from "./divide.ts";
import { type Job, judgeOf, withInput, withParam } from "./job.ts";

/** How many prefixes to try before an action begins from nothing. */
const prefixesMax = 4;

/** How many hints to follow: anybody can make them, and they may lead nowhere. */
const hintsMax = 64;

/** The longest first. Their bytes are all here; those of the first may be fetched from a remote. */
export async function findPrefixes(job: Job, store: Store): Promise<Prefix[]> {
  const prefixes: Prefix[] = [];
  if (!job.type.grows && job.type.maps === undefined) return prefixes;
  for await (const found of job.type.grows ? shorterRuns(job, store) : shorterChunks(job, store)) {
    const { record, ...where } = found;
    const artifacts = artifactsOf(record);
    if (prefixes.length === 0) await store.fetch(artifacts);
    // The fetched bytes may contradict the record.
    if (!artifacts.every((artifact) => isPresent(artifact, store))) continue;
    if (!store.getRecord(record.key)) continue;
    const { key, outputs, checkpoint, seconds } = record;
    prefixes.push({ key, outputs, seconds, ...(checkpoint ? { checkpoint } : {}), ...where });
    if (prefixes.length === prefixesMax) break;
  }
  return prefixes;
}

type Candidates = AsyncGenerator<
  { readonly record: StoreRecord; readonly value: number; readonly begins?: Digest },
  void,
  undefined
>;

async function* shorterRuns(job: Job, store: Store): Candidates {
  const { type, action } = job;
  const { by } = type.grows!;
  const wanted = action.preimage.params[by];
  if (typeof wanted !== "number") return;
  const lineage = lineageOf(action.preimage, by);
  await store.findHints(lineage);
  const judge = judgeOfShorter(job);
  for (const { value } of store.hintsBelow(lineage, wanted).slice(0, hintsMax)) {
    const record = await store.findRecord(withParam(action, by, value).key, judge);
    if (!record || (type.checkpoint && !record.checkpoint)) continue;
    yield { record, value };
  }
}

/** The largest value of what grows for which something is kept here; undefined if nothing is. */
export function longestKept({ type, action }: Job, store: Store): number | undefined {
  const { by } = type.grows ?? {};
  const wanted = by === undefined ? undefined : action.preimage.params[by];
  if (by === undefined || typeof wanted !== "number") return undefined;
  return store.hintsBelow(lineageOf(action.preimage, by), wanted)[0]?.value;
}

/** Ports that extend keep their columns; those of other ports may depend on the value that grows. */
function judgeOfShorter({ type, action }: Job): Judge {
  const ports = Object.entries(action.outputs).map(([port, { columns }]) => {
    return [port, type.grows!.extends.includes(port) ? columns : undefined] as const;
  });
  return judgeBy({ columns: new Map(ports), checkpoint: type.checkpoint });
}

async function* shorterChunks(job: Job, store: Store): Candidates {
  const { maps } = job.type;
  const input = maps === undefined ? undefined : mappedInput(job, maps);
  const [chunk] = input?.chunks ?? [];
  if (maps === undefined || !input || !chunk || input.chunks.length > 1) return;
  await store.findHints(chunk.digest);
  // What a chunk extends may itself extend another.
  const pending = store.hintsBelow(chunk.digest, chunk.rows);
  const seen = new Set<Digest>();
  for (let hint = pending.shift(); hint; hint = pending.shift()) {
    const { value: rows, digest } = hint;
    if (seen.has(digest)) continue;
    if (seen.size === hintsMax) return;
    seen.add(digest);
    // The digest of an artifact depends on its columns and on its chunks' digests alone.
    const shorter = artifactOf(input.schema, [{ digest, rows, bytes: 0 }]);
    const shortened = { ...job, action: withInput(job.action, maps, shorter) };
    const record = await store.findRecord(shortened.action.key, judgeOf(shortened));
    if (record) yield { record, value: rows, begins: digest };
    await store.findHints(digest);
    for (const further of store.hintsBelow(digest, rows)) pending.push(further);
    pending.sort((a, b) => b.value - a.value);
  }
}

export function isPresent({ chunks }: Artifact, store: Store): boolean {
  return chunks.every(({ digest }) => store.hasObject(digest));
}
