/**
 * A run that another process starts after an edit, in a process of its own, which has loaded none of a
 * user's code before. Talks to the one that started it, and ends with it.
 */
import { Replaced } from "../../index.ts";
import type { Watched } from "../options.ts";
import { start } from "../start.ts";
import type { FromRun, ToRun } from "./messages.ts";

const say = (message: FromRun) => {
  if (process.connected) process.send!(message);
};

const stop = new AbortController();
const replaced = new AbortController();
let hush: (quiet: boolean) => void = () => {};
let quiet = false;
let goOn = () => {};

process.on("message", (message: ToRun) => {
  if (message.kind === "hush") {
    quiet = message.quiet;
    hush(quiet);
    if (quiet) say({ kind: "hushed" });
    else goOn();
  } else if (message.kind === "replaced") {
    replaced.abort(new Replaced(new Set(message.keys)));
    goOn();
  } else {
    stop.abort(new Error("interrupted"));
  }
});
process.on("disconnect", () => {
  stop.abort(new Error("nobody watches any more"));
  goOn();
});

const watched: Watched = {
  onRead: (path) => say({ kind: "read", path }),
  onWanted: (keys) => say({ kind: "wanted", keys: [...keys] }),
  onHush(listener) {
    hush = listener;
  },
  async turn() {
    if (!quiet || replaced.signal.aborted) return;
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
  },
  ...{ replaced: replaced.signal, stop: stop.signal },
};
void start(process.argv.slice(2), { watched }).then(() => {
  // What is left to say has been said; the channel alone would keep this process.
  process.disconnect?.();
});
