/**
 * The remotes behind a local store. Records are brought here when they are asked for, objects only
 * when their bytes are; both are verified first. No trouble of a remote is an error here: what it
 * cannot give counts as absent. Knows neither files nor how to talk to a remote.
 */
import { setMaxListeners } from "node:events";
import type { Artifact, Chunk } from "../../table/schema.ts";
import { hexOf } from "../digest.ts";
import { StoreError } from "../errors.ts";
import type { LocalStore } from "../local-store.ts";
import type { Judge } from "../objections.ts";
import type { StoreRecord } from "../record.ts";
import { Outbox, type Parcel } from "./outbox.ts";
import { type Found, readHints, readRecord } from "./read.ts";
import { RemoteFailure } from "./remote.ts";
import type { SharedRemote, Traffic } from "./shared.ts";
import { judge } from "./trust.ts";
import { Uploads } from "./uploads.ts";

/** What one remote gave and took. */
export interface Shared extends Traffic {
  readonly remote: string;
  /** Records that wait for the next run or for `cache push`. */
  readonly waiting: number;
}

/** Objects of one artifact that are asked for at a time: without one of them the rest is no use. */
const OBJECTS_AT_A_TIME = 64;

export class Sharing {
  readonly #local: LocalStore;
  readonly #remotes: readonly SharedRemote[];
  readonly #uploads: readonly Uploads[];
  readonly #arriving = new Map<string, Promise<void>>();
  /** Records that found no place, as the local store may only be read. */
  readonly #borrowed = new Map<string, StoreRecord>();
  readonly #end: AbortController;

  /** @param end - aborts every request of the remotes */
  constructor(local: LocalStore, remotes: readonly SharedRemote[], end: AbortController) {
    this.#local = local;
    this.#remotes = remotes;
    this.#end = end;
    setMaxListeners(0, end.signal); // One for every request that is under way.
    this.#uploads = remotes
      .filter(({ push }) => push)
      .map((remote) => {
        const outbox = new Outbox(local.shelf("outbox"), remote.peer.remote.place);
        return new Uploads(local, remote, outbox, (artifact) => this.fetch([artifact]));
      });
  }

