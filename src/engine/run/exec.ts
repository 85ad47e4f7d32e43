/**
 * One action in a process of its own: the action as a line of JSON on standard input, messages as JSON lines
 * on file descriptor 3. What the node or its children print goes to standard output and error as
 * it is.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { Store } from "../../store/store.ts";
import { loadNode } from "../modules/load-node.ts";
import type { Action, ActionResult } from "./action.ts";
import { type Failure, toFailure } from "./executor.ts";
import { performAction } from "./perform.ts";
import type { WorkerMessage } from "./worker.ts";

export type ExecMessage =
  | WorkerMessage
  | { readonly kind: "result"; readonly result: ActionResult }
  | { readonly kind: "failure"; readonly failure: Failure };

export async function exec(orphaned = () => {}): Promise<void> {
  const send = (message: ExecMessage) => writeSync(3, `${JSON.stringify(message)}\n`);
  const abort = new AbortController();
  process.once("SIGTERM", () => abort.abort());
  try {
    const action = JSON.parse(await firstLine(orphaned)) as Action;
    const type = await loadNode(action);
    const result = await performAction(action, type, Store.open(action.store), {
      progress: (fraction, message) => send({ kind: "progress", fraction, message }),
      log: (line) => send({ kind: "log", line }),
      signal: abort.signal,
    });
    send({ kind: "result", result });
  } catch (error) {
    send({ kind: "failure", failure: toFailure(error) });
  }
  process.exit();
}

/** @param orphaned - called when whoever gave the action has closed the pipe */
function firstLine(orphaned: () => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: process.stdin });
    lines.once("line", (line) => {
      lines.once("close", orphaned);
      resolve(line);
    });
    lines.once("close", () => reject(new Error("no action on standard input")));
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  // The executor that started this keeps the pipe open as long as it lives. When it is gone, nobody
  // waits for the result any more: this process ends, with all that it started.
  await exec(() => process.kill(-process.pid, "SIGKILL"));
}
