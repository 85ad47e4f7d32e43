/** `blockspin cache pin` and `unpin`: protect instances from `gc`, or no longer. */
import type { Command } from "commander";
import { pinInstances, UsageError } from "../../index.ts";
import { type CommonOptions, open } from "../open.ts";
import { json, onePattern, withPipeline } from "../options.ts";
import { runCommand } from "../print/command.ts";
import { count } from "../print/shared.ts";
import { out } from "../print/terminal.ts";

/** A command that pins (`keep`) or unpins. */
function commandThat(keep: boolean) {
  return {
    define(command: Command) {
      withPipeline(command).argument("<pattern...>", onePattern).addOption(json());
      return (file: string, patterns: readonly string[], options: CommonOptions) =>
        change(file, patterns, options, keep);
    },
  };
}

export const pin = commandThat(true);
export const unpin = commandThat(false);

async function change(
  file: string,
  patterns: readonly string[],
  options: CommonOptions,
  keep: boolean,
): Promise<number> {
  const opened = await open(file, options, patterns);
  const { changed, unchanged } = await pinInstances(opened, patterns, keep);
  if (options.json) {
    out.json({ changed, unchanged });
  } else if (changed.length > 0) {
    out.print(`${keep ? "pinned" : "unpinned"} ${count(changed.length, "instance")}`);
  }
  if (unchanged.length === 0 || options.json) return 0;
  const first = `${unchanged[0]}${unchanged.length > 1 ? ` and ${unchanged.length - 1} more` : ""}`;
  if (keep) {
    const hint = runCommand(file, options.set);
    throw new UsageError(`cannot pin what is not computed: ${first}`, hint);
  }
  throw new UsageError(`not pinned: ${first}`);
}
