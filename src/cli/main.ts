/** The command line as a process. */
import { start } from "./start.ts";

void start(process.argv.slice(2));
