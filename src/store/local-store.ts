/**
 * The local store: immutable objects by digest, records by action key. Verifies what it reads; what
 * is damaged goes to quarantine and counts as missing. Knows neither Arrow nor graphs nor remotes.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ActionKey, Digest } from "../table/digest.ts";
import type { Chunk, Columns } from "../table/schema.ts";
import { Claims } from "./claims.ts";
import { digestOfPieces, sha256 } from "./digest.ts";
import { MissingObject, writeFailure } from "./errors.ts";
import {
  makeFolder,
  publish,
  readBytes,
  readStamped,
  remove,
  replace,
  type Stamp,
  sweepTemporary,
  touch,
  writeTemporary,
} from "./files.ts";
import {
  checkFormat,
  digestsIn,
  type Folders,
  objectPath,
  recordPath,
  type Shelf,
  shelfPath,
} from "./layout.ts";
import { Lineages } from "./lineages.ts";
import { type Judge, Objections, tableIn } from "./objections.ts";
import { put, writeOnce } from "./put.ts";
import { type Damage, Quarantine } from "./quarantine.ts";
import { receive } from "./receive.ts";
import {
  parseRecord,
  type RecordDraft,
  recordText,
  type StoreRecord,
  signRecord,
  writeRecord,
} from "./record.ts";
import { RecordIndex } from "./record-index.ts";
import type { Signer } from "./sign.ts";

/** Objects with fewer bytes are written at once: most are new, and to ask first takes a fifth of the time. */
const smallBytes = 2 ** 12;

export interface LocalOptions {
  /** Not called for what somebody sets aside. */
  onDamage?: (damage: Damage) => void;
  /** Signs the records that are put. */
  readonly signer?: Signer | undefined;
}

export class LocalStore implements Folders {
  readonly folder: string;
  readonly claims: Claims;
  readonly lineages: Lineages;
  /** Of a pipeline, if one was opened. */
  readonly index: RecordIndex;
  /** What this process found out about records, its own and those of remotes. */
  readonly objections = new Objections();
  readonly #quarantine: Quarantine;
  readonly #signer: Signer | undefined;

  private constructor(folder: string, { onDamage, signer }: LocalOptions) {
    this.folder = folder;
    this.#quarantine = new Quarantine(this.shelf("quarantine"), onDamage);
    this.#signer = signer;
    this.claims = new Claims(this);
    this.lineages = new Lineages(this);
    this.index = new RecordIndex(this);
  }

  /**
   * Opens the store in a folder, which need not exist yet. Throws `StoreError` for a store of a
   * newer format and for something that is not a folder.
   */
  static open(folder: string, options: LocalOptions = {}): LocalStore {
    checkFormat(folder);
    const store = new LocalStore(folder, options);
    store.#sweep();
    return store;
  }

  /** Makes the folders, tries to write a file, and tidies. Throws `StoreError`. */
  prepare(): void {
    const folders: Shelf[] = ["objects", "records", "claims", "runs", "quarantine", "tmp"];
    this.writing(this.folder, () => {
      for (const shelf of folders) makeFolder(this.shelf(shelf));
      writeOnce(this, join(this.folder, ".gitignore"), "*\n");
      // https://bford.info/cachedir/
      const tag = "Signature: 8a477f597d28d172789f06886806bc55\n";
      writeOnce(this, join(this.folder, "CACHEDIR.TAG"), tag);
      remove(writeTemporary(this.shelf("tmp"), "can it be written?").path);
      this.claims.sweepDead();
    });
  }

  /** Everything that this process found damaged or set aside here, oldest first. */
  get damages(): readonly Damage[] {
    return this.#quarantine.damages;
  }

  shelf(shelf: Shelf): string {
    return shelfPath(this.folder, shelf);
  }

  /** Where an object lies, whether it is there or not. */
  objectPath(digest: Digest): string {
    return objectPath(this.folder, digest);
  }

  /** Stores bytes, in one piece or several, under their digest. Replaces a damaged object of that name. */
  putObject(data: Uint8Array | readonly Uint8Array[]): { digest: Digest; bytes: number } {
    const pieces = [data].flat();
    const digest = digestOfPieces(pieces);
    const path = this.objectPath(digest);
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    const holds = () => this.#holds(digest, path) || undefined;
    const there = (bytes < smallBytes ? undefined : holds()) ?? put(this, path, pieces, holds);
    // Its record comes later: `cache gc` must not take it for garbage until then.
    if (there && !touch(path)) this.writing(path, () => replace(this.shelf("tmp"), path, pieces));
    return { digest, bytes };
  }

  /** Whether there is an object of this name that is not known to be damaged. Does not read it. */
  hasObject(digest: Digest): boolean {
    const path = this.objectPath(digest);
    return existsSync(path) && !this.#quarantine.isStuck(path);
  }

  /**
   * The verified bytes of an object, in a buffer of their own. Throws `MissingObject`, after moving
   * a damaged object to quarantine.
   */
  readObject(digest: Digest): Uint8Array<ArrayBuffer> {
    const path = this.objectPath(digest);
    const bytes = readStamped(path, 0, true)?.bytes;
    if (!bytes) throw new MissingObject(digest, "absent");
    if (sha256(bytes) === digest) return bytes;
    this.#takeCorrupt(digest, path);
    throw new MissingObject(digest, "corrupt");
  }

