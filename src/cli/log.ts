/** `blockspin log`: prints what an instance printed when it ran. */
import type { Command } from "commander";
import { matchPattern, planPipeline, UsageError } from "../index.ts";
import { type AblationOptions, open } from "./open.ts";
import { onePattern, withPipeline } from "./options.ts";
import { out } from "./print/terminal.ts";

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
    if (indices.length > 1) out.print(`── ${label}`);
    for (const warning of failed ? [] : (record?.warnings ?? [])) {
      out.print(`warning[${warning.code}]: ${warning.message}`);
    }
    // Programs written for Windows end their lines with a carriage return.
    for (const line of lines) out.print(line.replace(/\r+$/, ""));
  }
  if (!found) {
    throw new UsageError(
      `${pattern} has no log: it never ran with these parameters`,
      "blockspin run computes it",
    );
  }
  return 0;
}
