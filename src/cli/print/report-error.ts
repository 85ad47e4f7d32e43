/** Prints an error for a person, and returns its exit code. */
import { InvalidPipeline, UsageError } from "../../index.ts";
import { err } from "./terminal.ts";

export function reportError(error: unknown): number {
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
    err.print(
      `error[missing-object]: ${message}`,
      "  = blockspin run <pipeline> --only <pattern> computes it again",
    );
    return 1;
  }
  // Anything else is a bug of ours, and its report needs the stack trace.
  err.text(`internal error: ${(error as Error)?.stack ?? String(error)}`);
  return 1;
}
