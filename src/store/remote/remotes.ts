/**
 * All remotes behind a local store. Fetches a record when somebody asks for it, and an object only
 * when somebody needs its bytes; verifies both first. A remote's failure is not an error here: what
 * it cannot give counts as absent. Knows neither files nor protocols.
 */
import type { ActionKey, Digest } from "../../table/digest.ts";
import type { Artifact, Chunk } from "../../table/schema.ts";
import { hexOf } from "../digest.ts";
import { StoreError } from "../errors.ts";
import type { LocalStore } from "../local-store.ts";
import type { Judge } from "../objections.ts";
import type { KnownRecord, StoreRecord } from "../record.ts";
import { Outbox, type Parcel } from "./outbox.ts";
import { type Found, readHints, readRecord } from "./read.ts";
import type { Remote } from "./remote.ts";
import type { Survey } from "./survey.ts";
import type { Exchange } from "./traffic.ts";
import { RemoteFailure } from "./transport.ts";
import { judge } from "./trust.ts";
import { Uploads } from "./uploads.ts";

/** Objects of one artifact requested at a time: if one of them is missing, the rest is useless. */
const OBJECTS_AT_A_TIME = 64;

export class Remotes {
  readonly #local: LocalStore;
  readonly #remotes: readonly Remote[];
  readonly #uploads: readonly Uploads[];
  /** Requests in flight, by name; a second caller waits for the first. */
  readonly #arriving = new Map<string, Promise<void>>();
  /** Records that found no place, since the local store may only be read. */
  readonly #borrowed = new Map<ActionKey, StoreRecord>();

  /** @param remotes - in the order in which they are asked */
  constructor(local: LocalStore, remotes: readonly Remote[]) {
    this.#local = local;
    this.#remotes = remotes;
    this.#uploads = remotes
      .filter(({ push }) => push)
      .map((remote) => {
        const outbox = new Outbox(local.shelf("outbox"), remote.place);
        return new Uploads(local, remote, outbox, (artifact) => this.fetch([artifact]));
      });
  }

  get isEmpty(): boolean {
    return this.#remotes.length === 0;
  }

  /** How many remotes take uploads. */
  get takers(): number {
    return this.#uploads.length;
  }

