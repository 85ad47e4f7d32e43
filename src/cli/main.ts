#!/usr/bin/env node
/** The command line as a process: its arguments, streams and exit code. */
import { watchStreams } from "./print/streams.ts";
import { err, showOthers } from "./print/terminal.ts";
import { run } from "./program.ts";

watchStreams();
showOthers();
// While a module is loaded, it may not call this one.
const exit = process.exit.bind(process);
// Nobody waits for what a module began when it was loaded.
process.on("uncaughtException", (error: unknown) => {
  const { message = String(error), stack = "" } = Object(error) as Partial<Error>;
  const frame = /^ *at .+$/m.exec(stack)?.[0].trim();
  err.print(`error: failed outside of any action: ${message}`, ...(frame ? [`  = ${frame}`] : []));
  exit(1);
});
process.exitCode = await run(process.argv.slice(2));
