/** Prints an error for a person, and returns its exit code. */
import { InvalidPipeline, UsageError } from "../../index.ts";
import { runCommand } from "./command.ts";
import { err } from "./terminal.ts";

/** @param args - of the command line that went wrong */
export function reportError(error: unknown, args: readonly string[]): number {
  if (error instanceof InvalidPipeline) {
    err.text(error.message);
    return 2;
  }
  if (error instanceof UsageError) {
    err.print(`error: ${error.message}`, ...(error.hint ? [`  = ${error.hint}`] : []));
    return 2;
  }
  const { name, message, code } = error as Error & { code?: string };
  if (name === "StoreError") {
    err.print(`error[${code}]: ${message}`);
    return 1;
  }
  if (name === "MissingObject") {
    err.print(`error[missing-object]: ${message}`, `  = ${commandFor(args)} computes it again`);
    return 1;
  }
  // Anything else is a bug of ours, and its report needs the stack trace.
  err.text(`internal error: ${(error as Error)?.stack ?? String(error)}`);
  return 1;
}

/** Runs what another command was asked for: `show FILE PATTERN`. */
function commandFor(args: readonly string[]): string {
  const words = args.slice(1).map((word) => (word.startsWith("-") ? undefined : word));
  const [file = "FILE", pattern] = words;
  const set = args.filter((_, i) => args[i - 1] === "--set");
  const only = pattern?.replace(/(^[^.[]*|\])\.[^.\]]*$/, "$1");
  return runCommand(file, set, ...(only === undefined ? [] : ["--only", only]));
}
