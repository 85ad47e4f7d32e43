/** Runs the command line as what a process is for: its arguments, streams and exit code. */
import type { Lent } from "./options.ts";
import { watchStreams } from "./print/streams.ts";
import { err, showOthers } from "./print/terminal.ts";
import { run } from "./program.ts";
import { failUnfinished } from "./unfinished.ts";

export async function start(args: readonly string[], lent: Lent = {}): Promise<void> {
  watchStreams();
  showOthers();
  // While a module is loaded, it may not call this one.
  const exit = process.exit.bind(process);
  // Nobody waits for what a module began when it was loaded.
  process.on("uncaughtException", (error: unknown) => {
    const { message = String(error), stack = "" } = Object(error) as Partial<Error>;
    const frame = /^ *at .+$/m.exec(stack)?.[0].trim();
    const lines = frame ? [`  = ${frame}`] : [];
    err.print(`error: failed outside of any action: ${message}`, ...lines);
    exit(1);
  });
  const ended = failUnfinished(["blockspin", ...args.slice(0, 1)].join(" "));
  process.exitCode = await run(args, lent);
  ended();
}
