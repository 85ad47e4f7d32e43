/**
 * What instances print while they run, line by line as it comes: a file an instance, beside the journal
 * of the run. Local, bounded and never shared; a log that cannot be written is left out. Knows an
 * instance only by its id.
 */
import { appendFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { hexOf, sha256 } from "./digest.ts";
import { makeFolder, namesIn, readBytes } from "./files.ts";
import { logsFolder } from "./layout.ts";

/** A file that is longer is put aside, and the one that was put aside before is dropped. */
const fileBytes = 512 << 10;
/** A run that has written more keeps less of each instance. */
const runBytes = 128 << 20;
const fileBytesThen = 16 << 10;
/** Logs of as many runs of a pipeline are kept. */
const runsKept = 20;
/** A kill loses what was printed in this time. */
const flushMs = 100;
const linesAtOnce = 1000;

export interface RunLog {
  /** How many lines before these were dropped. */
  readonly dropped: number;
  readonly lines: readonly string[];
}

interface Writing {
  /** Lines that are not written yet. */
  waiting: string[];
  /** How many lines it has had, those that wait excepted. */
  count: number;
  bytes: number;
}

/** The logs of one run, open for writing. */
export class RunLogs {
  readonly #folder: string;
  readonly #open = new Map<string, Writing>();
  #timer: NodeJS.Timeout | undefined;
  #bytes = 0;
  #broken = false;
  readonly #atExit = () => this.flush();

  /** @param journal - path of the run's journal */
  constructor(journal: string) {
    this.#folder = logsFolder(journal);
  }

  add(id: string, line: string): void {
    if (this.#broken) return;
    if (this.#open.size === 0) this.#begin();
    const writing = this.#open.get(id) ?? { waiting: [], count: 0, bytes: 0 };
    this.#open.set(id, writing);
    writing.waiting.push(...line.split("\n"));
    // So that what is put aside is small, however fast it came.
    if (writing.waiting.length >= linesAtOnce) this.flush(id);
    this.#timer ??= setTimeout(() => this.flush(), flushMs).unref();
  }

  /** Writes what waits: of one instance, or of all. */
  flush(id?: string): void {
    if (id === undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    for (const [name, writing] of id === undefined
      ? this.#open
      : [[id, this.#open.get(id)] as const]) {
      if (!writing || writing.waiting.length === 0 || this.#broken) continue;
      try {
        this.#write(join(this.#folder, nameOf(name)), writing);
      } catch {
        this.#broken = true;
      }
    }
  }

  close(): void {
    this.flush();
    process.off("exit", this.#atExit);
  }

  #begin(): void {
    process.once("exit", this.#atExit);
    try {
      makeFolder(this.#folder);
      forgetOld(dirname(this.#folder));
    } catch {
      this.#broken = true;
    }
  }

  #write(path: string, writing: Writing): void {
    const limit = this.#bytes > runBytes ? fileBytesThen : fileBytes;
    if (writing.bytes > limit) {
      renameSync(path, `${path}.old`);
      writing.bytes = 0;
    }
    const head = writing.bytes === 0 ? `${writing.count}\n` : "";
    const text = `${head}${writing.waiting.join("\n")}\n`;
    appendFileSync(path, text);
    const size = Buffer.byteLength(text);
    writing.bytes += size;
    this.#bytes += size;
    writing.count += writing.waiting.length;
    writing.waiting = [];
  }
}

function forgetOld(folder: string): void {
  const runs = namesIn(folder).filter((name) => name.endsWith(".logs"));
  for (const name of runs.sort().slice(0, -runsKept)) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** What an instance printed in a run, as far as it is kept; undefined if nothing is. */
export function readRunLog(journal: string, id: string): RunLog | undefined {
  const path = join(logsFolder(journal), nameOf(id));
  const files = [readFile(`${path}.old`), readFile(path)].flatMap((file) => file ?? []);
  const [first] = files;
  return first && { dropped: first.dropped, lines: files.flatMap(({ lines }) => lines) };
}

/** Changes whenever more was printed. */
export function runLogMark(journal: string, id: string): string {
  const stat = statSync(join(logsFolder(journal), nameOf(id)), { throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size}` : "";
}

function readFile(path: string): RunLog | undefined {
  const bytes = readBytes(path);
  if (!bytes) return undefined;
  const [head, ...lines] = new TextDecoder().decode(bytes).split("\n");
  // The last line ends with a line feed, unless a kill tore it.
  if (lines.at(-1) === "") lines.pop();
  return { dropped: Number(head) || 0, lines };
}

function nameOf(id: string): string {
  return `${hexOf(sha256(id)).slice(0, 32)}.log`;
}
