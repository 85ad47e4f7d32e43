/** What Ctrl-C does to a run. */

/** The first signal stops the run politely, the second ends the process at once. */
export function onInterrupt(controller: AbortController, announce: () => unknown): () => void {
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    announce();
    controller.abort(new Error("interrupted"));
  };
  // SIGHUP: the terminal is gone.
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}
