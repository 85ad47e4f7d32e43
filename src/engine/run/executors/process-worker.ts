/**
 * The code of a worker process: one action, taken from one stream and reported on another. What the
 * node or its children print goes to standard output and error as it is.
 */
import { writeSync } from "node:fs";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { Store } from "../../../store/store.ts";
import { type Sender, send, take } from "./channel.ts";
import { toFailure } from "./executor.ts";
import { work } from "./work.ts";

export interface Ends {
  readonly from: Readable;
  readonly to: Sender;
  /** Called when who gave the action is gone. */
  orphaned(): void;
}

/** Resolves when the outcome is sent. SIGTERM aborts the action. */
export async function exec({ from, to, orphaned }: Ends): Promise<void> {
  const abort = new AbortController();
  process.once("SIGTERM", () => abort.abort());
  try {
    const action = await take(from, orphaned);
    const report = (message: Parameters<typeof send>[1]) => send(to, message);
    send(to, await work(action, (folder) => Store.open(folder), report, abort.signal));
  } catch (error) {
    send(to, { kind: "failure", failure: toFailure(error) });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  void exec({
    from: process.stdin,
    to: { write: (line) => writeSync(3, line) },
    // The process that started this one keeps the pipe open as long as it lives. When it is gone,
    // nobody waits for the result: this process ends, with all that it started.
    orphaned: () => process.kill(-process.pid, "SIGKILL"),
  }).then(() => process.exit());
}
