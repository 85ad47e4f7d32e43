/**
 * `blockspin compare`: metrics of ablations against the baseline, or of now against an earlier run.
 * Chooses what to compare; the library has the statistics.
 */
import type { Command } from "commander";
import {
  changesSince,
  findRun,
  type Metric,
  type Opened,
  type Planning,
  planPipeline,
  type RunChanges,
  UsageError,
} from "../index.ts";
import { compareMetrics } from "./compared.ts";
import { type AblationOptions, open } from "./open.ts";
import { json, withPipeline } from "./options.ts";
import { changeLines } from "./print/changes.ts";
import { csvOf, plainOf, textOf } from "./print/comparison.ts";
import { widthOf } from "./print/table.ts";
import { out } from "./print/terminal.ts";

interface CompareFlags extends AblationOptions {
  readonly metric?: readonly string[];
  readonly with?: string;
  readonly csv?: boolean;
}

export function define(command: Command) {
  withPipeline(command)
    .option(
      "--ablation <name...>",
      "compare these ablations (default: all; with --with: the baseline)",
    )
    .option("--metric <name...>", "compare these metrics (default: all)")
    .option("--with <run>", "compare with an earlier run: its name in blockspin runs, or latest~1")
    .option("--csv", "print comma-separated values at full precision")
    .addOption(json());
  return compare;
}

async function compare(file: string, options: CompareFlags): Promise<number> {
  const asked = options.ablation ?? (options.with ? [] : ["all"]);
  const ablation = options.with ? asked : ["baseline", ...asked];
  const opened = await open(file, { ...options, ablation });
  const metrics = chooseMetrics(opened, options.metric ?? []);
  if (options.with === undefined && opened.graph.variants.length < 2) {
    const hint = '--with latest~1 compares with an earlier run; see "blockspin runs"';
    throw new UsageError('the pipeline has no "ablations" to compare', hint);
  }
  const planning = await planPipeline(opened);
  const answers = await compareMetrics(metrics, opened, planning, { ...options, file });
  const changes =
    options.with === undefined ? undefined : changesOf(opened, planning, options.with);
  if (options.json) out.json(answers.map((answer) => ({ ...plainOf(answer), ...changes })));
  else if (options.csv) out.data(csvOf(answers));
  else {
    if (changes) out.print(...changeLines(changes, widthOf(out)), "");
    out.text(textOf(answers, widthOf(out)));
  }
  return 0;
}

/** What differs from an earlier run, apart from the numbers. */
function changesOf(opened: Opened, { plan, store }: Planning, text: string): RunChanges {
  return changesSince(opened, plan, findRun(store, opened.graph.name, text), store);
}

function chooseMetrics({ metrics }: Opened, names: readonly string[]): readonly Metric[] {
  const known = metrics.map(({ name }) => name);
  if (known.length === 0) {
    const hint = "metrics: { name: { from: stage.port, column: name, over: seed } }";
    throw new UsageError('the pipeline has no "metrics"', hint);
  }
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const hint = `metrics: ${known.join(", ")}`;
    throw new UsageError(`unknown metric ${JSON.stringify(unknown)}`, hint);
  }
  return metrics.filter(({ name }) => names.length === 0 || names.includes(name));
}
