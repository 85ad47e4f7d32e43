/** `blockspin log`: what an instance printed when it ran. */
import type { Command } from "commander";
import { matchPattern, planPipeline, UsageError } from "../index.ts";
import { type AblationOptions, open } from "./open.ts";
import { onePattern, withPipeline } from "./options.ts";

export function define(command: Command) {
  withPipeline(command).argument("<pattern>", onePattern);
  return log;
}

async function log(file: string, pattern: string, options: AblationOptions): Promise<number> {
  const opened = await open(file, options, [pattern]);
  const { plan, past } = await planPipeline(opened);
  const { indices } = matchPattern(opened.graph, pattern);
  let found = false;
  for (const index of indices) {
    const { id, label } = opened.graph.instances[index]!;
    const last = past.last.get(id);
    const record = plan[index]?.record;
    const failed = last?.state === "failed" ? last : undefined;
    const lines = failed ? [`failed: ${failed.error ?? ""}`, ...(failed.log ?? [])] : record?.log;
    if (!lines) continue;
    found = true;
    if (indices.length > 1) process.stdout.write(`── ${label}\n`);
    for (const warning of failed ? [] : (record?.warnings ?? [])) {
      process.stdout.write(`warning[${warning.code}]: ${warning.message}\n`);
    }
    for (const line of lines) process.stdout.write(`${line}\n`);
  }
  if (!found) {
    throw new UsageError(
      `${pattern} has no log: it never ran with these parameters`,
      "blockspin run makes one",
    );
  }
  return 0;
}
