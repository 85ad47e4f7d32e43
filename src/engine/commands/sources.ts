/** Where a metric's numbers lie: artifacts of the plan as it is now, or of an earlier run. */

import type { StoreRecord } from "../../store/record.ts";
import type { Artifact } from "../../table/schema.ts";
import type { Coordinate, Graph, Scalar, Variant } from "../graph.ts";
import type { PastRun } from "../history/runs.ts";
import type { Metric } from "../open/metrics.ts";
import { own } from "../own.ts";
import { parsePattern } from "../plan/pattern.ts";
import type { Plan } from "../plan/plan.ts";

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

export function sourcesNow(graph: Graph, plan: Plan, metric: Metric, variant: Variant): Sources {
  return gather(
    variant.instances.flatMap((index) => {
      const { id, stage, coordinate } = graph.instances[index]!;
      const artifact = plan[index]?.record?.outputs[metric.port];
      return stage === metric.stage ? { id, coordinate, artifact } : [];
    }),
  );
}

/** Of the variant as it was: ids have their coordinates in them. */
export function sourcesThen(
  graph: Graph,
  run: PastRun,
  records: Records,
  metric: Metric,
  { ablation, instances }: Variant,
): Sources {
  const shared = new Set(instances.map((index) => graph.instances[index]!.id));
  return gather(
    [...run.keys].flatMap(([id, key]) => {
      const { stage, axes } = parsePattern(id);
      const wanted = axes.get("ablation") === ablation || shared.has(id);
      if (stage !== metric.stage || !wanted) return [];
      const record = records.getRecord(key);
      const artifact = record && own(record.outputs, metric.port);
      return { id, coordinate: coordinateOf(id, axes, graph), artifact };
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

/** An id's values are text; those of an axis that is there now have its type. */
function coordinateOf(
  id: string,
  axes: ReadonlyMap<string, string>,
  { instances }: Graph,
): Coordinate {
  const now = instances.find((instance) => instance.id === id);
  if (now) return now.coordinate;
  const typed = [...axes]
    .filter(([axis]) => axis !== "ablation")
    .map(([axis, text]) => {
      const like = instances.find(({ coordinate }) => Object.hasOwn(coordinate, axis));
      return [axis, asType(text, like && own(like.coordinate, axis))];
    });
  return Object.fromEntries(typed);
}

function asType(text: string, like: Scalar | undefined): Scalar {
  if (typeof like === "number") return Number(text);
  return typeof like === "boolean" ? text === "true" : text;
}
