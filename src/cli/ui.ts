/**
 * `blockspin ui`: brings a pipeline up to date as `run` does, and serves the report of it, live, to
 * browsers on this machine.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Command } from "commander";
import { runPipeline, serveLive, UsageError } from "../index.ts";
import { type AblationOptions, open, openSilently } from "./open.ts";
import { type Given, natural, withRunOptions } from "./options.ts";
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
  readonly verbose?: boolean;
  readonly name?: string;
  readonly note?: string;
}

export function define(command: Command, given: Given) {
  withRunOptions(command)
    .option("--port <n>", "the port on 127.0.0.1 (default: any that is free)", natural)
    .option("--no-open", "print the address, and open no browser")
    .option("--once", "stop serving when the run has finished");
  return (file: string, options: UiFlags) => ui(file, options, given);
}

async function ui(file: string, options: UiFlags, { executors, args }: Given): Promise<number> {
  const opened = await open(file, options, options.only);
  // The page shows ablations that are cached, whatever runs now.
  const alone = options.ablation === undefined && opened.pipeline.ablations.length === 0;
  const shown = alone
    ? opened
    : await openSilently(file, { ...options, ablation: ["baseline", "all"] });
  const { port, only = [], jobs, keepGoing = false } = options;
  const live = await serveLive({ opened: shown, file, version: version(), port }).catch(
    (error: NodeJS.ErrnoException) => {
      const refused = ["EADDRINUSE", "EACCES", "ERR_SOCKET_BAD_PORT"];
      if (!refused.includes(error.code ?? "")) throw error;
      throw new UsageError(`port ${port} cannot be used: ${error.message}`, "--port, or none");
    },
  );
  out.print(live.url);
  if (options.open) openBrowser(live.url);
  const interrupt = new AbortController();
  const progress = new Progress(err, familiesOf(opened.graph, only), options);
  const forPeople = labelled(opened.graph);
  const stopListening = onInterrupt(interrupt, progress);
  try {
    const { counts, store } = await runPipeline(opened, {
      ...{ only, jobs, keepGoing, signal: interrupt.signal },
      ...{ name: options.name, note: options.note, command: ["ui", ...args], version: version() },
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
  if (!err.isTerminal) return;
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