  /**
   * The record of an action, if it is whole and nothing speaks against it; else it goes to
   * quarantine.
   */
  getRecord(key: ActionKey, judge?: Judge): StoreRecord | undefined {
    const path = recordPath(this.folder, key);
    this.index.look(key);
    const file = readStamped(path);
    if (!file) return undefined;
    const record = parseRecord(file.bytes, key);
    const reason = "damage" in record ? record.damage : this.objections.to(record, judge);
    if (reason !== undefined) this.#quarantine.take(path, { kind: "record", name: key, reason });
    // That was reported when the object was read.
    else if (this.objections.isMisnaming(record as StoreRecord)) {
      this.quarantineRecord(key, "an object is not what it says");
    } else {
      this.index.note(file.stamp, record as StoreRecord);
      return record as StoreRecord;
    }
    return undefined;
  }

  /**
   * What to throw where an object that was read is not what a record says. The object goes to
   * quarantine, whether the record is wrong or the object's writer was.
   */
  misnamed(schema: Columns, chunk: Chunk): MissingObject {
    this.objections.misnamed(schema, chunk);
    const path = this.objectPath(chunk.digest);
    const reason = "it is not what its record says";
    this.#quarantine.take(path, { kind: "object", name: chunk.digest, reason });
    return new MissingObject(chunk.digest, "misnamed");
  }

  /** Stores a record, unless there is one already. Returns the one that is in the store. */
  putRecord(draft: RecordDraft, published?: (file: Stamp) => void): StoreRecord {
    return this.#keep(writeRecord(draft, this.#signer), published);
  }

  /** Keeps a record that was verified, unless there is one already. */
  adoptRecord(record: StoreRecord): StoreRecord {
    return this.#keep({ record, bytes: Buffer.from(recordText(record)) });
  }

  #keep({ record, bytes }: ReturnType<typeof writeRecord>, published?: (file: Stamp) => void) {
    const { key } = record;
    this.index.look(key);
    const note = (file: Stamp) => {
      this.index.note(file, record);
      published?.(file);
    };
    return (
      put(this, recordPath(this.folder, key), bytes, () => this.getRecord(key), note) ?? record
    );
  }

  /** Signs a record that nobody signed; returns whether it is signed now. */
  signRecord(key: ActionKey): boolean {
    const record = this.getRecord(key);
    if (!record || record.signature || !this.#signer) return record?.signature !== undefined;
    const path = recordPath(this.folder, key);
    const text = recordText(signRecord(record, this.#signer));
    this.writing(path, () => replace(this.shelf("tmp"), path, text));
    return true;
  }

  /** Whether records are signed. */
  get signs(): boolean {
    return this.#signer !== undefined;
  }

  /** Whether exactly this record was set aside here: then it must not come back from a remote. */
  isSetAside(record: StoreRecord): boolean {
    return this.#quarantine.has(record.key, recordText(record));
  }

  /** Keeps a remote's bytes if they are that object and the table that a record says. */
  async adoptObject(
    schema: Columns,
    chunk: Chunk,
    pieces: AsyncIterable<Uint8Array>,
  ): Promise<"kept" | "wrong" | "misnamed"> {
    const path = this.objectPath(chunk.digest);
    const temporary = await receive(this.shelf("tmp"), chunk, pieces, (action) =>
      this.writing(path, action),
    );
    if (temporary === undefined) return "wrong";
    if (!(await tableIn(readBytes(temporary) ?? new Uint8Array(), schema, chunk))) {
      remove(temporary);
      this.objections.misnamed(schema, chunk);
      return "misnamed";
    }
    this.writing(path, () => publish(temporary, path));
    return "kept";
  }

  /** Whether a record of this action was set aside. */
  hasSetAside(key: ActionKey): boolean {
    return this.#quarantine.holds(key);
  }

  /** Sets a record aside, so that its action counts as not computed. */
  quarantineRecord(key: ActionKey, reason: string): void {
    this.#quarantine.setAside(recordPath(this.folder, key), { kind: "record", name: key, reason });
  }

  /** The keys of all records, in no order. */
  listRecords(): Generator<ActionKey, void, undefined> {
    return digestsIn(this.shelf("records"), ".json");
  }

  /** The digests of all objects, in no order. */
  listObjects(): Generator<Digest, void, undefined> {
    return digestsIn(this.shelf("objects"), "");
  }

  /** Does something that writes; its system errors become `StoreError`. */
  writing<T>(path: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw writeFailure(this.folder, path, error);
    }
  }

  /** Whether the object is there; other bytes under its digest are damaged. */
  #holds(digest: Digest, path: string): boolean {
    if (!existsSync(path)) return false;
    const found = readBytes(path);
    if (!found) return false;
    if (sha256(found) === digest) return true;
    this.#takeCorrupt(digest, path);
    return false;
  }

  #takeCorrupt(digest: Digest, path: string): void {
    const reason = "its bytes do not match its digest";
    this.#quarantine.take(path, { kind: "object", name: digest, reason });
  }

  #sweep(): void {
    const now = Date.now();
    try {
      sweepTemporary(this.shelf("tmp"), now);
      this.claims.sweep(now);
    } catch {
      // Tidying may fail, for instance in a read-only store.
    }
  }
}