  /** Brings those of the records that are not here; returns how many came. */
  async findRecords(
    keys: Iterable<string>,
    judgeOf: (key: string) => Judge | undefined = () => undefined,
  ): Promise<number> {
    let found = 0;
    const find = async (key: string) => {
      const judge = judgeOf(key);
      await this.#once(`record ${key}`, () => this.#findRecord(key, judge));
      if (this.#local.getRecord(key, judge)) found++;
    };
    const missing = [...new Set(keys)].filter((key) => !this.#local.getRecord(key, judgeOf(key)));
    await Promise.all(missing.map(find));
    return found;
  }

  /** A record that was found and cannot be kept. */
  borrowed(key: string): StoreRecord | undefined {
    return this.#borrowed.get(key);
  }

  /** Asks which objects the remotes have; returns how many are newly known. Brings none. */
  async locate(digests: Iterable<string>): Promise<number> {
    let found = 0;
    const locate = async (digest: string) => {
      for (const remote of this.#remotes) {
        if (!remote.mayHave(digest)) continue;
        const has = await optional(remote.peer.has("cas", hexOf(digest)));
        if (!has) continue;
        remote.present.add(digest);
        found++;
        return;
      }
    };
    const unknown = [...new Set(digests)].filter((digest) => !this.hasObject(digest));
    await Promise.all(unknown.map(locate));
    return found;
  }

  /** Whether a remote said that it has the object, and nothing speaks against it since. */
  hasObject(digest: string): boolean {
    return this.#remotes.some((r) => r.present.has(digest) && r.mayHave(digest));
  }

  /** Brings those of the objects that are not here, as far as a remote has them. */
  async fetch(artifacts: Iterable<Artifact>): Promise<void> {
    await Promise.all([...artifacts].map((artifact) => this.#fetchArtifact(artifact)));
  }

  async #fetchArtifact({ schema, chunks }: Artifact): Promise<void> {
    const missing = chunks.filter(({ digest }) => !this.#local.hasObject(digest));
    for (let from = 0; from < missing.length; from += OBJECTS_AT_A_TIME) {
      const some = missing.slice(from, from + OBJECTS_AT_A_TIME);
      const get = (chunk: Chunk) =>
        this.#once(chunk.digest, () => this.#fetchObject(schema, chunk));
      await Promise.all(some.map(get));
      if (!some.every(({ digest }) => this.#local.hasObject(digest))) return;
    }
  }

  /** Adds what the remotes know of a name to the local hints. */
  async findHints(name: string): Promise<void> {
    const find = async (remote: SharedRemote) => {
      if (remote.peer.down !== undefined) return;
      for (const hint of (await optional(readHints(remote, name))) ?? []) {
        this.#local.lineages.adopt(name, hint);
      }
    };
    await this.#once(`hints ${name}`, async () => {
      await Promise.all(this.#remotes.map(find));
    });
  }

  /** Remembers that a record is to be uploaded, and begins soon. */
  queue(key: string): void {
    this.#queue({ kind: "record", name: key });
  }

  /** The same for what `lineages` has under a name. */
  queueHints(name: string): void {
    this.#queue({ kind: "hints", name });
  }

  #queue(parcel: Parcel): void {
    for (const uploads of this.#uploads) uploads.add(parcel);
  }

  /**
   * Uploads a record now, to every remote that takes some; returns how many took it. Without its
   * objects, a record is still good for planning.
   */
  async push(key: string, withObjects: boolean): Promise<number> {
    const done = await Promise.all(this.#uploads.map((uploads) => uploads.push(key, withObjects)));
    return done.filter(Boolean).length;
  }

  /** How many remotes take uploads. */
  get takers(): number {
    return this.#uploads.length;
  }

  /** Takes up what earlier runs left. */
  resume(): void {
    for (const uploads of this.#uploads) uploads.resume();
  }

  /** Waits for the uploads, so long at most; what is not done then stays for the next run. */
  async close(graceMs: number): Promise<Shared[]> {
    const done = Promise.all(this.#uploads.map((uploads) => uploads.idle()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      if (Number.isFinite(graceMs)) timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([done, late]);
    clearTimeout(timer);
    for (const uploads of this.#uploads) uploads.stop();
    this.#end.abort(new RemoteFailure("failed", "nobody waits any more"));
    await done;
    return this.#remotes.map((remote) => ({
      remote: remote.peer.name,
      ...remote.traffic,
      waiting: this.#uploads.find((uploads) => uploads.remote === remote)?.waiting() ?? 0,
    }));
  }

  async #findRecord(key: string, judge: Judge | undefined): Promise<void> {
    for (const remote of this.#remotes) {
      if (remote.peer.down !== undefined) continue;
      const record = await optional(readRecord(remote, key));
      if (!record || !accepts(remote, record) || this.#local.isSetAside(record.record)) continue;
      const { objections } = this.#local;
      const objection = objections.to(record.record, judge);
      if (objection !== undefined) refuse(remote, `a record that is of no use: ${objection}`);
      if (objection !== undefined || objections.isMisnaming(record.record)) continue;
      this.#keep(record.record);
      remote.traffic.pulled.records++;
      remote.traffic.pulled.bytes += record.bytes;
      return;
    }
  }

  /** Here; or for as long as this process looks. */
  #keep(record: StoreRecord): void {
    try {
      this.#local.adoptRecord(record);
    } catch (error) {
      if (!(error instanceof StoreError && error.code === "store-unwritable")) throw error;
      this.#borrowed.set(record.key, record);
    }
  }

  async #fetchObject(schema: Artifact["schema"], chunk: Chunk): Promise<void> {
    const { digest, bytes } = chunk;
    const first = (remote: SharedRemote) => (remote.present.has(digest) ? 0 : 1);
    for (const remote of [...this.#remotes].sort((a, b) => first(a) - first(b))) {
      if (!remote.mayHave(digest)) continue;
      const take = (pieces: AsyncIterable<Uint8Array>) =>
        this.#local.adoptObject(schema, chunk, pieces);
      const got = await optional(remote.peer.get("cas", hexOf(digest), Math.max(1, bytes), take));
      if (got === "kept") {
        remote.traffic.pulled.objects++;
        remote.traffic.pulled.bytes += bytes;
        return;
      }
      if (got === "misnamed") {
        refuse(remote, "an object that is not what its record says");
        return; // They are the right bytes: nobody has others.
      }
      remote.bad.add(digest);
      if (got !== "wrong") continue;
      remote.traffic.ignored.damaged++;
      remote.peer.tell("gave wrong bytes for an object; what it gives wrong is ignored");
    }
  }

  /** Two who want the same thing share one request. */
  #once(name: string, action: () => Promise<void>): Promise<void> {
    const arriving = this.#arriving.get(name);
    if (arriving) return arriving;
    const started = action().finally(() => this.#arriving.delete(name));
    this.#arriving.set(name, started);
    return started;
  }
}

/** Judges a record, and counts it if it is not accepted. */
function accepts(
  remote: SharedRemote,
  found: Found,
): found is { readonly record: StoreRecord; readonly bytes: number } {
  const verdict = found.record ? judge(found.record, remote.trust) : "damaged";
  if (verdict === "accepted") return true;
  const { ignored } = remote.traffic;
  if (verdict === "unsigned" || verdict === "unknown") ignored[verdict]++;
  else if (found.damage === undefined) refuse(remote, "a record that was tampered with");
  else refuse(remote, `a damaged record: ${found.damage}`);
  return false;
}

function refuse({ traffic, peer }: SharedRemote, what: string): void {
  traffic.ignored.damaged++;
  peer.tell(`holds ${what}; it is ignored`);
}

/** A remote's failure counts as "not there"; it has told about itself. */
async function optional<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof RemoteFailure || (error as Error).name === "AbortError") return undefined;
    throw error;
  }
}
