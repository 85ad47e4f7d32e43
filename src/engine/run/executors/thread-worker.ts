/** The code of a worker thread: one action at a time. */
import type { MessagePort } from "node:worker_threads";
import { Store } from "../../../store/store.ts";
import type { Action } from "../action.ts";
import type { Outcome } from "./channel.ts";
import { work } from "./work.ts";

let opened: Store | undefined;

/** Opening a store tidies it up, which once in a thread's life is often enough. */
function openStore(folder: string): Store {
  if (opened?.folder !== folder) opened = Store.open(folder);
  return opened;
}

export async function perform({
  action,
  port,
}: {
  readonly action: Action;
  readonly port: MessagePort;
}): Promise<Outcome> {
  const never = new AbortController().signal;
  try {
    return await work(action, openStore, (report) => port.postMessage(report), never);
  } finally {
    port.close();
  }
}
