/**
 * A record: the outputs of an action, under its key, with what determined them and how it went.
 * Knows a record's shape, text and checks; not where it is stored.
 *
 * The text is one JSON object whose first field, `check`, is the SHA-256 of the text without that
 * field and without `signature`, which may follow it and signs `check`. A reader accepts only the
 * text that it would write itself, so that any changed or missing byte shows.
 */

import { hostname, userInfo } from "node:os";
import type { ActionKey, Digest } from "../table/digest.ts";
import type { Artifact } from "../table/schema.ts";
import { actionKey, sha256 } from "./digest.ts";
import { RecordLimit } from "./errors.ts";
import { excess, parseJson } from "./json.ts";
import { isObject, shapeProblem, textLimits } from "./record-shape.ts";
import { isSignature, type Signature, type Signer } from "./sign.ts";

/** Everything that determines an action's outputs, as JSON. */
export type Preimage = Readonly<Record<string, unknown>>;

export interface StoreRecord {
  readonly check: Digest;
  /** By the person who computed it or vouches for it; only remotes ask for one. */
  readonly signature?: Signature;
  readonly v: 1;
  /** SHA-256 of the preimage in canonical JSON. */
  readonly key: ActionKey;
  readonly preimage: Preimage;
  /** By port. */
  readonly outputs: Readonly<Record<string, Artifact>>;
  /** What a longer run of the same action continues from; enters no digest. */
  readonly checkpoint?: Artifact | undefined;
  /** Keys of the records whose outputs were put together, where the action was divided. */
  readonly parts?: readonly ActionKey[] | undefined;
  /** Key of the record that was continued, so that only the difference had to be computed. */
  readonly continues?: ActionKey | undefined;
  /** A person said that the outputs are those of another record; they were not computed. */
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

/** What plans and runs need of a record that they found. */
export type KnownRecord = Pick<
  StoreRecord,
  "key" | "outputs" | "checkpoint" | "accepted" | "seconds" | "warnings"
>;

export interface Acceptance {
  /** Key of the record whose outputs these are. */
  readonly from: ActionKey;
  readonly reason: string;
  /** `user@host` */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A record as the engine knows it. */
export type RecordDraft = Omit<StoreRecord, "check" | "signature" | "v" | "computedBy">;

/**
 * Throws if the key is not that of the preimage, a bug of the caller; and `RecordLimit` for what
 * no reader would accept.
 */
export function completeRecord(draft: RecordDraft, signer?: Signer): StoreRecord {
  return writeRecord(draft, signer).record;
}

/** The same, with the bytes of its text. */
export function writeRecord(draft: RecordDraft, signer?: Signer) {
  if (draft.key !== actionKey(draft.preimage)) {
    throw new Error(`internal error: ${draft.key} is not the key of its preimage`);
  }
  me ??= { host: hostname(), user: userName() };
  const rest = { v: 1 as const, ...draft, computedBy: me };
  const text = JSON.stringify(rest);
  const check = sha256(text);
  const seal = { check, ...(signer ? { signature: signer.sign(check) } : {}) };
  const record: StoreRecord = { ...seal, ...rest };
  // That is `recordText(record)`: the fields of the seal come first.
  const bytes = Buffer.from(`${JSON.stringify(seal).slice(0, -1)},${text.slice(1)}`);
  // What a reader would say; that text, check and key fit together is certain.
  const damage = excess(bytes, textLimits) ?? shapeProblem({ ...record });
  if (damage !== undefined) throw new RecordLimit(`the result cannot be recorded: ${damage}`);
  return { record, bytes };
}

let me: StoreRecord["computedBy"] | undefined;

/** The same record with this signer's signature. */
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

/** The outputs and the checkpoint. */
export function artifactsOf({
  outputs,
  checkpoint,
}: Pick<StoreRecord, "outputs" | "checkpoint">): Artifact[] {
  return [...Object.values(outputs), ...(checkpoint ? [checkpoint] : [])];
}

export function recordText(record: StoreRecord): string {
  return JSON.stringify(record);
}

/** The record in the bytes of a file, or what is wrong with them. Never throws. */
export function parseRecord(bytes: Uint8Array, key: ActionKey): StoreRecord | { damage: string } {
  const parsed = parseJson(bytes, textLimits);
  if ("damage" in parsed) return parsed;
  const { value, text } = parsed;
  if (!isObject(value)) return { damage: "it is not a JSON object" };
  const { check, signature, ...rest } = value;
  if (JSON.stringify(value) !== text || sha256(JSON.stringify(rest)) !== check) {
    return { damage: "its content does not match its check" };
  }
  const damage = objection(value, key);
  if (damage !== undefined) return { damage };
  const record = value as unknown as StoreRecord;
  // A name that is not among them is found nowhere else either.
  return { ...record, outputs: Object.assign(Object.create(null), record.outputs) };
}

/** What is wrong with a record whose text is whole. */
function objection(record: Readonly<Record<string, unknown>>, key: ActionKey): string | undefined {
  const { signature, v, preimage } = record;
  if (signature !== undefined && !isSignature(signature)) return "its signature is malformed";
  if (v !== 1) return `unknown record version ${clipped(JSON.stringify(v) ?? "none")}`;
  if (!isObject(preimage) || actionKey(preimage) !== record["key"]) {
    return "its key is not that of its preimage";
  }
  if (record["key"] !== key) return "it lies under another key";
  return shapeProblem(record);
}

function clipped(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
