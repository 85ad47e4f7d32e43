/** `blockspin plan`: what would run, what is cached, what is not known yet, and why. */
import type { Command } from "commander";
import { planPipeline } from "../index.ts";
import { type AblationOptions, open } from "./open.ts";
import { json, positive, withPipeline } from "./options.ts";
import { type PlanStyle, printPlan } from "./print/plan.ts";

interface PlanFlags extends AblationOptions, PlanStyle {
  readonly only?: string[];
  readonly json?: boolean;
}

export function define(command: Command) {
  withPipeline(command)
    .option("--only <pattern...>", "plan only these instances and what they need")
    .option("--ablation <name...>", "plan these ablations instead of the baseline; or all")
    .option(
      "--jobs <n>",
      "how long it takes with so many actions at once (default: the number of cores)",
      positive,
    )
    .option("--verbose", "print a line for each instance instead of each stage")
    .addOption(json());
  return plan;
}

async function plan(file: string, options: PlanFlags): Promise<number> {
  const opened = await open(file, options, options.only);
  printPlan(opened, await planPipeline(opened, options.only), options);
  return 0;
}
