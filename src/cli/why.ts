/** `blockspin why`: field by field, what changed since an instance last ran, or why it ran then. */
import type { Command } from "commander";
import { matchPattern, planPipeline } from "../index.ts";
import { type AblationOptions, open } from "./open.ts";
import { json, onePattern, withPipeline } from "./options.ts";
import { out } from "./print/terminal.ts";

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
    out.json(answers);
    return 0;
  }
  for (const [i, { state, reasons, last_ran }] of answers.entries()) {
    const { label } = opened.graph.instances[indices[i]!]!;
    out.print(`${label}: ${state}`);
    for (const line of reasons) out.print(`  ${line}`);
    if (last_ran && state === "cached") {
      out.print("  when it last ran:");
      for (const line of last_ran.reasons) out.print(`    ${line}`);
    }
  }
  return 0;
}
