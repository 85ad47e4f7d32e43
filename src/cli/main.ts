#!/usr/bin/env node
/** The command line as a process. */
import { setFlagsFromString } from "node:v8";
import { start } from "./start.ts";

// V8 compiles a function once it has run for so long. Most processes end in seconds, and with its default, a
// quarter of this, spend a fifth of their CPU time compiling; loops of minutes start a few ms later.
setFlagsFromString("--interrupt-budget=300000");

await start(process.argv.slice(2));
