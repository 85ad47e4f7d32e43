/** Compares metrics of what is planned: chooses the sides, and lists what has not been computed. */
import {
  compareArtifacts,
  findRun,
  type Metric,
  type Opened,
  type Planning,
  type Sources,
  sourcesNow,
  sourcesThen,
  UsageError,
} from "../index.ts";
import { runCommand } from "./print/command.ts";
import type { Answer } from "./print/comparison.ts";

/** The chance of any wrong decision among the comparisons of a metric. */
const alpha = 0.05;

export interface CompareWhat {
  /** The pipeline file, as a hint names it. */
  readonly file: string;
  readonly set?: readonly string[];
  /** An earlier run; without one, ablations are compared with the baseline. */
  readonly with?: string;
}

export async function compareMetrics(
  metrics: readonly Metric[],
  opened: Opened,
  planning: Pick<Planning, "plan" | "store">,
  what: CompareWhat,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const metric of metrics) answers.push(await answer(metric, opened, planning, what));
  return answers;
}

async function answer(
  metric: Metric,
  { graph }: Opened,
  { plan, store }: Pick<Planning, "plan" | "store">,
  options: CompareWhat,
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
  const { name: reference = "baseline", called } = run ?? {};
  return { ...compared, metric, reference, called, notComputed };
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