  /** Fetches the records that are not here; returns how many came. */
  async findRecords(
    keys: Iterable<ActionKey>,
    judgeOf: (key: ActionKey) => Judge | undefined = () => undefined,
  ): Promise<number> {
    if (this.isEmpty) return 0;
    let found = 0;
    const find = async (key: ActionKey) => {
      const judge = judgeOf(key);
      await this.#once(`record ${key}`, () => this.#findRecord(key, judge));
      if (this.getRecord(key, judge)) found++;
    };
    const missing = [...new Set(keys)].filter((key) => !this.getRecord(key, judgeOf(key)));
    await Promise.all(missing.map(find));
    for (const remote of this.#remotes) remote.conclude();
    return found;
  }

  /** A record that is here, or that was found and cannot be kept. */
  getRecord(key: ActionKey, judge?: Judge): StoreRecord | undefined {
    return this.#local.getRecord(key, judge) ?? this.#borrowed.get(key);
  }

  /** What plans and runs need of it; from the index where that has it. */
  knownRecord(key: ActionKey, judge: Judge): KnownRecord | undefined {
    const { index, objections } = this.#local;
    // What anything speaks against is looked at as a whole.
    const known = objections.any ? undefined : index.get(key);
    return known && judge(known) === undefined ? known : this.getRecord(key, judge);
  }

  /** Asks which objects the remotes have; returns how many are newly known. Fetches none. */
  async locate(digests: Iterable<Digest>): Promise<number> {
    let found = 0;
    const unknown = [...new Set(digests)].filter((digest) => !this.hasObject(digest));
    const hexes = unknown.map(hexOf);
    const surveys = new Map<Remote, Survey>();
    const survey = async (remote: Remote) => surveys.set(remote, await remote.survey("cas", hexes));
    await Promise.all(this.#remotes.map(survey));
    const locate = async (digest: Digest) => {
      const hex = hexOf(digest);
      for (const remote of this.#remotes) {
        if (!remote.mayHave(digest)) continue;
        // Some listings come late: what they lack may be there.
        const listed = surveys.get(remote)?.get(hex);
        const has = listed ? true : await optional(remote.has("cas", hex));
        if (!has) continue;
        remote.present.add(digest);
        found++;
        return;
      }
    };
    await Promise.all(unknown.map(locate));
    return found;
  }

  /** Whether a remote said that it has the object, and has not failed to give it since. */
  hasObject(digest: Digest): boolean {
    return this.#remotes.some((r) => r.present.has(digest) && r.mayHave(digest));
  }

  /** Fetches the objects that are not here, as far as a remote has them. */
  async fetch(artifacts: Iterable<Artifact>): Promise<void> {
    if (this.isEmpty) return;
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

  /** Adds the remotes' hints under a name to the local ones. */
  async findHints(name: Digest): Promise<void> {
    const find = async (remote: Remote) => {
      if (remote.down !== undefined) return;
      for (const { value, digest } of (await optional(readHints(remote, name))) ?? []) {
        this.#local.lineages.note(name, value, digest);
      }
    };
    await this.#once(`hints ${name}`, async () => {
      await Promise.all(this.#remotes.map(find));
    });
  }

  /** Uploads a record in the background; the outbox remembers it until then. */
  queue(key: ActionKey): void {
    this.#queue({ kind: "record", name: key });
  }

  /** Uploads the local hints under a name in the background. */
  queueHints(name: Digest): void {
    this.#queue({ kind: "hints", name });
  }

  #queue(parcel: Parcel): void {
    for (const uploads of this.#uploads) uploads.add(parcel);
  }

  /** Finds out what the remotes have of many records that are to be pushed. */
  async preparePush(keys: ReadonlyMap<ActionKey, boolean>): Promise<void> {
    await Promise.all(this.#uploads.map((uploads) => uploads.prepare(keys)));
  }

  /**
   * Uploads a record now, to every remote that takes uploads; returns how many have it then. A
   * record without its objects is still good for planning.
   */
  async push(key: ActionKey, withObjects: boolean): Promise<number> {
    const done = await Promise.all(this.#uploads.map((uploads) => uploads.push(key, withObjects)));
    return done.filter(Boolean).length;
  }

  /** Resumes the uploads that earlier runs left. */
  resume(): void {
    for (const uploads of this.#uploads) uploads.resume();
  }

  /** Waits for the uploads, at most `graceMs`; the rest stays for the next run. */
  async close(graceMs: number): Promise<Exchange[]> {
    const done = Promise.all(this.#uploads.map((uploads) => uploads.idle()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      if (Number.isFinite(graceMs)) timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([done, late]);
    clearTimeout(timer);
    for (const uploads of this.#uploads) uploads.stop();
    for (const remote of this.#remotes) remote.stop();
    await done;
    return this.#remotes.map((remote) => ({
      remote: remote.name,
      ...remote.traffic,
      strangers: [...remote.traffic.strangers].map(([key, name]) => ({ key, name })),
      waiting: this.#uploads.find((uploads) => uploads.remote === remote)?.waiting() ?? 0,
    }));
  }

  async #findRecord(key: ActionKey, judge: Judge | undefined): Promise<void> {
    for (const remote of this.#remotes) {
      if (remote.down !== undefined) continue;
      const record = await optional(readRecord(remote, key));
      if (!record || !accepts(remote, record) || this.#local.isSetAside(record.record)) continue;
      const { objections } = this.#local;
      const objection = objections.to(record.record, judge);
      if (objection !== undefined) refuse(remote, `a useless record: ${objection}`);
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
    const first = (remote: Remote) => (remote.present.has(digest) ? 0 : 1);
    for (const remote of [...this.#remotes].sort((a, b) => first(a) - first(b))) {
      if (!remote.mayHave(digest)) continue;
      const take = (pieces: AsyncIterable<Uint8Array>) =>
        this.#local.adoptObject(schema, chunk, pieces);
      const got = await optional(remote.get("cas", hexOf(digest), Math.max(1, bytes), take));
      if (got === "kept") {
        remote.traffic.pulled.objects++;
        remote.traffic.pulled.bytes += bytes;
        return;
      }
      if (got === "misnamed") {
        refuse(remote, "an object that is not what its record says");
        return; // The bytes have the right digest: no other remote has different ones.
      }
      remote.bad.add(digest);
      if (got !== "wrong") continue;
      remote.traffic.ignored.damaged++;
      remote.report("gave wrong bytes for an object; they are ignored");
    }
  }

  #once(name: string, action: () => Promise<void>): Promise<void> {
    const arriving = this.#arriving.get(name);
    if (arriving) return arriving;
    const started = action().finally(() => this.#arriving.delete(name));
    this.#arriving.set(name, started);
    return started;
  }
}

/** Whether this reader trusts a record; counts those that it does not. */
function accepts(
  remote: Remote,
  found: Found,
): found is { readonly record: StoreRecord; readonly bytes: number } {
  const verdict = found.record ? judge(found.record, remote.trust) : "damaged";
  if (verdict === "accepted") return true;
  const { ignored } = remote.traffic;
  if (verdict === "unsigned" || verdict === "unknown") {
    ignored[verdict]++;
    const { signature, computedBy } = found.record!;
    if (signature) remote.traffic.strangers.set(signature.key, computedBy.user);
  } else if (found.damage === undefined) refuse(remote, "a record that was tampered with");
  else refuse(remote, `a damaged record: ${found.damage}`);
  return false;
}

function refuse(remote: Remote, what: string): void {
  remote.traffic.ignored.damaged++;
  remote.report(`holds ${what}; it is ignored`);
}

/** A remote's failure counts as "not there"; the remote has reported it. */
async function optional<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof RemoteFailure || (error as Error).name === "AbortError") return undefined;
    throw error;
  }
}
