/** What a person sees of an error, and the exit code that it means. */
import { InvalidPipeline, UsageError } from "../../index.ts";

export function reportError(error: unknown): number {
  if (error instanceof InvalidPipeline) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (error instanceof UsageError) {
    process.stderr.write(`error: ${error.message}\n${error.hint ? `  = ${error.hint}\n` : ""}`);
    return 2;
  }
  const { name, message, code } = error as Error & { code?: string };
  if (name === "StoreError") {
    process.stderr.write(`error[${code}]: ${message}\n`);
    return 1;
  }
  if (name === "MissingObject") {
    process.stderr.write(
      `error[missing-object]: ${message}\n  = blockspin run <pipeline> --only <pattern> makes it again\n`,
    );
    return 1;
  }
  // Anything else is our bug: then a stack trace is what the report needs.
  process.stderr.write(`internal error: ${(error as Error)?.stack ?? String(error)}\n`);
  return 1;
}
