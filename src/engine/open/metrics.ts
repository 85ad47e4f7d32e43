/** Checks `metrics:` against the baseline's graph: stages, ports, columns and axes must exist. */

import type { Columns } from "../../table/schema.ts";
import { quote } from "../../text/quote.ts";
import type { MetricSpec, Pipeline } from "../document/index.ts";
import { outputPort, reportUnknown } from "../expand/index.ts";
import type { Graph } from "../graph.ts";
import type { Checked } from "../language/diagnostic.ts";
import { Problems, suggest } from "../language/problems.ts";
import type { Scalar } from "../language/tree.ts";
import { own } from "../own.ts";

/** A number per coordinate: where it stands, and what its statistics are over. */
export interface Metric {
  readonly name: string;
  readonly stage: string;
  readonly port: string;
  readonly column: string;
  /** Values of columns or axes; one that does not keep its column has one value. */
  readonly where: readonly {
    readonly name: string;
    readonly values: readonly Scalar[];
    readonly keeps: boolean;
  }[];
  readonly by: readonly string[];
  readonly over: string | undefined;
  readonly better: "higher" | "lower" | undefined;
}

export function resolveMetrics(
  { metrics: specs, removed }: Pick<Pipeline, "metrics" | "removed">,
  graph: Graph,
): Checked<readonly Metric[]> {
  const problems = new Problems();
  const metrics = specs.flatMap((spec) => resolve(spec, graph, removed, problems) ?? []);
  return problems.check(metrics);
}

/** What the instances of a stage have: axes with their values, and the columns of one port. */
interface Offer {
  readonly name: string;
  readonly axes: ReadonlyMap<string, ReadonlySet<Scalar>>;
  readonly tables: ReadonlySet<Columns>;
}

function resolve(
  spec: MetricSpec,
  graph: Graph,
  removed: Pipeline["removed"],
  problems: Problems,
): Metric | undefined {
  const { from, name, by, over, better, where, column } = spec;
  const before = problems.errors;
  const instances = graph.instances.filter(({ stage }) => stage === from.stage);
  const [first] = instances;
  if (!first) {
    const known = new Set(graph.instances.map(({ stage }) => stage));
    reportUnknown(from, known, removed.stages, problems);
    return undefined;
  }
  const port = outputPort(first.outputs, first.node.type.type, from, problems);
  if (port === undefined) return undefined;
  const axes = new Map<string, Set<Scalar>>();
  for (const { coordinate } of instances) {
    for (const [axis, value] of Object.entries(coordinate)) {
      axes.set(axis, (axes.get(axis) ?? new Set()).add(value));
    }
  }
  const ports = instances.flatMap(({ outputs }) => own(outputs, port) ?? []);
  const tables = new Set(ports.map(({ columns }) => columns));
  const offer: Offer = { name: `${from.stage}.${port}`, axes, tables };
  checkNumbers(column, offer, problems);
  for (const known of [...where, ...by, ...(over ? [over] : [])]) {
    checkKnown(known, offer, problems);
  }
  for (const condition of where) checkValues(condition, offer, problems);
  if (problems.errors > before) return undefined;
  return {
    ...{ name, stage: from.stage, port, column: column.name, where, better },
    by: by.map((known) => known.name),
    over: over?.name,
  };
}

function checkNumbers(
  { name, span }: MetricSpec["column"],
  { name: table, tables }: Offer,
  problems: Problems,
): void {
  for (const columns of tables) {
    const type = Object.hasOwn(columns, name) ? columns[name] : undefined;
    if (!type) {
      const hint = suggest(name, Object.keys(columns));
      problems.error("unknown-column", `${table} has no column ${quote(name)}`, span, { hint });
    } else if (["utf8", "list", "fixed_size_list"].includes(type.type)) {
      const held = type.type === "utf8" ? "text" : "lists";
      problems.error("invalid-value", `column ${quote(name)} holds ${held}, not numbers`, span);
    }
  }
}

function checkKnown(
  { name, span }: MetricSpec["column"],
  { name: table, axes, tables }: Offer,
  problems: Problems,
): void {
  if (axes.has(name)) return;
  for (const columns of tables) {
    if (Object.hasOwn(columns, name)) continue;
    const message = `${table} has neither an axis nor a column ${quote(name)}`;
    const hint = suggest(name, [...axes.keys(), ...Object.keys(columns)]);
    problems.error("unknown-column", message, span, { hint });
  }
}

/** Checks values of axes. What a column holds is known only after a run. */
function checkValues(
  { name, span, values }: MetricSpec["where"][number],
  { axes }: Offer,
  problems: Problems,
): void {
  const known = axes.get(name);
  for (const value of known ? values : []) {
    if (known!.has(value)) continue;
    const hint = suggest(String(value), [...known!].map(String));
    problems.error("unknown-value", `axis ${quote(name)} has no value ${quote(value)}`, span, {
      hint,
    });
  }
}
