/** Finds the artifacts that hold a metric's numbers, in the plan as it is now or in an earlier run. */

import type { StoreRecord } from "../../store/record.ts";
import type { Artifact } from "../../table/schema.ts";
import type { Coordinate, Graph, Variant } from "../graph.ts";
import type { PastRun } from "../history/runs.ts";
import type { Scalar } from "../language/tree.ts";
import type { Metric } from "../open/metrics.ts";
import { own } from "../own.ts";
import { parsePattern } from "../plan/pattern.ts";

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
  known: readonly ({ readonly record: StoreRecord | undefined } | undefined)[],
  metric: Metric,
  variant: Variant,
): Sources {
  return gather(
    variant.instances.flatMap((index) => {
      const { id, stage, coordinate } = graph.instances[index]!;
      const artifact = known[index]?.record?.outputs[metric.port];
      return stage === metric.stage ? { id, coordinate, artifact } : [];
    }),
  );
}

/** Goes by ids, which contain the coordinates: the graph of that run is gone. */
export function sourcesThen(
  graph: Graph,
  run: PastRun,
  records: Records,
  metric: Metric,
  { ablation, instances }: Variant,
): Sources {
  const shared = new Set(instances.map((index) => graph.instances[index]!.id));
  const now = new Map(graph.instances.map((instance) => [instance.id, instance.coordinate]));
  const typed = new Map(
    graph.instances.flatMap(({ coordinate }) => Object.entries(coordinate)).reverse(),
  );
  return gather(
    [...run.keys].flatMap(([id, key]) => {
      const { stage, axes } = parsePattern(id);
      const wanted = axes.get("ablation") === ablation || shared.has(id);
      if (stage !== metric.stage || !wanted) return [];
      const record = records.getRecord(key);
      const artifact = record && own(record.outputs, metric.port);
      return { id, coordinate: now.get(id) ?? coordinateOf(axes, typed), artifact };
    }),
  );
}

function gather(
  all: readonly { id: string; coordinate: Coordinate; artifact: Artifact | undefined }[],
): Sources {
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
