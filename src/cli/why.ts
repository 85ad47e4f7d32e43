/** `blockspin why`: field by field, what changed since the last run, or why it ran then. */
import type { Command } from "commander";
import { matchPattern, planPipeline } from "../index.ts";
import { type AblationOptions, open } from "./open.ts";
import { json, onePattern, withPipeline } from "./options.ts";

export function define(command: Command) {
  withPipeline(command).argument("<pattern>", onePattern).addOption(json());
  return why;
}

async function why(file: string, pattern: string, options: AblationOptions): Promise<number> {
  const opened = await open(file, options, [pattern]);
  const planning = await planPipeline(opened);
  const { indices } = matchPattern(opened.graph, pattern);
  const answers = indices.map((index) => {
    const { id } = opened.graph.instances[index]!;
    const { state, key } = planning.plan[index]!;
    const { ran: ranLast, ranAs } = planning.past;
    const ran = (key === undefined ? undefined : ranAs.get(key)) ?? ranLast.get(id);
    return {
      id,
      state,
      key: key ?? null,
      reasons: planning.reason(index),
      last_ran: ran ? { key: ran.key ?? null, reasons: ran.reason ?? [] } : null,
    };
  });
  if (options.json) {
    process.stdout.write(`${JSON.stringify(answers, null, 1)}\n`);
    return 0;
  }
  for (const [i, { state, reasons, last_ran }] of answers.entries()) {
    const { label } = opened.graph.instances[indices[i]!]!;
    process.stdout.write(`${label}: ${state}\n`);
    for (const line of reasons) process.stdout.write(`  ${line}\n`);
    if (last_ran && state === "cached") {
      process.stdout.write("  when it last ran:\n");
      for (const line of last_ran.reasons) process.stdout.write(`    ${line}\n`);
    }
  }
  return 0;
}
