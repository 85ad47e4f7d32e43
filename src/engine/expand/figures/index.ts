/**
 * `figures:` → plain data: which artifacts, which columns, and what is
 * drawn. Draws nothing.
 */
import type { FigureSpec, Pipeline } from "../../document/pipeline.ts";
import { bodyOf } from "../../figures/body.ts";
import type { Coordinate, Figure } from "../../graph.ts";
import type { Problems } from "../../language/problems.ts";
import { get, plain } from "../../language/tree.ts";
import type { Made } from "../connect.ts";
import { merge } from "../coordinate.ts";
import type { Layout } from "../expanded.ts";
import { reportUnknown, sourcesOf } from "../order.ts";
import { relationOf } from "../relation.ts";
import { scopeAt } from "../scope.ts";
import { columnsOf, membersOf, orderedAxes } from "./rows.ts";

export function resolveFigures(
  pipeline: Pipeline,
  layout: Layout,
  made: Made,
  problems: Problems,
): readonly Figure[] {
  return pipeline.figures.flatMap((spec) => resolve(spec, pipeline, layout, made, problems) ?? []);
}

function resolve(
  { name, span, data, body }: FigureSpec,
  pipeline: Pipeline,
  layout: Layout,
  made: Made,
  problems: Problems,
): Figure | undefined {
  const before = problems.errors;
  for (const source of sourcesOf(data)) {
    if (pipeline.stages.has(source.stage)) continue;
    reportUnknown(source, pipeline.stages.keys(), pipeline.removed.stages, problems);
  }
  if (problems.errors > before) return undefined;
  const around = {
    instances: (stage: string) => layout.get(stage),
    own: [{}],
    ownAxes: new Set<string>(),
    scope: (coordinate: Coordinate) => scopeAt(pipeline, coordinate),
  };
  const rows = relationOf(data, around, problems);
  const leaves = rows?.flatMap(({ coordinate, origin }) => {
    if (origin.kind === "one") return { leaf: origin.leaf, coordinate };
    return origin.members.map(({ leaf, coordinate: own }) => {
      return { leaf, coordinate: merge(coordinate, own) };
    });
  });
  const found = leaves && membersOf(leaves, made, problems);
  if (!found) return undefined;
  const axes = orderedAxes(found.coordinates, pipeline, data);
  const columns = columnsOf(found, axes, data.source.span, problems);
  if (!columns) return undefined;
  const names = [
    ...new Set(sourcesOf(data).map(({ stage, port }) => `${stage}${port ? `.${port}` : ""}`)),
  ];
  const offer = { name: names.join(" and "), columns, tables: found.tables };
  const drawn = bodyOf(body, offer, problems);
  if (problems.errors > before) return undefined;
  const text = (key: string) => {
    const tree = get(body, key);
    return tree && String(plain(tree));
  };
  return {
    ...{ name, title: text("title"), text: text("text"), stage: undefined },
    ...{ axes, members: found.members, columns, body: drawn, span },
  };
}
