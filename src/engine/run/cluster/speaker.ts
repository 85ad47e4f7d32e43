/** Writes what a task says, a line an event, so that who reads it follows. Bounded: logs are left out first. */
import { appendFileSync } from "node:fs";
import { eventsPath, type Said } from "./batch.ts";

const flushMs = 200;
/** A file that is longer takes no more lines of logs: their last lines are in the record. */
const logBytes = 4 << 20;

export class Speaker {
  readonly #path: string;
  #waiting: string[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: string, task: number) {
    this.#path = eventsPath(folder, task);
  }

  say(said: Said): void {
    const quiet = said.event === "log" || said.event === "progress";
    if (quiet && this.#bytes > logBytes) return;
    const line = `${JSON.stringify(said)}\n`;
    this.#bytes += Buffer.byteLength(line);
    this.#waiting.push(line);
    if (!quiet) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), flushMs).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#waiting.splice(0).join("");
    // What is said helps a person; what counts is in the outcomes.
    if (text !== "") attempt(() => appendFileSync(this.#path, text));
  }
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // A full disk, or a folder that somebody removed.
  }
}
