/**
 * `blockspin compare`: metrics of ablations against the baseline, or of now against an earlier run.
 * Chooses what to compare; the library has the statistics.
 */
import type { Command } from "commander";
import {
  compareArtifacts,
  findRun,
  type Metric,
  type Opened,
  type Planning,
  planPipeline,
  type Sources,
  sourcesNow,
  sourcesThen,
  UsageError,
} from "../index.ts";
import { type AblationOptions, open } from "./open.ts";
import { json, withPipeline } from "./options.ts";
import { runCommand } from "./print/command.ts";
import { type Answer, csvOf, plainOf, textOf } from "./print/comparison.ts";
import { out } from "./print/terminal.ts";

interface CompareFlags extends AblationOptions {
  readonly metric?: readonly string[];
  readonly with?: string;
  readonly csv?: boolean;
}

const alpha = 0.05;

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
  const answers: Answer[] = [];
  for (const metric of metrics) {
    answers.push(await answer(metric, opened, planning, { ...options, file }));
  }
  if (options.json) out.json(answers.map(plainOf));
  else if (options.csv) out.data(csvOf(answers));
  else out.text(textOf(answers, out.width ?? 160));
  return 0;
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

async function answer(
  metric: Metric,
  { graph }: Opened,
  { plan, store }: Planning,
  options: CompareFlags & { file: string },
): Promise<Answer> {
  const notComputed = new Map<string, string[]>();
  const commands = new Map<string, string>();
  const take = ({ found, missing }: Sources, command: string) => {
    for (const { id } of found) commands.set(id, command);
    for (const id of missing) addTo(notComputed, command, id);
    return found;
  };
  const now = graph.variants.map((variant) => {
    const named = variant.ablation === undefined ? [] : ["--ablation", variant.ablation];
    const command = runCommand(options.file, options.set, ...named);
    return { variant, found: take(sourcesNow(graph, plan, metric, variant), command) };
  });
  const run = options.with === undefined ? undefined : findRun(store, graph.name, options.with);
  const [baseline, ...ablations] = now;
  const sides = run
    ? now.map(({ variant, found }) => ({
        name: variant.ablation ?? "now",
        reference: take(sourcesThen(graph, run, store, metric, variant), ""),
        other: found,
      }))
    : ablations.map(({ variant, found }) => ({
        name: variant.ablation!,
        reference: baseline!.found,
        other: found,
      }));
  const compared = await comparing(metric, () =>
    compareArtifacts(store, sides, { ...metric, alpha }),
  );
  for (const id of compared.missing) addTo(notComputed, commands.get(id)!, id);
  return { ...compared, metric, reference: run?.name ?? "baseline", notComputed };
}

async function comparing<T>({ name }: Metric, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as Error).name !== "AmbiguousRows") throw error;
    const { message, columns } = error as Error & { columns: readonly string[] };
    const hint = `select rows with "where", or separate them with "by": ${columns.join(", ")}`;
    throw new UsageError(`metric ${JSON.stringify(name)}: ${message}`, hint);
  }
}

function addTo(lists: Map<string, string[]>, key: string, id: string): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  if (!list.includes(id)) list.push(id);
}
