/**
 * A record: the outputs of an action, under its key, with what determined them and how it went.
 * This file knows its shape, its text and its checks; not where it lies.
 *
 * The text is one JSON object whose first field, `check`, is the SHA-256 of the text without that
 * field and without `signature`, which may follow it and signs `check`. A reader accepts only the
 * very text that it would write itself, so that any changed or missing byte shows.
 */
import { hostname, userInfo } from "node:os";
import { checkColumns } from "../table/columns.ts";
import type { Artifact, Columns } from "../table/schema.ts";
import { actionKey, artifactDigest, isDigest, sha256 } from "./digest.ts";
import { isSignature, type Signature, type Signer } from "./sign.ts";

/** Everything that determines an action's outputs, as JSON. */
export type Preimage = Readonly<Record<string, unknown>>;

export interface StoreRecord {
  readonly check: string;
  /** Of who computed it, or who vouches for it; only remotes ask for one. */
  readonly signature?: Signature;
  readonly v: 1;
  /** SHA-256 of the preimage in canonical JSON. */
  readonly key: string;
  readonly preimage: Preimage;
  /** By port. */
  readonly outputs: Readonly<Record<string, Artifact>>;
  /** What a longer run of the same action continues from; enters no digest. */
  readonly checkpoint?: Artifact | undefined;
  /** Keys of the records whose outputs were put together, where the action was divided. */
  readonly parts?: readonly string[] | undefined;
  /** Key of the record that was continued, so that only the difference had to be computed. */
  readonly continues?: string | undefined;
  /** What a collected input was made of, for `why`: its digest alone does not tell. */
  readonly collected?: Readonly<Record<string, readonly CollectedMember[]>> | undefined;
  /** Where the outputs were not computed but taken over: a person said that they are the same. */
  readonly accepted?: Acceptance | undefined;
  readonly seconds: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly computedBy: { readonly host: string; readonly user: string };
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** The last lines that the action printed. */
  readonly log: readonly string[];
}

export interface Acceptance {
  /** Key of the record whose outputs these are. */
  readonly from: string;
  readonly reason: string;
  /** `user@host` */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface CollectedMember {
  readonly coordinate: Readonly<Record<string, string | number | boolean>>;
  readonly digest: string;
}

/** A record as the engine knows it. */
export type RecordDraft = Omit<StoreRecord, "check" | "signature" | "v" | "computedBy">;

/** Throws if the key is not that of the preimage: a bug of the caller. */
export function completeRecord(draft: RecordDraft, signer?: Signer): StoreRecord {
  if (draft.key !== actionKey(draft.preimage)) {
    throw new Error(`internal error: ${draft.key} is not the key of its preimage`);
  }
  const rest = { v: 1 as const, ...draft, computedBy: { host: hostname(), user: userName() } };
  const check = sha256(JSON.stringify(rest));
  return { check, ...(signer ? { signature: signer.sign(check) } : {}), ...rest };
}

/** The same record, signed by somebody else or for the first time. */
export function signRecord(record: StoreRecord, signer: Signer): StoreRecord {
  const { check, signature: _, ...rest } = record;
  return { check, signature: signer.sign(check), ...rest };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return ""; // A user id without an entry, as containers have.
  }
}

export function recordText(record: StoreRecord): string {
  return JSON.stringify(record);
}

/** The record in the bytes of a file, or why they are none. */
export function parseRecord(bytes: Uint8Array, key: string): StoreRecord | { damage: string } {
  let record: StoreRecord;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    record = JSON.parse(text);
    if (typeof record !== "object" || record === null) return { damage: "it is no JSON object" };
    const { check, signature: _, ...rest } = record;
    if (JSON.stringify(record) !== text || sha256(JSON.stringify(rest)) !== check) {
      return { damage: "its content does not match its check" };
    }
  } catch {
    return { damage: "it is truncated or not JSON" };
  }
  const damage = objection(record, key);
  return damage === undefined ? record : { damage };
}

/** What is wrong with a record whose text is whole. */
function objection(record: StoreRecord, key: string): string | undefined {
  if (record.signature !== undefined && !isSignature(record.signature)) {
    return "its signature is malformed";
  }
  if (record.v !== 1) return `unknown record version ${JSON.stringify(record.v)}`;
  if (!isObject(record.preimage) || actionKey(record.preimage) !== record.key) {
    return "its key is not that of its preimage";
  }
  if (record.key !== key) return "it lies under another key";
  if (!isObject(record.outputs)) return "it has no outputs";
  for (const [port, artifact] of Object.entries(record.outputs)) {
    if (!isArtifact(artifact)) return `output ${JSON.stringify(port)} is malformed`;
  }
  if (record.checkpoint !== undefined && !isArtifact(record.checkpoint)) {
    return "its checkpoint is malformed";
  }
  if (![record.parts ?? [], record.continues ?? []].flat().every(isDigest)) {
    return "what it was made from is malformed";
  }
  if (record.accepted !== undefined && !isAcceptance(record.accepted)) {
    return "its acceptance is malformed";
  }
  const { seconds, startedAt, finishedAt, computedBy, warnings, log } = record;
  const times = [startedAt, finishedAt].every((time) => !Number.isNaN(Date.parse(time)));
  const fits = typeof seconds === "number" && times && isObject(computedBy);
  return fits && Array.isArray(warnings) && Array.isArray(log) ? undefined : "it is malformed";
}

/** Whether a value is an artifact whose digest is that of its schema and chunks. */
function isArtifact(value: unknown): value is Artifact {
  const { digest, schema, chunks, rows } = (isObject(value) ? value : {}) as Partial<Artifact>;
  if (!isObject(schema) || !Array.isArray(chunks) || chunks.length === 0) return false;
  const whole = chunks.every(
    (chunk) => isDigest(chunk?.digest) && isCount(chunk.rows) && isCount(chunk.bytes),
  );
  if (!whole || chunks.reduce((total, chunk) => total + chunk.rows, 0) !== rows) return false;
  try {
    checkColumns(schema as Columns);
  } catch {
    return false;
  }
  return artifactDigest(schema as Columns, chunks) === digest;
}

function isAcceptance(value: unknown): boolean {
  const { from, reason, by, at } = (isObject(value) ? value : {}) as Partial<Acceptance>;
  const texts = [reason, by, at].every((text) => typeof text === "string");
  return isDigest(from) && texts && !Number.isNaN(Date.parse(at!));
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
