/** `blockspin plan`: what would run, what is cached, what is not known yet, and why. */
import type { Command } from "commander";
import { planJobs, planPipeline } from "../index.ts";
import { type AblationOptions, open } from "./open.ts";
import { json, onCluster, positive, withPipeline } from "./options.ts";
import { printJobs } from "./print/jobs.ts";
import { type PlanStyle, printPlan } from "./print/plan.ts";

interface PlanFlags extends AblationOptions, PlanStyle {
  readonly only?: string[];
  readonly json?: boolean;
  readonly on?: string;
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
    .addOption(onCluster())
    .option("--verbose", "print a line for each instance instead of each stage")
    .addOption(json());
  return plan;
}

async function plan(file: string, options: PlanFlags): Promise<number> {
  const opened = await open(file, options, options.only);
  const planning = await planPipeline(opened, options.only);
  const jobs = options.on === undefined ? undefined : planJobs(opened, planning, options.on);
  printPlan(opened, planning, options);
  if (jobs && !options.json) printJobs(jobs);
  return 0;
}
