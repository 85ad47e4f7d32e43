/**
 * What a worker does with an action, in a thread or in a process: loads the node type by the URL of
 * its module, so that the engine knows no node type, and performs it.
 */
import type { Store } from "../../../store/store.ts";
import { loadNode } from "../../modules/load-node.ts";
import type { Action } from "../action.ts";
import { keepThere } from "../keep.ts";
import { performAction } from "../perform.ts";
import type { Outcome, Report } from "./channel.ts";
import { toFailure } from "./executor.ts";

/** Never rejects: what goes wrong is an outcome. */
export async function work(
  action: Action,
  openStore: (folder: string) => Store,
  report: (report: Report) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const type = await loadNode(action);
    const store = openStore(action.store);
    const startedAt = new Date();
    const result = await performAction(action, type, store, {
      progress: (fraction, message, numbers) => {
        report({ kind: "progress", fraction, message, numbers });
      },
      log: (line) => report({ kind: "log", line }),
      signal,
    });
    const kept = action.recorded && keepThere(store, { action, type }, result, startedAt);
    return { kind: "result", result: kept ? { ...result, kept } : result };
  } catch (error) {
    return { kind: "failure", failure: toFailure(error) };
  }
}
