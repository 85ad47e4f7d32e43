/**
 * Stages → the coordinates of their instances and what each input port of each receives. Needs no
 * node type. Nothing is dropped in silence: what joins with nothing is an error.
 */

import { quote } from "../../text/quote.ts";
import type { Pattern, Pipeline, Stage } from "../document/pipeline.ts";
import type { Coordinate } from "../graph.ts";
import { type Problems, suggest } from "../language/problems.ts";
import { contains, hasAxis, instanceId, pick, showCoordinate } from "./coordinate.ts";
import type { Kept, Layout, Place } from "./expanded.ts";
import { agree, axesOf, type Joined, join } from "./join.ts";
import { orderStages } from "./order.ts";
import { ownCoordinates, reportTooMany } from "./own.ts";
import { labelOf, type Row, relationOf, type Surroundings } from "./relation.ts";
import { scopeAt } from "./scope.ts";
import { readsOnly } from "./unchanged.ts";

/** @param kept - places of stages that did not change, and read none that did, are taken over */
export function layOut(pipeline: Pipeline, problems: Problems, kept?: Kept): Layout {
  const { stages, broken } = orderStages(pipeline, problems);
  const layout = new Map<string, readonly Place[]>();
  for (const stage of stages) {
    if (broken.has(stage.name)) continue;
    const isKept = (name: string) => layout.get(name) === kept?.layout.get(name);
    const before = kept?.stages.has(stage.name) && readsOnly(stage, isKept);
    const places = before
      ? kept!.layout.get(stage.name)
      : placesOf(stage, pipeline, layout, problems);
    if (places) layout.set(stage.name, places);
  }
  return layout;
}

/** One input of the join, or the stage's own axes. */
interface Side {
  readonly port: string | undefined;
  readonly span: Stage["span"];
  readonly rows: readonly Row[];
  readonly coordinates: readonly Coordinate[];
  readonly axes: ReadonlySet<string>;
}

function placesOf(
  stage: Stage,
  pipeline: Pipeline,
  layout: Layout,
  problems: Problems,
): Place[] | undefined {
  const before = problems.errors;
  const own = ownCoordinates(stage, problems);
  const around: Surroundings = {
    instances: (name) => layout.get(name),
    own: own.kept,
    ownAxes: new Set(stage.axes.map(({ name }) => name)),
    scope: (coordinate) => scopeAt(pipeline, coordinate),
  };
  const sides = [side(undefined, stage.span, [], own.all)];
  for (const { port, span, input } of stage.inputs) {
    const rows = relationOf(input, around, problems);
    if (rows)
      sides.push(
        side(
          port,
          span,
          rows,
          rows.map(({ coordinate }) => coordinate),
        ),
      );
  }
  if (sides.length <= stage.inputs.length || problems.errors > before) return undefined;
  const joined = join(sides.map(({ coordinates }) => coordinates));
  if (!joined) {
    reportTooMany(stage, problems);
    return undefined;
  }
  reportUnmatched(stage, sides, joined, problems);
  const kept = exclude(stage, sides, joined, problems);
  reportRagged(sides, kept, problems);
  if (problems.errors > before) return undefined;
  if (kept.length === 0) {
    problems.error(
      "unmatched-instance",
      `stage ${quote(stage.name)} has no instance left`,
      stage.span,
    );
    return undefined;
  }
  const inputSides = sides.slice(1);
  return kept.map(({ coordinate, rows }) => {
    const shown = showCoordinate(coordinate, pipeline.spelling);
    const inputs = inputSides.map(({ rows: all }, i) => all[rows[i + 1]!]!.origin);
    return { label: instanceId(stage.name, shown), coordinate, shown, inputs };
  });
}

function side(
  port: string | undefined,
  span: Stage["span"],
  rows: readonly Row[],
  coordinates: readonly Coordinate[],
): Side {
  return { port, span, rows, coordinates, axes: axesOf(coordinates) };
}

