/** Ablations against the baseline: what each changes, and the metrics of what is cached. */
import { type Comparison, compareArtifacts } from "../../../compare/compare.ts";
import { type Metric, noteOn, type Opened, plainValue, sourcesNow } from "../../../engine/index.ts";
import type { Store } from "../../../store/store.ts";
import type { Known } from "../known.ts";
import type { Ablations, MetricPart } from "../model.ts";
import { textOf } from "./fields.ts";

const alpha = 0.05;

export async function ablationsOf(
  store: Store,
  { graph, metrics, pipeline }: Opened,
  known: readonly Known[],
  command: (name: string, ...words: readonly string[]) => string,
): Promise<Ablations | undefined> {
  const [, ...variants] = graph.variants;
  if (variants.length === 0) return undefined;
  const changes = new Map(pipeline.ablations.map(({ name, overrides }) => [name, overrides]));
  return {
    variants: variants.map(({ ablation, instances }) => ({
      name: ablation!,
      changes: (changes.get(ablation!) ?? []).map(({ name, value }) => {
        return { name, value: textOf(plainValue(value)) };
      }),
      instances: instances.length,
      cached: instances.filter((index) => known[index]!.record).length,
      command: command("run", "--ablation", ablation!),
    })),
    metrics: await Promise.all(metrics.map((metric) => metricPart(store, graph, known, metric))),
  };
}

async function metricPart(
  store: Store,
  graph: Opened["graph"],
  known: readonly Known[],
  metric: Metric,
): Promise<MetricPart> {
  const sources = graph.variants.map((variant) => sourcesNow(graph, known, metric, variant));
  const [baseline, ...others] = sources;
  const sides = others.flatMap(({ found }, i) => {
    if (found.length === 0) return [];
    const name = graph.variants[i + 1]!.ablation!;
    return [{ name, reference: baseline!.found, other: found }];
  });
  const where = metric.where.map(({ name, values }) => `${name} = ${values.join(" or ")}`);
  const what = [`${metric.column} of ${metric.stage}.${metric.port}`, ...where].join(", ");
  const { name, better, over } = metric;
  const made = graph.instances.find(({ stage }) => stage === metric.stage)!;
  const note = textOf(noteOn(made.node.type, metric.port, metric.column) ?? "");
  const absent = others.flatMap(({ missing }, i) => {
    const { ablation } = graph.variants[i + 1]!;
    return missing.length === 0 ? [] : [`${ablation}: ${missing.length} are not cached`];
  });
  try {
    const compared = await compareArtifacts(store, sides, { ...metric, alpha });
    const gone = compared.missing.length;
    const notes = gone > 0 ? [`the bytes of ${gone} are gone from the store`] : [];
    const { withoutNumber } = compared;
    if (withoutNumber > 0) notes.push(`${withoutNumber} pairs have no number on one side`);
    const alone = compared.unpaired.reduce((sum, { ids }) => sum + ids.length, 0);
    if (alone > 0 && absent.length === 0) notes.push(`${alone} have no counterpart`);
    const rows = compared.comparisons.filter(({ outcome }) => outcome !== "same").map(rowOf);
    const same = compared.comparisons.length - rows.length;
    if (same > 0) notes.push(`${same} comparisons are of equal bytes`);
    return { name, what, note, better, over, rows, notes: [...absent, ...notes] };
  } catch (error) {
    if ((error as Error).name !== "AmbiguousRows") throw error;
    return { name, what, note, better, over, rows: [], notes: [(error as Error).message] };
  }
}

function rowOf(one: Comparison): MetricPart["rows"][number] {
  const at = Object.entries(one.coordinate).map(([axis, value]) => `${axis}=${value}`);
  return {
    ...{ ablation: one.name, at: at.join(", "), n: one.n, outcome: one.outcome },
    ...{ baseline: one.reference, value: one.other, difference: one.difference },
    ...{ low: one.joint.lo, high: one.joint.hi, p: one.pHolm },
  };
}
