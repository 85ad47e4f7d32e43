/** Comparisons as text, CSV and JSON. Computes nothing. */

import type { Cell } from "../../formats/cells.ts";
import { csv } from "../../formats/csv-writer.ts";
import type { Compared, Comparison, Metric } from "../../index.ts";
import { formatEstimate } from "../../text/estimate.ts";
import { wrap } from "../../text/wrap.ts";
import { shortMembers } from "./members.ts";
import { textTable } from "./table.ts";

/** One metric, compared, and what could not be. */
export interface Answer extends Compared {
  readonly metric: Metric;
  /** The other side is compared with this: `baseline`, or the name of a run. */
  readonly reference: string;
  /** What a person called that run. */
  readonly called: string | undefined;
  /** Ids by the command that computes them; under the empty command, those that none computes. */
  readonly notComputed: ReadonlyMap<string, readonly string[]>;
}

/** How many ids a line lists. */
const maxIds = 3;

/** Names of this many characters leave room for the numbers on a line of 80. */
const shortName = 24;

export function textOf(answers: readonly Answer[], width: number): string {
  const parts = answers.map((answer) => textOfOne(answer, width));
  const units = [...new Set(answers.map(({ metric }) => metric.over ?? "coordinate"))].join(", ");
  const legend =
    `n: pairs (${units}); difference: mean of the paired differences, with its interval at 95 % ` +
    "jointly for all comparisons of a metric; p: paired t test, two-sided, corrected by Holm";
  return `${[...parts, wrap(legend, Math.min(width, 100), "").join("\n")].join("\n\n")}\n`;
}

function textOfOne(answer: Answer, width: number): string {
  const { metric, comparisons, reference, called, notComputed, withoutNumber } = answer;
  const where = metric.where.map(({ name, values }) => `${name}=${values.join("|")}`);
  const head = [
    `${metric.name}: ${metric.column} of ${metric.stage}.${metric.port}`,
    ...(where.length > 0 ? [where.join(", ")] : []),
    ...(metric.better ? [`${metric.better} is better`] : []),
    ...(reference === "baseline" ? [] : [`compared with run ${called ?? reference}`]),
  ];
  const lines = [head.join("; ")];
  if (comparisons.length > 0) lines.push(table(comparisons, reference, width));
  else if (answer.unpaired.length + notComputed.size === 0) lines.push("no row matches");
  lines.push(...unpairedLines(answer, reference));
  if (withoutNumber > 0) lines.push(`${withoutNumber} pairs have no number on one side`);
  for (const [command, ids] of notComputed) {
    const what = command === "" ? "gone from the store" : "not computed";
    lines.push(`${what}: ${someOf(ids)}${command === "" ? "" : `\n  ${command}`}`);
  }
  return lines.join("\n");
}

function table(comparisons: readonly Comparison[], reference: string, width: number): string {
  const axes = axesOf(comparisons);
  const against = reference === "baseline" ? "baseline" : "then";
  const { short: names, keys } = shortMembers(
    comparisons.map(({ name }) => name),
    shortName,
  );
  const header = ["what", ...axes, "n", "outcome", "difference [interval]", "p", against, "value"];
  const rows = comparisons.map((one): Cell[] => [
    names.get(one.name) ?? one.name,
    ...axes.map((axis) => valueAt(one, axis)),
    one.n,
    one.outcome,
    differenceOf(one),
    probability(one.pHolm),
    rounded(one.reference),
    rounded(one.other),
  ]);
  const text = textTable(header, rows, { width, cellWidth: 40, more: "--csv" });
  return [text, ...keys.map((key) => `what: ${key}`)].join("\n");
}

/** Equal bytes differ by nothing, and one pair has no interval. */
function differenceOf({ outcome, n, difference, joint }: Comparison): string {
  const none = outcome === "same" || n < 2;
  const [low, high] = none ? [Number.NaN, Number.NaN] : [joint.lo, joint.hi];
  return formatEstimate(difference, low, high);
}

function unpairedLines({ unpaired }: Compared, reference: string): string[] {
  return unpaired.map(({ name, side, ids }) => {
    const here = side === "other" ? name : reference === "baseline" ? "the baseline" : "that run";
    const there = side === "other" ? "" : `, compared with ${name}`;
    return `only in ${here}${there}: ${someOf(ids)}`;
  });
}

function someOf(ids: readonly string[]): string {
  const more = ids.length - maxIds;
  return `${ids.slice(0, maxIds).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function axesOf(comparisons: readonly Comparison[]): string[] {
  return [...new Set(comparisons.flatMap(({ coordinate }) => Object.keys(coordinate)))].sort();
}

function rounded(x: number): number {
  return Number(x.toPrecision(3));
}

function probability(p: number): Cell {
  if (Number.isNaN(p)) return null;
  return p < 1e-4 ? "< 0.0001" : Number(p.toPrecision(2));
}

/** Every number at full precision; null where there is none. */
export function plainOf(answer: Answer) {
  const { metric, reference, comparisons, unpaired, withoutNumber, notComputed } = answer;
  const { name, stage, port, column, over, better, where, by } = metric;
  return {
    metric: name,
    from: `${stage}.${port}`,
    ...{ column, over: over ?? null, better: better ?? null, reference },
    where: Object.fromEntries(
      where.map(({ name, values, keeps }) => [name, keeps ? values : values[0]]),
    ),
    by,
    comparisons: comparisons.map((one) => ({
      ...{ ablation: one.name, coordinate: one.coordinate, n: one.n },
      ...{ reference: one.reference, value: one.other, difference: one.difference },
      interval: [one.interval.lo, one.interval.hi],
      joint_interval: [one.joint.lo, one.joint.hi],
      ...{ p: one.p, p_holm: one.pHolm, outcome: one.outcome },
    })),
    unpaired,
    without_number: withoutNumber,
    not_computed: [...notComputed].map(([command, ids]) => ({ command: command || null, ids })),
  };
}

function valueAt({ coordinate }: Comparison, axis: string): Cell {
  return (Object.hasOwn(coordinate, axis) ? coordinate[axis] : undefined) ?? null;
}

export function csvOf(answers: readonly Answer[]): string {
  const axes = axesOf(answers.flatMap(({ comparisons }) => comparisons));
  const header = ["metric", "ablation", ...axes, "n", "reference", "value", "difference"];
  const more = ["lo", "hi", "joint_lo", "joint_hi", "p", "p_holm", "outcome"];
  const rows = answers.flatMap(({ metric, comparisons }) =>
    comparisons.map((one): Cell[] => [
      ...[metric.name, one.name, ...axes.map((axis) => valueAt(one, axis))],
      ...[one.n, one.reference, one.other, one.difference],
      ...[one.interval.lo, one.interval.hi, one.joint.lo, one.joint.hi].map(numberOrNull),
      ...[numberOrNull(one.p), numberOrNull(one.pHolm), one.outcome],
    ]),
  );
  return csv([...header, ...more], rows);
}

function numberOrNull(x: number): number | null {
  return Number.isNaN(x) ? null : x;
}
