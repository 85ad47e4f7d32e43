#!/usr/bin/env node
/** The command line as a process: its arguments, streams and exit code. */
import { watchStreams } from "./print/streams.ts";
import { run } from "./program.ts";

watchStreams();
process.exitCode = await run(process.argv.slice(2));
