/**
 * One action in a process of its own: the action as JSON on standard input, messages as JSON lines
 * on file descriptor 3. What the node or its children print goes to standard output and error as
 * it is. `blockspin exec` calls this; so would a cluster's job script.
 */
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { Store } from "../../store/store.ts";
import type { Action, ActionResult } from "./action.ts";
import { type Failure, toFailure } from "./executor.ts";
import { loadNode } from "./load-node.ts";
import { performAction } from "./perform.ts";
import type { WorkerMessage } from "./worker.ts";

export type ExecMessage =
  | WorkerMessage
  | { readonly kind: "result"; readonly result: ActionResult }
  | { readonly kind: "failure"; readonly failure: Failure };

export async function exec(): Promise<void> {
  const send = (message: ExecMessage) => writeSync(3, `${JSON.stringify(message)}\n`);
  const abort = new AbortController();
  process.once("SIGTERM", () => abort.abort());
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    const action = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Action;
    const type = await loadNode(action.module, action.nodeType);
    const result = await performAction(action, type, Store.open(action.store), {
      progress: (fraction, message) => send({ kind: "progress", fraction, message }),
      log: (line) => send({ kind: "log", line }),
      signal: abort.signal,
    });
    send({ kind: "result", result });
  } catch (error) {
    send({ kind: "failure", failure: toFailure(error) });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await exec();
}
