/**
 * The code of a worker thread: one action at a time. Finds the node type by the module's URL, so
 * that the engine knows no node type.
 */
import type { MessagePort } from "node:worker_threads";
import { Store } from "../../store/store.ts";
import { loadNode } from "../modules/load-node.ts";
import type { Action, ActionResult } from "./action.ts";
import { type Failure, toFailure } from "./executor.ts";
import { performAction } from "./perform.ts";

export type WorkerMessage =
  | { readonly kind: "progress"; readonly fraction: number; readonly message: string | undefined }
  | { readonly kind: "log"; readonly line: string };

let opened: Store | undefined;

/** Opening one tidies it up, which once in a thread's life is often enough. */
function openStore(folder: string): Store {
  if (opened?.folder !== folder) opened = Store.open(folder);
  return opened;
}

export async function perform({
  action,
  port,
}: {
  action: Action;
  port: MessagePort;
}): Promise<{ result: ActionResult } | { failure: Failure }> {
  const send = (message: WorkerMessage) => port.postMessage(message);
  try {
    const type = await loadNode(action);
    const result = await performAction(action, type, openStore(action.store), {
      progress: (fraction, message) => send({ kind: "progress", fraction, message }),
      log: (line) => send({ kind: "log", line }),
      signal: new AbortController().signal,
    });
    return { result };
  } catch (error) {
    return { failure: toFailure(error) };
  } finally {
    port.close();
  }
}
