/** `blockspin cache pull`: downloads what others have computed of a pipeline. */
import type { Command } from "commander";
import { pullPipeline } from "../../index.ts";
import { type CommonOptions, open } from "../open.ts";
import { json, onePattern, withPipeline } from "../options.ts";
import { Bar } from "../print/bar.ts";
import { count, sharedLines } from "../print/shared.ts";
import { out } from "../print/terminal.ts";

export function define(command: Command) {
  withPipeline(command)
    .addOption(json())
    .argument("[pattern...]", onePattern)
    .option("--objects", "download the bytes of every instance");
  return pull;
}

async function pull(
  file: string,
  patterns: readonly string[],
  options: CommonOptions & { readonly objects?: boolean },
): Promise<number> {
  const opened = await open(file, options, patterns);
  const bar = new Bar("instances brought here", { quiet: options.json });
  const found = await pullPipeline(opened, patterns, options.objects ?? false, bar.to);
  bar.end();
  const { records, instances, wanted, missing } = found;
  const shared = await found.store.close(Number.POSITIVE_INFINITY);
  if (options.json) {
    const plain = { records, instances, wanted: wanted.length, missing, remotes: shared };
    out.json(plain);
    return 0;
  }
  for (const of of shared) out.print(...sharedLines(of, opened.settings.remotes));
  out.print(
    `here now: ${records} of ${count(instances, "record")}; the bytes of ${wanted.length - missing.length} of ${count(wanted.length, "instance")} asked for`,
  );
  return 0;
}
