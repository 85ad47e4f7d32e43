/** What Ctrl-C does to a run. */
import { err } from "./terminal.ts";

/** What is on the screen while a run goes on. */
interface Shown {
  say(text: string): void;
  close(): void;
}

/** The first signal stops the run politely, the second ends the process at once. */
export function onInterrupt(controller: AbortController, shown: Shown | undefined): () => void {
  const stop = () => {
    if (controller.signal.aborted) {
      shown?.close();
      process.exit(130);
    }
    if (shown) shown.say("stopping; finished work is kept (Ctrl-C again quits at once)");
    else err.print("stopping; finished work is kept");
    controller.abort(new Error("interrupted"));
  };
  // SIGHUP: the terminal is gone.
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}
