/**
 * A store: a local one, and the remotes behind it. What is not here is fetched when somebody asks for
 * it (`findRecords`, `fetch`); what is put here is uploaded in the background. Knows neither Arrow nor
 * graphs.
 */
import type { ActionKey, Digest } from "../table/digest.ts";
import type { Artifact, Chunk, Columns } from "../table/schema.ts";
import type { Claims } from "./claims.ts";
import type { MissingObject } from "./errors.ts";
import type { Stamp } from "./files.ts";
import type { Folders, Shelf } from "./layout.ts";
import type { Hint } from "./lineages.ts";
import { type LocalOptions, LocalStore } from "./local-store.ts";
import type { Judge } from "./objections.ts";
import type { KnownRecord, RecordDraft, StoreRecord } from "./record.ts";
import type { Remote } from "./remote/remote.ts";
import { Remotes } from "./remote/remotes.ts";
import type { Exchange } from "./remote/traffic.ts";

export type { Damage } from "./quarantine.ts";

/** How long the end of a run waits for its uploads. */
const GRACE_MS = 5000;

export interface StoreOptions extends LocalOptions {
  /** In the order in which they are asked. */
  readonly remotes?: readonly Remote[];
}

export class Store implements Folders {
  /** The part that needs no remote; upkeep works on it. */
  readonly local: LocalStore;
  readonly #remotes: Remotes;

  private constructor(local: LocalStore, remotes: readonly Remote[]) {
    this.local = local;
    this.#remotes = new Remotes(local, remotes);
  }

  /**
   * Opens the store in a folder, which need not exist yet. Throws `StoreError` for a store of a
   * newer format and for something that is not a folder.
   */
  static open(folder: string, { remotes = [], ...options }: StoreOptions = {}): Store {
    return new Store(LocalStore.open(folder, options), remotes);
  }

  get folder(): string {
    return this.local.folder;
  }

  get claims(): Claims {
    return this.local.claims;
  }

  /** Whether records are signed. */
  get signs(): boolean {
    return this.local.signs;
  }

  shelf(shelf: Shelf): string {
    return this.local.shelf(shelf);
  }

  writing<T>(path: string, action: () => T): T {
    return this.local.writing(path, action);
  }

  /** Makes the folders, and throws `StoreError` if nothing can be written. */
  prepare(): void {
    this.local.prepare();
  }

  /** Where an object lies, whether it is there or not. */
  objectPath(digest: Digest): string {
    return this.local.objectPath(digest);
  }

  putObject(data: Uint8Array | readonly Uint8Array[]): Pick<Chunk, "digest" | "bytes"> {
    return this.local.putObject(data);
  }

  /** Whether an object is here. */
  hasObject(digest: Digest): boolean {
    return this.local.hasObject(digest);
  }

  /** The verified bytes of an object that is here. Throws `MissingObject`. */
  readObject(digest: Digest): Uint8Array<ArrayBuffer> {
    return this.local.readObject(digest);
  }

  /** What to throw where an object that was read is not what a record says. */
  misnamed(schema: Columns, chunk: Chunk): MissingObject {
    return this.local.misnamed(schema, chunk);
  }

  /**
   * The record of an action, if it is here and nothing speaks against it; also one of a remote that
   * this store may not keep.
   */
  getRecord(key: ActionKey, judge?: Judge): StoreRecord | undefined {
    return this.#remotes.getRecord(key, judge);
  }

  /** What plans and runs need of that record; from the index where that has it. */
  knownRecord(key: ActionKey, judge: Judge): KnownRecord | undefined {
    return this.#remotes.knownRecord(key, judge);
  }

  /** From now on, what is read and put is kept in the index of a pipeline, and looked up there. */
  useIndex(pipeline: string): void {
    this.local.index.open(pipeline);
  }

  /** Writes the index, if anything in it is new. */
  saveIndex(): void {
    this.local.index.save();
  }

  /** The keys of all records that are here, in no order. */
  listRecords(): Iterable<ActionKey> {
    return this.local.listRecords();
  }

