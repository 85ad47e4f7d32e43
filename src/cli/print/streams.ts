/** What happens when nobody reads what is printed, or when it cannot be written. */
import { err } from "./terminal.ts";

let goesOn = false;

/** From now on, what this process does matters more than who reads of it. */
export function goOnUnread(): void {
  goesOn = true;
}

/**
 * A reader that has seen enough (`| head`) is no error: then a command that only prints ends. What
 * cannot be written for another reason is told of once, and the command fails.
 */
export function watchStreams(): void {
  // There is nowhere left to tell of it.
  process.stderr.on("error", () => {});
  let told = false;
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") {
      if (!goesOn) process.exit(process.exitCode ?? 0);
      return;
    }
    if (told) return;
    told = true;
    err.print(`error: cannot write to standard output: ${message}`);
    process.on("exit", () => {
      process.exitCode ||= 1;
    });
    if (!goesOn) process.exit();
  });
}
