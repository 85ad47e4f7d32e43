/** `blockspin cache pull`: brings here what others have computed of a pipeline. */
import type { Command } from "commander";
import { pullPipeline } from "../../index.ts";
import { type CommonOptions, open } from "../open.ts";
import { json, onePattern, withPipeline } from "../options.ts";
import { count, sharedLine } from "../print/shared.ts";

export function define(command: Command) {
  withPipeline(command)
    .addOption(json())
    .argument("[pattern...]", onePattern)
    .option("--objects", "bring the bytes of everything");
  return pull;
}

async function pull(
  file: string,
  patterns: readonly string[],
  options: CommonOptions & { readonly objects?: boolean },
): Promise<number> {
  const opened = await open(file, options, patterns);
  const found = await pullPipeline(opened, patterns, options.objects ?? false);
  const { records, instances, wanted, missing } = found;
  const shared = await found.store.close(Number.POSITIVE_INFINITY);
  if (options.json) {
    const plain = { records, instances, wanted: wanted.length, missing, remotes: shared };
    process.stdout.write(`${JSON.stringify(plain, null, 1)}\n`);
    return 0;
  }
  for (const of of shared) process.stdout.write(sharedLine(of));
  process.stdout.write(
    `here now: ${records} of ${count(instances, "record")}, the bytes of ${wanted.length - missing.length} of ${count(wanted.length, "instance")} asked for\n`,
  );
  return 0;
}
