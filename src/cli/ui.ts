/**
 * `blockspin ui`: brings a pipeline up to date as `run` does, and serves the report of it, live, to
 * browsers on this machine.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Command } from "commander";
import { runPipeline, serveLive, UsageError } from "../index.ts";
import { type AblationOptions, open } from "./open.ts";
import { type Lent, natural, positive, withPipeline } from "./options.ts";
import { onInterrupt } from "./print/interrupt.ts";
import { familiesOf, labelled } from "./print/progress/families.ts";
import { Progress } from "./print/progress/progress.ts";
import { err, out } from "./print/terminal.ts";
import { version } from "./version.ts";

interface UiFlags extends AblationOptions {
  readonly port?: number;
  readonly open: boolean;
  readonly once?: boolean;
  readonly only?: string[];
  readonly jobs?: number;
  readonly keepGoing?: boolean;
}

export function define(command: Command, lent: Lent) {
  withPipeline(command)
    .option("--port <n>", "the port on 127.0.0.1 (default: any that is free)", natural)
    .option("--no-open", "print the address, and open no browser")
    .option("--once", "stop serving when the run has finished")
    .option("--only <pattern...>", "run only these instances and what they need")
    .option("--ablation <name...>", "run these ablations instead of the baseline; or all")
    .option(
      "--jobs <n>",
      "how many actions to run at once (default: the number of cores)",
      positive,
    )
    .option("--keep-going", "after a failure, go on with everything that does not depend on it");
  return (file: string, options: UiFlags) => ui(file, options, lent);
}

async function ui(file: string, options: UiFlags, { executors }: Lent): Promise<number> {
  const opened = await open(file, options, options.only);
  const shown = await open(file, { ...options, ablation: ["baseline", "all"] });
  const { port, only = [], jobs, keepGoing = false } = options;
  const live = await serveLive({ opened: shown, file, version: version(), port }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
      throw new UsageError(`port ${port} cannot be used: ${error.message}`, "--port, or none");
    },
  );
  out.print(live.url);
  if (options.open) openBrowser(live.url);
  const interrupt = new AbortController();
  const progress = new Progress(err, familiesOf(opened.graph, only));
  const forPeople = labelled(opened.graph);
  const stopListening = onInterrupt(interrupt, progress);
  try {
    const { counts, store } = await runPipeline(opened, {
      ...{ only, jobs, keepGoing, signal: interrupt.signal },
      ...(executors ? { executors } : {}),
      onForecast(forecast) {
        progress.expect(forecast);
        live.expect(forecast);
      },
      onEvent(event) {
        live.on(event);
        progress.on(forPeople(event));
      },
    });
    await store.close(interrupt.signal.aborted ? 0 : undefined);
    if (interrupt.signal.aborted) return 130;
    if (!options.once) {
      err.print(`the page stays at ${live.url} until you stop it (Ctrl-C)`);
      await once(interrupt.signal, "abort");
    }
    return counts.failed > 0 ? 1 : 0;
  } finally {
    progress.close();
    stopListening();
    await live.close();
  }
}

/** Nothing depends on it: the address is printed, too. */
function openBrowser(url: string): void {
  if (!process.stderr.isTTY) return;
  const [command, ...args] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? ["explorer.exe", url]
        : ["xdg-open", url];
  const child = spawn(command!, args, { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
