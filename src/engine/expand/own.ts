/** The coordinates of a stage's own axes: product, `zip` and `include`. */

import { quote } from "../../text/quote.ts";
import type { Axis, Stage } from "../document/pipeline.ts";
import type { Coordinate } from "../graph.ts";
import type { Problems } from "../language/problems.ts";
import { contains, coordinateOf } from "./coordinate.ts";
import { maxInstances } from "./join.ts";

export interface OwnCoordinates {
  /** One empty coordinate where there is no axis. */
  readonly all: readonly Coordinate[];
  /** Without those that `exclude` drops for their own axes alone. */
  readonly kept: readonly Coordinate[];
}

export function ownCoordinates(stage: Stage, problems: Problems): OwnCoordinates {
  const count = groups(stage).reduce((product, group) => product * group[0]!.values.length, 1);
  if (count > maxInstances) {
    reportTooMany(stage, problems);
    return { all: [], kept: [] };
  }
  let coordinates: Coordinate[] = [{}];
  for (const group of groups(stage)) {
    const steps = Array.from({ length: group[0]!.values.length }, (_, i) =>
      group.map(({ name, values }) => [name, values[i]!] as const),
    );
    coordinates = coordinates.flatMap((coordinate) =>
      steps.map((step) => coordinateOf([...Object.entries(coordinate), ...step])),
    );
  }
  for (const { values, span } of stage.include) {
    if (coordinates.some((coordinate) => contains(coordinate, values))) {
      const message = `"include" adds a coordinate that is there already`;
      problems.error("duplicate-value", message, span);
    } else coordinates.push(coordinateOf(values));
  }
  const dropped = (coordinate: Coordinate) =>
    stage.exclude.some(({ values }) => contains(coordinate, values));
  return { all: coordinates, kept: coordinates.filter((coordinate) => !dropped(coordinate)) };
}

export function reportTooMany({ name, span }: Stage, problems: Problems): void {
  const message = `stage ${quote(name)} would have more than ${maxInstances} instances`;
  problems.error("too-many-instances", message, span);
}

/** Axes that run in step, together; every other axis alone. */
function groups({ axes, zip }: Stage): Axis[][] {
  const zipped = zip.map((names) => axes.filter(({ name }) => names.includes(name)));
  const alone = axes.filter((axis) => !zipped.some((group) => group.includes(axis)));
  return [...zipped.filter((group) => group.length > 0), ...alone.map((axis) => [axis])];
}