  /**
   * Stores a record, unless there is one already, and uploads it. Returns the one that is here.
   *
   * @param published - called with the file, if it is a new one
   */
  putRecord(draft: RecordDraft, published?: (file: Stamp) => void): StoreRecord {
    // Into the outbox first: a kill in between must not lose the upload. What a person accepted
    // stays here, where it can be revoked.
    if (!draft.accepted) this.#remotes.queue(draft.key);
    return this.local.putRecord(draft, published);
  }

  /** Takes note of a record that another thread has put here, in a new file. It was looked for before. */
  noteRecord(file: Stamp, record: KnownRecord): void {
    this.local.index.note(file, record);
  }

  /** Uploads a record that another process has put here, in the background. */
  upload(key: ActionKey): void {
    this.#remotes.queue(key);
  }

  /** Signs a record that nobody signed; returns whether it is signed now. */
  signRecord(key: ActionKey): boolean {
    return this.local.signRecord(key);
  }

  /** Sets a record aside, so that its action counts as not computed. */
  quarantineRecord(key: ActionKey, reason: string): void {
    this.local.quarantineRecord(key, reason);
  }

  /** Notes a hint (lineages.ts), and uploads it. */
  noteHint(name: Digest, value: number, digest: Digest | ActionKey): void {
    this.#remotes.queueHints(name);
    this.local.lineages.note(name, value, digest);
  }

  /** The hints under a name whose value is less than `limit`, the largest first. */
  hintsBelow(name: Digest, limit: number): Hint[] {
    return this.local.lineages.below(name, limit);
  }

  /** Adds the remotes' hints under a name to those that are here. */
  findHints(name: Digest): Promise<void> {
    return this.#remotes.findHints(name);
  }

  /** Fetches the records that only a remote has, and that are accepted; returns how many came. */
  findRecords(
    keys: Iterable<ActionKey>,
    judgeOf?: (key: ActionKey) => Judge | undefined,
  ): Promise<number> {
    return this.#remotes.findRecords(keys, judgeOf);
  }

  /** The record of an action: from here, else from a remote. */
  async findRecord(key: ActionKey, judge?: Judge): Promise<StoreRecord | undefined> {
    await this.findRecords([key], () => judge);
    return this.getRecord(key, judge);
  }

  /** Asks the remotes which objects they have; returns how many are newly known. */
  locate(digests: Iterable<Digest>): Promise<number> {
    return this.#remotes.locate(digests);
  }

  /** Whether an object is here, or on a remote as far as `locate` found out. */
  canRead(digest: Digest): boolean {
    return this.hasObject(digest) || this.#remotes.hasObject(digest);
  }

  /** Fetches the objects that only a remote has; what no remote can give stays missing. */
  fetch(artifacts: Iterable<Artifact>): Promise<void> {
    return this.#remotes.fetch(artifacts);
  }

  /** Resumes the uploads that earlier runs left. */
  resumeUploads(): void {
    this.#remotes.resume();
  }

  /** Finds out what the remotes have of many records that are to be pushed; saves requests. */
  preparePush(keys: ReadonlyMap<ActionKey, boolean>): Promise<void> {
    return this.#remotes.preparePush(keys);
  }

  /**
   * Uploads a record that is here, with its objects or alone; returns whether every remote that
   * takes uploads has it then.
   */
  async push(key: ActionKey, withObjects: boolean): Promise<boolean> {
    return (await this.#remotes.push(key, withObjects)) === this.takers;
  }

  /** Uploads the hints under a name, in the background. */
  pushHints(name: Digest): void {
    this.#remotes.queueHints(name);
  }

  get hasRemotes(): boolean {
    return !this.#remotes.isEmpty;
  }

  /** How many remotes take uploads. */
  get takers(): number {
    return this.#remotes.takers;
  }

  /**
   * Waits for the uploads, at most `graceMs`; the rest is left for the next run. Returns what each
   * remote gave and took. The remotes are not asked again after this.
   */
  close(graceMs = GRACE_MS): Promise<readonly Exchange[]> {
    this.saveIndex();
    return this.#remotes.close(graceMs);
  }
}
