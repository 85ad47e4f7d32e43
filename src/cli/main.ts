#!/usr/bin/env node
/** The command line as a process: what it is given, what it prints, and its exit code. */
import { watchStreams } from "./print/streams.ts";
import { run } from "./program.ts";

watchStreams();
process.exitCode = await run(process.argv.slice(2));
