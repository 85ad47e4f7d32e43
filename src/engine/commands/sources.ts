/** Finds the artifacts that hold a metric's numbers, in the plan as it is now or in an earlier run. */

import type { StoreRecord } from "../../store/record.ts";
import type { ActionKey } from "../../table/digest.ts";
import type { Artifact } from "../../table/schema.ts";
import { quote } from "../../text/quote.ts";
import { type Coordinate, type Graph, isAt, type Variant } from "../graph.ts";
import type { PastRun } from "../history/runs.ts";
import { suggest } from "../language/problems.ts";
import type { Scalar } from "../language/tree.ts";
import type { Metric } from "../open/metrics.ts";
import { own } from "../own.ts";
import { parsePattern } from "../plan/pattern.ts";
import { UsageError } from "../usage-error.ts";

export interface Sources {
  readonly found: readonly {
    readonly id: string;
    readonly coordinate: Coordinate;
    readonly artifact: Artifact;
  }[];
  /** Ids of the instances that have not been computed. */
  readonly missing: readonly string[];
}

interface Records {
  getRecord(key: string): StoreRecord | undefined;
}

/** @param known - the record of each instance, by index: a plan, or what is left of an earlier run */
export function sourcesNow(
  graph: Graph,
  known: readonly ({ readonly record: Pick<StoreRecord, "outputs"> | undefined } | undefined)[],
  metric: Metric,
  variant: Variant,
): Sources {
  return gather(
    metric,
    variant.instances.flatMap((index) => {
      const { id, stage, coordinate } = graph.instances[index]!;
      const artifact = known[index]?.record?.outputs[metric.port];
      return stage === metric.stage ? { id, coordinate, artifact } : [];
    }),
  );
}

export function sourcesThen(
  graph: Graph,
  run: PastRun,
  records: Records,
  metric: Metric,
  { ablation, instances }: Variant,
): Sources {
  const shared = new Set(instances.map((index) => graph.instances[index]!.id));
  return gather(
    metric,
    membersThen(graph, run).flatMap(({ id, key, stage, coordinate, ...member }) => {
      const wanted = member.ablation === ablation || shared.has(id);
      if (stage !== metric.stage || !wanted) return [];
      const record = records.getRecord(key);
      const artifact = record && own(record.outputs, metric.port);
      return { id, coordinate, artifact };
    }),
  );
}

/** An instance of an earlier run that had a record at its end. */
interface MemberThen {
  readonly id: string;
  readonly key: ActionKey;
  readonly stage: string;
  readonly coordinate: Coordinate;
  readonly ablation: string | undefined;
}

/**
 * Goes by ids, which contain the coordinates: the graph of that run is gone. In the order of the graph,
 * if it still has all of them, else by id.
 */
function membersThen(graph: Graph, run: PastRun): MemberThen[] {
  const now = new Map(graph.instances.map((instance) => [instance.id, instance.coordinate]));
  const order = new Map([...now.keys()].map((id, index) => [id, index]));
  const place = (id: string) => order.get(id) ?? Number.NaN;
  const typed = new Map(
    graph.instances.flatMap(({ coordinate }) => Object.entries(coordinate)).reverse(),
  );
  const byId = new Intl.Collator("en", { numeric: true }).compare;
  const whole = [...run.keys.keys()].every((id) => order.has(id));
  const keys = [...run.keys].sort(([a], [b]) => (whole ? place(a) - place(b) : byId(a, b)));
  return keys.map(([id, key]) => {
    const { stage, axes } = parsePattern(id);
    const coordinate = now.get(id) ?? coordinateOf(axes, typed);
    return { id, key, stage, coordinate, ablation: axes.get("ablation") };
  });
}

/**
 * The instances of an earlier run that a pattern names, and the port if it names one; those of the
 * baseline if it names no ablation. Throws `UsageError` if there are none.
 */
export function matchThen(
  graph: Graph,
  run: PastRun,
  text: string,
): { members: readonly MemberThen[]; port: string | undefined } {
  const { stage, axes, port } = parsePattern(text);
  const all = membersThen(graph, run);
  const ofStage = all.filter((member) => member.stage === stage);
  if (ofStage.length === 0) {
    const hint = suggest(stage, new Set(all.map((member) => member.stage)));
    throw new UsageError(
      `run ${run.called ?? run.name} has nothing of stage ${quote(stage)}`,
      hint,
    );
  }
  const wanted = new Map(axes);
  wanted.delete("ablation");
  const named = axes.get("ablation") ?? "baseline";
  const members = ofStage.filter(({ coordinate, ablation = "baseline" }) => {
    return ablation === named && isAt(coordinate, wanted);
  });
  if (members.length > 0) return { members, port };
  const some = ofStage.slice(0, 8).map(({ id }) => id);
  const more = ofStage.length > 8 ? ", …" : "";
  const hint = `instances: ${some.join(", ")}${more}`;
  throw new UsageError(`no instance of run ${run.called ?? run.name} matches ${quote(text)}`, hint);
}

/** Leaves out what the metric does not ask for: its absence must not be reported. */
function gather(
  { where }: Metric,
  given: readonly { id: string; coordinate: Coordinate; artifact: Artifact | undefined }[],
): Sources {
  const all = given.filter(({ coordinate }) =>
    where.every(({ name, values }) => {
      const value = own(coordinate, name);
      return value === undefined || values.includes(value);
    }),
  );
  return {
    found: all.flatMap(({ artifact, ...rest }) => (artifact ? { ...rest, artifact } : [])),
    missing: all.flatMap(({ id, artifact }) => (artifact ? [] : id)),
  };
}

/**
 * Values in an id are text; if the axis still exists, they get its type.
 *
 * @param like - a value of each axis
 */
function coordinateOf(
  axes: ReadonlyMap<string, string>,
  like: ReadonlyMap<string, Scalar>,
): Coordinate {
  const typed = [...axes]
    .filter(([axis]) => axis !== "ablation")
    .map(([axis, text]) => [axis, asType(text, like.get(axis))]);
  return Object.fromEntries(typed);
}

function asType(text: string, like: Scalar | undefined): Scalar {
  if (typeof like === "number") return Number(text);
  return typeof like === "boolean" ? text === "true" : text;
}
