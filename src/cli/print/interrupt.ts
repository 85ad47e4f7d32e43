/** What Ctrl-C does to a run. */
import { Detached } from "../../index.ts";
import { err } from "./terminal.ts";

/** What is on the screen while a run goes on. */
interface Shown {
  say(text: string): void;
  close(): void;
}

/**
 * The first signal stops the run politely, the second ends the process at once. Jobs of a cluster are
 * cancelled on Ctrl-C, and left to themselves where the process is ended or its terminal is gone.
 */
export function onInterrupt(
  controller: AbortController,
  shown: Shown | undefined,
  onCluster = false,
): () => void {
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      shown?.close();
      process.exit(130);
    }
    const leaves = onCluster && signal !== "SIGINT";
    const doing = leaves ? "leaving" : onCluster ? "cancelling its jobs" : "stopping";
    if (shown) shown.say(`${doing}; finished work is kept (Ctrl-C again quits at once)`);
    else err.print(`${doing}; finished work is kept`);
    controller.abort(leaves ? new Detached("left") : new Error("interrupted"));
  };
  // SIGHUP: the terminal is gone.
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}
