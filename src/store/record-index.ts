/**
 * What the last plan of a pipeline read in records, in one file: the next plan reads that instead of a
 * file a record. Knows no graph and makes no decision.
 *
 * An entry counts only while nothing has changed in the folder of its record since it was last compared
 * with the record's file, or, after a change, if that file is still the same: inode, size and time. So
 * whatever happens in the store, by whoever knows nothing of this file, an entry that is behind is a miss,
 * and the record itself is read. The digest in the first line covers all others: an index that is
 * damaged, torn or of another format counts as absent. Of several processes that write at once, the last
 * one's file stays, and the others' entries are misses. Nothing but time is ever lost.
 */
import { join } from "node:path";
import type { ActionKey } from "../table/digest.ts";
import type { Artifact, Chunk, Columns } from "../table/schema.ts";
import { sha256 } from "./digest.ts";
import { readBytes, replace, type Stamp, sameStamp, stampOf } from "./files.ts";
import { type Folders, folderName, recordPath } from "./layout.ts";
import type { KnownRecord } from "./record.ts";

/** Of the lines' format. */
const version = 1;

/** Two changes of a folder that are nearer in time may leave the same time on it, in ms. */
const settledAfter = 2000;

/** Entries that a plan did not ask for stay while they are fewer than those that it did, and these. */
const spare = 1000;

/** `["sha256:…"`: where a line has its key. */
const keyAt = [2, 2 + "sha256:".length + 64] as const;

interface Head {
  readonly v: number;
  readonly schemas: readonly Columns[];
  /** Of the folders of records, by their names: as they were before the entries were compared. */
  readonly folders: Readonly<Record<string, Stamp>>;
}

interface RecordFolder {
  /** As it was when this process first looked at it. */
  readonly stamp: Stamp | undefined;
  /** Whether that is as it was when the index was made. */
  readonly same: boolean;
  /** Whether a later change will show in its time. */
  readonly settled: boolean;
}

type ChunkLine = readonly [digest: Chunk["digest"], rows: number, bytes: number];
type ArtifactLine = readonly [
  digest: Artifact["digest"],
  /** The number of the schema. */
  schema: number,
  rows: number,
  chunks: readonly ChunkLine[],
];
type Line = readonly [
  key: ActionKey,
  ...stamp: [ino: number, size: number, mtime: number],
  seconds: number,
  outputs: readonly (readonly [port: string, ArtifactLine])[],
  rest: Omit<KnownRecord, "key" | "seconds" | "outputs" | "checkpoint"> & {
    readonly checkpoint?: ArtifactLine;
  },
];

export class RecordIndex {
  readonly #folders: Folders & { readonly folder: string };
  /** Undefined until a pipeline's index is opened: then nothing is looked up or kept. */
  #path: string | undefined;
  readonly #schemas: Columns[] = [];
  readonly #numbers = new Map<string, number>();
  /** As the index has them, and as they are. */
  #then: Head["folders"] = {};
  readonly #seen = new Map<string, RecordFolder>();
  readonly #lines = new Map<ActionKey, string>();
  /** Those that somebody asked for, or noted. */
  readonly #used = new Set<ActionKey>();
  #changed = false;

  constructor(folders: Folders & { readonly folder: string }) {
    this.#folders = folders;
  }

  /** From now on, what is read and put is kept in the index of a pipeline, and looked up there. */
  open(pipeline: string): void {
    if (this.#path !== undefined) return;
    this.#path = join(this.#folders.shelf("index"), folderName(pipeline));
    try {
      this.#read(this.#path);
    } catch {
      // Unreadable, or not ours: each record is read.
    }
  }

  #read(path: string): void {
    const bytes = readBytes(path);
    if (!bytes) return;
    const all = Buffer.from(bytes.buffer);
    const start = all.indexOf("\n") + 1;
    if (all.toString("latin1", 0, start - 1) !== sha256(all.subarray(start))) return;
    const [head = "", ...lines] = all.toString("utf8", start).split("\n");
    const { v, schemas, folders } = JSON.parse(head) as Head;
    if (v !== version) return;
    this.#then = folders;
    for (const schema of schemas) this.#numberOf(schema);
    for (const line of lines) this.#lines.set(line.slice(...keyAt) as ActionKey, line);
  }

