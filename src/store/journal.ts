/**
 * Journals: what happened in a run, one event a line, one file a run. Local and never shared. Knows
 * of an event only that it is a JSON object, and what the fields that many have look like.
 */
import { randomUUID } from "node:crypto";
import { appendFileSync, closeSync, openSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { isDigest } from "./digest.ts";
import { namesIn, publish, readBytes, writeAll, writeTemporary } from "./files.ts";
import { type Folders, folderName } from "./layout.ts";

/** A line of a journal: what happened, with fields that the engine knows. */
export interface JournalEvent {
  readonly event: string;
}

/** Characters of lines that wait. */
const mostWaiting = 1 << 16;

/** The time of the last journal that this process created, in ms. */
let latest = 0;

/** One run's journal, open for writing. */
export class Journal {
  readonly path: string;
  readonly #folders: Folders;
  readonly #file: number;
  #waiting = "";

  private constructor(folders: Folders, path: string) {
    this.path = path;
    this.#folders = folders;
    this.#file = openSync(path, "a");
  }

  /** `runs/<pipeline>/<time>-<id>.jsonl`. Throws `StoreError`. */
  static create(folders: Folders, pipeline: string): Journal {
    const folder = join(folders.shelf("runs"), folderName(pipeline));
    // The order of names is that of runs, so two runs of one process never have the same time.
    latest = Math.max(Date.now(), latest + 1);
    const time = new Date(latest).toISOString().replace(/[-:.]/g, "");
    const path = join(folder, `${time}-${randomUUID().slice(0, 8)}.jsonl`);
    return folders.writing(path, () => {
      publish(writeTemporary(folders.shelf("tmp"), "", 0o644).path, path);
      return new Journal(folders, path);
    });
  }

  /**
   * Adds a line at once, so that a kill loses at most the line being written. What comes by the thousand
   * can wait until this process has nothing else to do, or for the next line that cannot.
   */
  append(event: JournalEvent, canWait = false): void {
    if (canWait && this.#waiting === "") setImmediate(() => this.#tryFlush());
    this.#waiting += `${JSON.stringify(event)}\n`;
    if (!canWait || this.#waiting.length > mostWaiting) this.#flush();
  }

  /** What fails stays waiting, and fails again where somebody can be told. */
  #tryFlush(): void {
    try {
      this.#flush();
    } catch {
      // A full disk.
    }
  }

  #flush(): void {
    if (this.#waiting === "") return;
    this.#folders.writing(this.path, () => writeAll(this.#file, Buffer.from(this.#waiting)));
    this.#waiting = "";
  }

  close(): void {
    try {
      this.#flush();
    } finally {
      this.#waiting = "";
      closeSync(this.#file);
    }
  }
}

/**
 * Adds a line to the journal of an earlier run, which stays as old as it is. Throws `StoreError`.
 */
export function appendToJournal(
  folders: Folders,
  pipeline: string,
  name: string,
  event: JournalEvent,
): void {
  const path = journalPath(folders, pipeline, name);
  folders.writing(path, () => {
    const { atime, mtime } = statSync(path);
    // A kill may have torn the last line.
    const torn = readBytes(path)?.at(-1) !== newline;
    appendFileSync(path, `${torn ? "\n" : ""}${JSON.stringify(event)}\n`);
    utimesSync(path, atime, mtime);
  });
}

const newline = "\n".charCodeAt(0);

/**
 * The events of a pipeline's runs: newest run first, at most `limit` runs; in a run, oldest event
 * first. A line torn by a kill is left out.
 */
export function readJournals(
  folders: Folders,
  pipeline: string,
  limit = Number.POSITIVE_INFINITY,
): JournalEvent[][] {
  return [...eachJournal(folders, pipeline, limit)];
}

/**
 * The same runs, as they are at the call; each is read only when its turn comes.
 */
export function eachJournal(
  folders: Folders,
  pipeline: string,
  limit = Number.POSITIVE_INFINITY,
): Iterable<JournalEvent[]> {
  const names = journalNames(folders, pipeline).slice(0, limit);
  function* read(): Generator<JournalEvent[], void, undefined> {
    for (const name of names) yield readJournal(folders, pipeline, name);
  }
  return read();
}

/** `<time>-<id>` of a pipeline's runs, the newest first. */
export function journalNames(folders: Folders, pipeline: string): string[] {
  const files = namesIn(join(folders.shelf("runs"), folderName(pipeline))).filter((name) =>
    name.endsWith(".jsonl"),
  );
  return files
    .sort()
    .reverse()
    .map((name) => name.slice(0, -".jsonl".length));
}

/** The names of the pipelines that have run; a long name is cut as its folder's name is. */
export function pipelinesWithJournals(folders: Folders): string[] {
  return namesIn(folders.shelf("runs")).flatMap((folder) => {
    try {
      return decodeURIComponent(folder);
    } catch {
      return []; // Not a folder of ours.
    }
  });
}

export function journalPath(folders: Folders, pipeline: string, name: string): string {
  return join(join(folders.shelf("runs"), folderName(pipeline)), `${name}.jsonl`);
}

/** The events of one run, oldest first; none if there is no run of that name. */
export function readJournal(folders: Folders, pipeline: string, name: string): JournalEvent[] {
  return readEvents(readBytes(journalPath(folders, pipeline, name)) ?? new Uint8Array());
}

/** Whether a person gave the run a name, and has not taken it away. */
export function isNamed(events: readonly JournalEvent[]): boolean {
  const named = events.findLast((event) => event.event === "named" && "name" in event);
  const { name } = (named ?? {}) as { name?: unknown };
  return typeof name === "string" && name !== "";
}

/** Reads a journal that is being written, as it grows. */
export class JournalTail {
  readonly #path: string;
  #read = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** The events since the last call. */
  next(): JournalEvent[] {
    if ((statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) <= this.#read) return [];
    const bytes = readBytes(this.#path, this.#read) ?? new Uint8Array();
    // A line that is not whole yet has its turn later.
    const whole = bytes.subarray(0, bytes.lastIndexOf(newline) + 1);
    this.#read += whole.length;
    return readEvents(whole);
  }
}

/** Line by line: a journal may be longer than the longest string. */
function readEvents(bytes: Uint8Array): JournalEvent[] {
  const events: JournalEvent[] = [];
  const decoder = new TextDecoder();
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(newline, from);
    const to = found < 0 ? bytes.length : found;
    const line = decoder.decode(bytes.subarray(from, to));
    from = to + 1;
    try {
      const event = JSON.parse(line || "null") as JournalEvent | null;
      if (typeof event?.event === "string" && isSound(event)) events.push(event);
    } catch {
      // Torn.
    }
  }
  return events;
}

const isText = (value: unknown) => typeof value === "string";
const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
/** In seconds: a thousand years. */
const longest = 3e10;
const isTime = (value: unknown) => typeof value === "number" && value >= 0 && value < longest;
const fields = new Map<string, (value: unknown) => boolean>([
  ...["id", "state", "error"].map((name) => [name, isText] as const),
  ...["log", "reason"].map((name) => [name, areTexts] as const),
  ["key", (value) => isDigest(value)],
  ["seconds", isTime],
]);

/** A damaged line says nothing that can be relied on. */
function isSound(event: object): boolean {
  return Object.entries(event).every(([name, value]) => fields.get(name)?.(value) ?? true);
}
