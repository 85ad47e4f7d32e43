#!/usr/bin/env node
/** The command line as a process. */
import { start } from "./start.ts";

await start(process.argv.slice(2));
