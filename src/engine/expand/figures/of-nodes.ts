/**
 * The figures that node types declare, once for each stage: all its instances in one picture. One that
 * a stage has no columns for is left out, since outputs may depend on parameters.
 */

import type { Pipeline } from "../../document/pipeline.ts";
import { bodyOf } from "../../figures/body.ts";
import type { Figure, Instance } from "../../graph.ts";
import { Problems } from "../../language/problems.ts";
import { type MapTree, treeOf } from "../../language/tree.ts";
import type { NodeFigure } from "../../node-type.ts";
import type { Made } from "../connect.ts";
import { pick } from "../coordinate.ts";
import type { Layout } from "../expanded.ts";
import { mainPort } from "../ports.ts";
import { columnsOf, type Found, orderedAxes } from "./rows.ts";

export function nodeFigures(pipeline: Pipeline, layout: Layout, made: Made): readonly Figure[] {
  return [...layout].flatMap(([stage, places]) => {
    const indices = places.map((_, i) => made.indexOf(stage, i)!);
    const declared: Readonly<Record<string, NodeFigure>> =
      made.instance(indices[0]!).node.type.figures ?? {};
    const type = made.instance(indices[0]!).node;
    const alike = indices.filter((index) => made.instance(index).node === type);
    return Object.entries(declared).flatMap(
      ([name, figure]) => resolve(stage, name, figure, alike, pipeline, made) ?? [],
    );
  });
}

function resolve(
  stage: string,
  name: string,
  { port: asked, title, text, ...drawn }: NodeFigure,
  indices: readonly number[],
  pipeline: Pipeline,
  made: Made,
): Figure | undefined {
  const members = indices.flatMap((index) => {
    const { outputs, coordinate } = made.instance(index);
    const port = asked ?? mainPort(outputs);
    if (port === undefined || !Object.hasOwn(outputs, port)) return [];
    return { instance: index, port, coordinate };
  });
  if (members.length === 0) return undefined;
  const { span } = made.instance(members[0]!.instance);
  const found = foundIn(members, (index) => made.instance(index));
  const problems = new Problems();
  const axes = orderedAxes(found.coordinates, pipeline);
  const columns = columnsOf(found, axes, span, problems);
  if (!columns) return undefined;
  const offer = { name: stage, columns, tables: found.tables };
  const body = bodyOf(treeOf(drawn, span) as MapTree, offer, problems);
  if (problems.failed) return undefined;
  const { members: shown } = found;
  return {
    name: `${stage}/${name}`,
    title,
    text,
    stage,
    axes,
    members: shown,
    columns,
    body,
    span,
  };
}

/** An axis that has the name of a column stays away: the rows have the column. */
function foundIn(members: Figure["members"], instance: (index: number) => Instance): Found {
  const tables = members.map(({ instance: index, port }) => instance(index).outputs[port]!.columns);
  const different = [...new Set(tables)];
  const taken = new Set(different.flatMap((columns) => Object.keys(columns)));
  const own = members.map(({ instance, port, coordinate }) => {
    return { instance, port, coordinate: pick(coordinate, (axis) => !taken.has(axis)) };
  });
  return {
    members: own,
    coordinates: own.map(({ coordinate }) => coordinate),
    tables: different,
  };
}
