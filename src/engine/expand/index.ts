/** Pipeline → graph: axes become instances, names become edges. Knows no file format. */

import { quote } from "../../text/quote.ts";
import type { Pipeline } from "../document/pipeline.ts";
import type { Graph, PortRef, Registry } from "../graph.ts";
import type { Checked } from "../language/diagnostic.ts";
import { Problems, suggest } from "../language/problems.ts";
import { projectFiles } from "../project/project-files.ts";
import { Answers } from "./answers.ts";
import { outputPort } from "./connect.ts";
import type { Layout } from "./expanded.ts";
import { resolveFigures } from "./figures/index.ts";
import { nodeFigures } from "./figures/of-nodes.ts";
import type { FileSystem } from "./files.ts";
import { InstanceMaker } from "./instances.ts";
import { layOut } from "./layout.ts";
import { reportUnknown } from "./order.ts";
import { warnSharedStreams } from "./streams.ts";
import { unchangedStages } from "./unchanged.ts";

export { Answers } from "./answers.ts";
export { outputPort } from "./connect.ts";
export { instanceId } from "./coordinate.ts";
export { reportUnknown } from "./order.ts";
export { mainPort } from "./ports.ts";
export { type AblatedGraph, isBaseline, mergeVariants, withoutBaseline } from "./variants.ts";

/** How to digest a file; and how to list a project's files, by default those of this machine. */
export type ExpandOptions = Pick<FileSystem, "hashFile"> &
  Partial<FileSystem> & {
    /** Those of other graphs of the same file. */
    readonly answers?: Answers;
    /** Then its node types' figures are left to the baseline. */
    readonly isAblation?: boolean;
  };

/** Checks everything and reports all errors, one by one. */
export function expandPipeline(
  pipeline: Pipeline,
  registry: Registry,
  { answers = new Answers(), isAblation = false, ...options }: ExpandOptions,
): Checked<Graph> {
  const problems = new Problems();
  for (const [type, { key }] of pipeline.defaults) {
    if (registry.has(type)) continue;
    const hint = suggest(type, registry.keys());
    problems.error("unknown-node", `unknown node type ${quote(type)}`, key, { hint });
  }
  const { baseline } = answers;
  const stages = baseline && unchangedStages(baseline.pipeline, pipeline);
  const kept = baseline && { ...baseline, stages: stages! };
  const layout = layOut(pipeline, problems, kept);
  const fileSystem = { projectFiles: projectFiles(), ...options };
  const maker = new InstanceMaker(pipeline, registry, fileSystem, answers, problems);
  maker.make(layout, kept);
  if (!isAblation && !problems.failed) answers.keep({ pipeline, layout, made: maker });
  const results = resultsOf(pipeline, layout, maker, problems);
  if (!problems.failed) warnSharedStreams(maker.instances, problems);
  const { name, path, backend } = pipeline;
  const { instances } = maker;
  const variants = [{ ablation: undefined, instances: [...instances.keys()], results }];
  const own = resolveFigures(pipeline, layout, maker, problems);
  const figures =
    isAblation || problems.failed ? own : [...own, ...nodeFigures(pipeline, layout, maker)];
  return problems.check({ name, path, backend, instances, results, variants, figures });
}

function resultsOf(
  { results, stages, removed }: Pipeline,
  layout: Layout,
  maker: InstanceMaker,
  problems: Problems,
): PortRef[] {
  return results.flatMap((name) => {
    if (!stages.has(name.stage)) reportUnknown(name, stages.keys(), removed.stages, problems);
    return (layout.get(name.stage) ?? []).flatMap((_, i) => {
      const instance = maker.indexOf(name.stage, i);
      if (instance === undefined) return [];
      const { outputs, node } = maker.instance(instance);
      const port = outputPort(outputs, node.type.type, name, problems);
      return port === undefined ? [] : [{ instance, port }];
    });
  });
}
