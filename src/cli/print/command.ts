/** Commands that a person may copy. */
import { shellWord } from "../../text/shell.ts";

/** @param set - the overrides that the command has to repeat */
export function runCommand(
  file: string,
  set: readonly string[] = [],
  ...options: readonly string[]
): string {
  return commandLine("run", file, set, ...options);
}

/** @param set - the overrides that the command has to repeat */
export function commandLine(
  command: string,
  file: string,
  set: readonly string[] = [],
  ...options: readonly string[]
): string {
  const overrides = set.flatMap((override) => ["--set", override]);
  return [program(), ...[command, file, ...overrides, ...options].map(shellWord)].join(" ");
}

/** What starts this program here: in a clone or a project it is not on the PATH, and npm found it. */
function program(): string {
  return process.env["npm_command"] ? "npx blockspin" : "blockspin";
}