  /** Looks at the folder of a record: to be called before the record is read or put. */
  look(key: ActionKey): Pick<RecordFolder, "same"> {
    if (this.#path === undefined) return { same: false };
    const name = folderOf(key);
    const seen = this.#seen.get(name);
    if (seen) return seen;
    const stamp = stampOf(join(this.#folders.shelf("records"), name));
    const same = sameStamp(stamp, this.#then[name]);
    const settled = stamp !== undefined && Date.now() - stamp.mtime > settledAfter;
    if (settled && !same) this.#changed = true;
    const found = { stamp, same, settled };
    this.#seen.set(name, found);
    return found;
  }

  /** What the record of an action has; undefined unless its file is the one that was read then. */
  get(key: ActionKey): KnownRecord | undefined {
    if (this.#path === undefined) return undefined;
    const { same } = this.look(key);
    const line = this.#lines.get(key);
    if (line === undefined) return undefined;
    const [, ino, size, mtime, seconds, outputs, rest] = JSON.parse(line) as Line;
    if (!same && !sameStamp(stampOf(recordPath(this.#folders.folder, key)), { ino, size, mtime })) {
      return undefined;
    }
    this.#used.add(key);
    const artifacts: Record<string, Artifact> = new Ports();
    for (const [port, artifact] of outputs) artifacts[port] = this.#artifact(artifact);
    const { warnings, checkpoint, accepted } = rest;
    return {
      ...{ key, seconds, outputs: artifacts, warnings },
      ...(checkpoint ? { checkpoint: this.#artifact(checkpoint) } : {}),
      ...(accepted ? { accepted } : {}),
    };
  }

  /** Takes what is needed of a record that was found whole. @param file - the one that it lies in */
  note(file: Stamp, { key, seconds, outputs, checkpoint, accepted, warnings }: KnownRecord): void {
    if (this.#path === undefined) return;
    const ports = Object.entries(outputs).map(
      ([port, artifact]) => [port, this.#lineOf(artifact)] as const,
    );
    const rest: Line[6] = {
      warnings,
      ...(checkpoint ? { checkpoint: this.#lineOf(checkpoint) } : {}),
      ...(accepted ? { accepted } : {}),
    };
    const line: Line = [key, file.ino, file.size, file.mtime, seconds, ports, rest];
    this.#lines.set(key, JSON.stringify(line));
    this.#used.add(key);
    this.#changed = true;
  }

  /** Writes what was noted, if anything was. */
  save(): void {
    if (!this.#changed || this.#path === undefined) return;
    this.#changed = false;
    const folders = [...this.#seen].flatMap(([name, { stamp, settled }]) =>
      stamp && settled ? [[name, stamp] as const] : [],
    );
    const head: Head = {
      ...{ v: version, schemas: this.#schemas },
      folders: { ...this.#then, ...Object.fromEntries(folders) },
    };
    const lines = [JSON.stringify(head), ...this.#kept()];
    const text = Buffer.from(lines.join("\n"));
    try {
      replace(this.#folders.shelf("tmp"), this.#path, Buffer.concat([first(text), text]), 0o644);
    } catch {
      // A store that may only be read, or a full one: the next plan reads each record.
    }
  }

  /** Lines that nobody asked for were compared with no file, so their folders must be the same. */
  #kept(): readonly string[] {
    const { size } = this.#used;
    const isFew = this.#lines.size - size <= size + spare;
    const isSame = (key: ActionKey) => this.#seen.get(folderOf(key))?.same !== false;
    return [...this.#lines].flatMap(([key, line]) =>
      this.#used.has(key) || (isFew && isSame(key)) ? line : [],
    );
  }

  #artifact([digest, schema, rows, chunks]: ArtifactLine): Artifact {
    return {
      digest,
      schema: this.#schemas[schema]!,
      chunks: chunks.map(([digest, rows, bytes]) => ({ digest, rows, bytes })),
      rows,
    };
  }

  #lineOf({ digest, schema, rows, chunks }: Artifact): ArtifactLine {
    const parts = chunks.map(({ digest, rows, bytes }): ChunkLine => [digest, rows, bytes]);
    return [digest, this.#numberOf(schema), rows, parts];
  }

  #numberOf(schema: Columns): number {
    const text = JSON.stringify(schema);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#schemas.length);
    return this.#schemas.push(schema) - 1;
  }
}

/** Has no names but its own. Objects that inherit from nothing at all take three times as much memory. */
const Ports = function Ports() {} as unknown as new () => Record<string, Artifact>;
Ports.prototype = Object.create(null);

/** The two digits that name the folder of a record. */
function folderOf(key: ActionKey): string {
  return key.slice("sha256:".length, "sha256:".length + 2);
}

function first(text: Uint8Array): Buffer {
  return Buffer.from(`${sha256(text)}\n`);
}