function nameOf({ port, rows }: Side, index: number, coordinate: Coordinate): string {
  return port === undefined ? quote(instanceId("", coordinate)) : quote(labelOf(rows[index]!));
}

/** How many instances with the same mistake are named. */
const shown = 3;

function reportUnmatched(
  stage: Stage,
  sides: readonly Side[],
  joined: readonly Joined[],
  problems: Problems,
): void {
  for (const [i, one] of sides.entries()) {
    const used = new Uint8Array(one.coordinates.length);
    for (const { rows } of joined) used[rows[i]!] = 1;
    const unused = [...used.keys()].filter((index) => used[index] === 0);
    const lost = unused
      .map((index) => ({ coordinate: one.coordinates[index]!, index }))
      .filter(({ coordinate }) => !covered(coordinate, stage.exclude));
    if (lost.length === 0) continue;
    const names = lost
      .slice(0, shown)
      .map(({ index, coordinate }) => nameOf(one, index, coordinate));
    const more = lost.length > shown ? ` and ${lost.length - shown} more` : "";
    const { coordinate } = lost[0]!;
    const partner = sides.find((other) => !other.coordinates.some((c) => agree(coordinate, c)));
    const missing = partner && pick(coordinate, (axis) => partner.axes.has(axis));
    const where =
      partner?.port === undefined ? "the stage's own axes" : `input ${quote(partner.port)}`;
    const why = missing ? `: ${where} has no ${instanceId("", missing)}` : "";
    const message = `${names.join(", ")}${more} ${lost.length > 1 ? "join" : "joins"} with nothing in stage ${quote(stage.name)}${why}`;
    const hint = 'select with "at", or leave it out with "exclude"';
    problems.error("unmatched-instance", message, one.span, { hint });
  }
}

function covered(coordinate: Coordinate, patterns: readonly Pattern[]): boolean {
  return patterns.some(({ values }) => contains(coordinate, values));
}

function exclude(
  stage: Stage,
  sides: readonly Side[],
  joined: readonly Joined[],
  problems: Problems,
): readonly Joined[] {
  const axes = new Set(sides.flatMap((one) => [...one.axes]));
  for (const { name } of stage.axes) axes.add(name);
  let kept = joined;
  for (const pattern of stage.exclude) {
    const { values, span } = pattern;
    const unknown = [...values.keys()].find((axis) => !axes.has(axis));
    if (unknown !== undefined) {
      const message = `stage ${quote(stage.name)} has no axis ${quote(unknown)}`;
      problems.error("unknown-axis", message, span, { hint: suggest(unknown, axes) });
      continue;
    }
    const hits = ({ coordinate }: { coordinate: Coordinate }) => contains(coordinate, values);
    const covers = () => sides.some((one) => one.coordinates.some((c) => contains(c, values)));
    if (!joined.some(hits) && !covers()) {
      problems.error("unmatched-exclude", '"exclude" matches no coordinate', span);
    }
    kept = kept.filter((row) => !hits(row));
  }
  return kept;
}

/** An instance that lacks an axis which others of its input have would be repeated along it. */
function reportRagged(sides: readonly Side[], joined: readonly Joined[], problems: Problems): void {
  for (const [i, { port, span, rows, coordinates, axes }] of sides.entries()) {
    for (const { coordinate, rows: picked } of joined) {
      const index = picked[i]!;
      const own = coordinates[index]!;
      if (Object.keys(own).length === axes.size) continue;
      const axis = [...axes].find((name) => !hasAxis(own, name) && hasAxis(coordinate, name));
      if (axis === undefined) continue;
      const message = `${quote(labelOf(rows[index]!))} has no axis ${quote(axis)} and would count once for each of its values`;
      const hint = `select with "at" in input ${quote(port)}, or in the input that brings ${quote(axis)}`;
      problems.error("ragged-join", message, span, { hint });
      break;
    }
  }
}
