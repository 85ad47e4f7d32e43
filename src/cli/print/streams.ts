/** Handles output that nobody reads, and output that cannot be written. */
import { err } from "./terminal.ts";

let goesOn = false;

/** From now on, this process goes on although nobody reads its output. */
export function goOnUnread(): void {
  goesOn = true;
}

/**
 * A reader that closes the pipe (`| head`) is not an error: a command that only prints ends then. Any
 * other failure to write is reported once, and the command fails.
 */
export function watchStreams(): void {
  // A failure of standard error cannot be reported anywhere.
  process.stderr.on("error", () => {});
  let reported = false;
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") {
      if (!goesOn) process.exit(process.exitCode ?? 0);
      return;
    }
    if (reported) return;
    reported = true;
    err.print(`error: cannot write to standard output: ${message}`);
    process.on("exit", () => {
      process.exitCode ||= 1;
    });
    if (!goesOn) process.exit();
  });
}
