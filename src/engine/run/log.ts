/** Keeps the end of what an action prints, and cuts long lines. */
import { format } from "node:util";
import { clipEnd } from "../../text/clip.ts";

/** The end of the log that events, records and failures carry. */
export const logTailLines = 200;

const lineLength = 8192;

export function clipLine(line: string): string {
  return clipEnd(line, lineLength);
}

/** The last lines of what was added. */
export class LogTail {
  readonly #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(clipLine(line));
    if (this.#lines.length > 2 * logTailLines) this.#lines.splice(0, logTailLines);
  }

  get lines(): readonly string[] {
    return this.#lines.slice(-logTailLines);
  }
}

/**
 * Sends what a node prints to its log: not to the screen, nor between the JSON of `run --json`. For one
 * action at a time per thread. Returns a function that undoes it.
 */
export function captureOutput(log: (line: string) => void): () => void {
  const { log: out, info, warn, error, debug } = console;
  const print = (...values: unknown[]) => {
    for (const line of format(...values).split("\n")) log(line);
  };
  Object.assign(console, { log: print, info: print, warn: print, error: print, debug: print });
  const streams = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write;
    stream.write = ((chunk: Uint8Array | string) => {
      print(String(chunk).replace(/\n$/, ""));
      return true;
    }) as typeof stream.write;
    return () => {
      stream.write = write;
    };
  });
  return () => {
    Object.assign(console, { log: out, info, warn, error, debug });
    for (const restore of streams) restore();
  };
}
