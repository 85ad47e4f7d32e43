/**
 * Uploads to one remote, in the background: a few records at a time, each after its objects. What
 * fails stays in the outbox. Knows no graph.
 */

import { createHash } from "node:crypto";
import type { ActionKey, Digest } from "../../table/digest.ts";
import type { Artifact, Chunk } from "../../table/schema.ts";
import { hexOf } from "../digest.ts";
import { MissingObject } from "../errors.ts";
import type { LocalStore } from "../local-store.ts";
import { artifactsOf, recordText, type StoreRecord } from "../record.ts";
import type { Outbox, Parcel } from "./outbox.ts";
import { hintsText, readHints, readRecord } from "./read.ts";
import type { Remote } from "./remote.ts";
import type { Survey } from "./survey.ts";
import { type Area, RemoteFailure } from "./transport.ts";
import { judge } from "./trust.ts";

const PARCELS_AT_A_TIME = 8;
const SMALL_BYTES = 64 * 1024;
const DAY_MS = 24 * 3600 * 1000;

export class Uploads {
  readonly remote: Remote;
  readonly #local: LocalStore;
  readonly #outbox: Outbox;
  readonly #fetch: (artifact: Artifact) => Promise<void>;
  /** By kind and name, so that nothing waits twice. */
  readonly #queue = new Map<string, Parcel>();
  readonly #idle: (() => void)[] = [];
  readonly #listed: Record<Area, Survey> = { ac: new Map(), cas: new Map() };
  #active = 0;
  #stopped = false;

  /** @param fetch - fetches objects that only another remote has */
  constructor(
    local: LocalStore,
    remote: Remote,
    outbox: Outbox,
    fetch: (artifact: Artifact) => Promise<void>,
  ) {
    this.#local = local;
    this.remote = remote;
    this.#outbox = outbox;
    this.#fetch = fetch;
  }

  add(parcel: Parcel): void {
    this.#outbox.add(parcel);
    this.#enqueue([parcel]);
  }

  resume(): void {
    this.#enqueue(this.#outbox.list());
  }

