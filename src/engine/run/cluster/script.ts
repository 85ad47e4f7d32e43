/** The script that a scheduler runs on a node for each task of a batch. */
import { fileURLToPath } from "node:url";
import { shellWord } from "../../../text/shell.ts";
import type { ClusterSettings } from "../../project/cluster-settings.ts";
import type { Shell } from "./schedulers/scheduler.ts";

/** The command line of this installation, which the nodes find at the same path. */
const program = fileURLToPath(new URL("../../../cli/main.js", import.meta.url));

export function scriptOf(
  folder: string,
  { setup, command }: ClusterSettings,
  { task, job, host }: Shell,
): string {
  const call = command ?? `${shellWord(process.execPath)} ${shellWord(program)}`;
  return [
    "#!/bin/bash",
    ...setup,
    `export BLOCKSPIN_JOB="${job}" BLOCKSPIN_HOST="${host}"`,
    // In place of the shell, so that signals reach it.
    `exec ${call} work ${shellWord(folder)} "${task}"`,
    "",
  ].join("\n");
}
