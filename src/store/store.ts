/**
 * A store: the local one, with remotes behind it. What is not here is brought when it is asked for
 * (`findRecords`, `fetch`), what is put here is uploaded in the background. Knows neither Arrow nor
 * graphs.
 */

import type { Artifact } from "../table/schema.ts";
import { type LocalOptions, LocalStore } from "./local-store.ts";
import type { Judge } from "./objections.ts";
import type { RecordDraft, StoreRecord } from "./record.ts";
import type { SharedRemote } from "./remote/shared.ts";
import { type Shared, Sharing } from "./remote/sharing.ts";

export type { Damage } from "./quarantine.ts";

/** How long the end of a run waits for its uploads. */
const GRACE_MS = 5000;

export interface StoreOptions extends LocalOptions {
  /** In the order in which they are asked; `end` aborts their requests. */
  readonly remotes?: readonly SharedRemote[];
  readonly end?: AbortController;
}

export class Store extends LocalStore {
  /** Undefined without remotes. */
  readonly #sharing: Sharing | undefined;

  private constructor(folder: string, options: StoreOptions) {
    super(folder, options);
    const { remotes = [], end = new AbortController() } = options;
    if (remotes.length === 0) return;
    this.#sharing = new Sharing(this, remotes, end);
    this.lineages.onNote = (name) => this.#sharing!.queueHints(name);
  }

  /**
   * Opens the store in a folder, which need not exist yet. Throws `StoreError` for a store of a
   * newer format and for something that is no folder.
   */
  static open(folder: string, options: StoreOptions = {}): Store {
    LocalStore.check(folder);
    const store = new Store(folder, options);
    store.sweep();
    return store;
  }

  /** Stores a record, unless there is one already, and uploads it. Returns the one that is here. */
  override putRecord(draft: RecordDraft): StoreRecord {
    // Announced first: a kill in between must not lose the upload. What a person accepted stays
    // here, where it can be revoked.
    if (!draft.accepted) this.#sharing?.queue(draft.key);
    return super.putRecord(draft);
  }

  /** The record of an action, also one of a remote that this store may not keep. */
  override getRecord(key: string, judge?: Judge): StoreRecord | undefined {
    return super.getRecord(key, judge) ?? this.#sharing?.borrowed(key);
  }

  /**
   * Brings those records here that only a remote has, and against which nothing speaks; returns how
   * many came.
   */
  async findRecords(
    keys: Iterable<string>,
    judgeOf?: (key: string) => Judge | undefined,
  ): Promise<number> {
    return (await this.#sharing?.findRecords(keys, judgeOf)) ?? 0;
  }

  /** The record of an action: from here, else from a remote. */
  async findRecord(key: string, judge?: Judge): Promise<StoreRecord | undefined> {
    await this.findRecords([key], () => judge);
    return this.getRecord(key, judge);
  }

  /** Adds the remotes' hints of a name to those that `lineages` has. */
  async findHints(name: string): Promise<void> {
    await this.#sharing?.findHints(name);
  }

  /** Asks the remotes which objects they have; returns how many are newly known. */
  async locate(digests: Iterable<string>): Promise<number> {
    return (await this.#sharing?.locate(digests)) ?? 0;
  }

  /** Whether an object is here, or on a remote as far as `locate` found out. */
  canRead(digest: string): boolean {
    return this.hasObject(digest) || (this.#sharing?.hasObject(digest) ?? false);
  }

  /**
   * Brings the objects here that only a remote has and that are what the artifacts say; the rest
   * stays missing.
   */
  async fetch(artifacts: Iterable<Artifact>): Promise<void> {
    await this.#sharing?.fetch(artifacts);
  }

  /** Takes up the uploads that earlier runs left. */
  resumeUploads(): void {
    this.#sharing?.resume();
  }

  /**
   * Uploads a record that is here, with its objects or alone; tells whether every remote that takes
   * uploads has it then.
   */
  async push(key: string, withObjects: boolean): Promise<boolean> {
    return ((await this.#sharing?.push(key, withObjects)) ?? 0) === this.takers;
  }

  /** Uploads the hints of a name, in the background. */
  pushHints(name: string): void {
    this.#sharing?.queueHints(name);
  }

  get hasRemotes(): boolean {
    return this.#sharing !== undefined;
  }

  /** How many remotes take uploads. */
  get takers(): number {
    return this.#sharing?.takers ?? 0;
  }

  /**
   * Waits for the uploads, so many milliseconds at most; the rest is left for the next run. Tells
   * what each remote gave and took. The remotes are not asked again after this.
   */
  async close(graceMs = GRACE_MS): Promise<readonly Shared[]> {
    return (await this.#sharing?.close(graceMs)) ?? [];
  }
}