  /**
   * Asks what the remote has of many records and their objects, for the uploads of these.
   * @param keys - each with whether its objects go too
   */
  async prepare(keys: ReadonlyMap<ActionKey, boolean>): Promise<void> {
    const objects = new Set<string>();
    for (const [key, withObjects] of keys) {
      const record = withObjects ? this.#local.getRecord(key) : undefined;
      for (const { chunks } of record ? artifactsOf(record) : []) {
        for (const { digest } of chunks) objects.add(hexOf(digest));
      }
    }
    [this.#listed.ac, this.#listed.cas] = await Promise.all([
      this.remote.survey("ac", [...keys.keys()].map(hexOf)),
      this.remote.survey("cas", objects),
    ]);
  }

  /** Uploads a record now; returns whether the remote has it then. Clears it from the outbox. */
  async push(key: ActionKey, withObjects: boolean): Promise<boolean> {
    return await this.#upload({ kind: "record", name: key }, withObjects);
  }

  /** Resolves when no upload is active or waiting. */
  async idle(): Promise<void> {
    if (this.#active > 0 || this.#queue.size > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  /** Starts no more uploads; an active one ends by itself or with its request. */
  stop(): void {
    this.#stopped = true;
    this.#queue.clear();
    this.#next();
  }

  waiting(): number {
    return this.#outbox.list().length;
  }

  #enqueue(parcels: readonly Parcel[]): void {
    for (const parcel of parcels) this.#queue.set(parcel.kind + parcel.name, parcel);
    // Not at once: a record enters the outbox before it is written.
    setImmediate(() => this.#next());
  }

  #next(): void {
    if (this.#stopped || this.remote.noPush !== undefined) this.#queue.clear();
    while (this.#active < PARCELS_AT_A_TIME) {
      const [waiting] = this.#queue;
      if (waiting === undefined) break;
      const [name, parcel] = waiting;
      this.#queue.delete(name);
      this.#active++;
      this.#upload(parcel).finally(() => {
        this.#active--;
        this.#next();
      });
    }
    if (this.#active > 0 || this.#queue.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Returns whether the remote has it now. Never rejects: a run does not fail by its uploads. */
  async #upload(parcel: Parcel, withObjects = true): Promise<boolean> {
    try {
      const done =
        parcel.kind === "hints"
          ? await this.#putHints(parcel.name)
          : await this.#putWhole(parcel.name, withObjects);
      // A process that died before it wrote the record leaves a parcel behind.
      if (done || this.#outbox.age(parcel) > DAY_MS) this.#outbox.remove(parcel);
      return done;
    } catch (error) {
      // Nobody has one of its objects any more: there is nothing to share.
      if (error instanceof MissingObject) this.#outbox.remove(parcel);
      else if (!(error instanceof RemoteFailure)) {
        this.remote.report(`cannot be given something: ${(error as Error).message}`);
      }
      return false;
    }
  }

  /** Another process may add hints at the same moment; then a hint is lost, and no more. */
  async #putHints(name: Digest): Promise<boolean> {
    const there = await readHints(this.remote, name);
    const all = new Map(there.map((hint) => [hint.value, hint]));
    const ours = this.#local.lineages.below(name, Number.POSITIVE_INFINITY);
    const added = ours.filter(({ value }) => !all.has(value));
    if (added.length === 0) return true;
    for (const hint of added) all.set(hint.value, hint);
    const bytes = Buffer.from(hintsText([...all.values()]));
    await this.remote.put("ac", hexOf(name), () => bytes, 0);
    return true;
  }

  /** Returns whether there is such a record here. */
  async #putWhole(key: ActionKey, withObjects: boolean): Promise<boolean> {
    const record = this.#local.getRecord(key);
    if (!record) return false;
    const bytes = Buffer.from(recordText(record));
    const listed = this.#listed.ac;
    const known = listed.get(hexOf(key));
    const same = known?.md5 !== undefined && known.md5 === md5(bytes);
    const absent = listed.has(hexOf(key)) && !known;
    const found = same || absent ? undefined : await readRecord(this.remote, key);
    const fresh = found === undefined && !same;
    if (withObjects) await this.#putObjects(record, fresh);
    if (!same && !this.#stays(found?.record, record)) await this.#putRecord(record, bytes, fresh);
    return true;
  }

  /** @param fresh - the remote lacks the record, so it is likely to lack the objects too */
  async #putObjects(record: StoreRecord, fresh: boolean): Promise<void> {
    const puts = new Map<string, () => Promise<void>>();
    for (const artifact of artifactsOf(record)) {
      for (const chunk of artifact.chunks) {
        puts.set(chunk.digest, () => this.#putObject(artifact, chunk, fresh));
      }
    }
    await Promise.all([...puts.values()].map((put) => put()));
  }

  async #putObject(artifact: Artifact, chunk: Chunk, fresh: boolean): Promise<void> {
    const { digest } = chunk;
    const { present, bad, traffic } = this.remote;
    if (present.has(digest) && !bad.has(digest)) return;
    const there = bad.has(digest) ? "other" : await this.#find(chunk, fresh);
    if (there === "same") {
      present.add(digest);
      return;
    }
    if (!this.#local.hasObject(digest)) await this.#fetch({ ...artifact, chunks: [chunk] });
    const bytes = () => this.#local.readObject(digest);
    await this.remote.put("cas", hexOf(digest), bytes, chunk.bytes, there === "nothing");
    bad.delete(digest);
    present.add(digest);
    traffic.pushed.objects++;
    traffic.pushed.bytes += chunk.bytes;
  }

  /** Whether the remote has an object, something else under its name, or nothing, as it seems. */
  async #find({ digest, bytes }: Chunk, fresh: boolean): Promise<"same" | "other" | "nothing"> {
    const hex = hexOf(digest);
    if (this.#listed.cas.has(hex)) {
      const listed = this.#listed.cas.get(hex);
      if (!listed) return "nothing";
      return listed.bytes === bytes ? "same" : "other";
    }
    // Asking costs as much as sending a small object.
    const ask = !fresh || bytes > SMALL_BYTES;
    return ask && (await this.remote.has("cas", hex)) ? "same" : "nothing";
  }

  /**
   * Whether the remote's record stays. A record with a valid signature does, even of a signer whom
   * this reader does not trust, unless it was found useless.
   */
  #stays(there: StoreRecord | undefined, ours: StoreRecord): boolean {
    const useless = !there || this.#local.objections.isRefused(there);
    const verdict = useless ? "forged" : judge(there, this.remote.trust);
    if (verdict === "unsigned") return !ours.signature;
    return verdict === "accepted" || verdict === "unknown";
  }

  /** @param fresh - there was nothing; if somebody was faster, theirs stays */
  async #putRecord(record: StoreRecord, bytes: Uint8Array, fresh: boolean): Promise<void> {
    await this.remote.put("ac", hexOf(record.key), () => bytes, 0, fresh);
    this.remote.traffic.pushed.records++;
    this.remote.traffic.pushed.bytes += bytes.length;
  }
}

/** Undefined where this Node has none, as in FIPS mode. */
function md5(bytes: Uint8Array): string | undefined {
  try {
    return createHash("md5").update(bytes).digest("hex");
  } catch {
    return undefined;
  }
}
