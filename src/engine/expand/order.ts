/** Stages in the order of the flow of data; unknown stages and cycles are errors. */

import { quote } from "../../text/quote.ts";
import type { InputSpec, Pipeline, PortName, Stage } from "../document/pipeline.ts";
import { type Problems, suggest } from "../language/problems.ts";
import { removedBy } from "../language/tree.ts";

/** Every source that an input names. */
export function sourcesOf({ source }: InputSpec): readonly PortName[] {
  return source.kind === "stage" ? [source] : source.of.flatMap(({ input }) => sourcesOf(input));
}

export function reportUnknown(
  { stage, span }: PortName,
  known: Iterable<string>,
  removed: Pipeline["removed"]["stages"],
  problems: Problems,
): void {
  const by = removed.get(stage);
  const extra = by ? removedBy(by) : { hint: suggest(stage, known) };
  problems.error("unknown-stage", `unknown stage ${quote(stage)}`, span, extra);
}

export interface Order {
  /** Producers before consumers, otherwise as in the file. */
  readonly stages: readonly Stage[];
  /** Stages of a cycle or with an unknown source. */
  readonly broken: ReadonlySet<string>;
}

export function orderStages({ stages, removed }: Pipeline, problems: Problems): Order {
  const order: Stage[] = [];
  const broken = new Set<string>();
  const done = new Set<string>();
  const path: { stage: Stage; through: PortName }[] = [];

  function visit(stage: Stage): void {
    if (done.has(stage.name)) return;
    for (const through of stage.inputs.flatMap(({ input }) => sourcesOf(input))) {
      const source = stages.get(through.stage);
      if (!source) {
        reportUnknown(through, stages.keys(), removed.stages, problems);
        broken.add(stage.name);
        continue;
      }
      const start = path.findIndex((step) => step.stage === source);
      if (source === stage || start >= 0) {
        reportCycle([...path.slice(start < 0 ? path.length : start), { stage, through }]);
      } else if (!broken.has(source.name) || !done.has(source.name)) {
        path.push({ stage, through });
        visit(source);
        path.pop();
      }
    }
    done.add(stage.name);
    order.push(stage);
  }

  /** Each step's stage reads from the next one's, the last from the first. */
  function reportCycle(loop: readonly { stage: Stage; through: PortName }[]): void {
    if (loop.some(({ stage }) => broken.has(stage.name))) return;
    for (const { stage } of loop) broken.add(stage.name);
    const flow = loop.toReversed();
    const names = [flow.at(-1)!, ...flow].map(({ stage }) => stage.name);
    const [first, ...others] = flow.map(({ stage, through }) => ({
      message: `${quote(stage.name)} reads ${quote(through.stage)}`,
      span: through.span,
    }));
    problems.error("cycle", `cycle: ${names.join(" -> ")}`, first!.span, { notes: others });
  }

  for (const stage of stages.values()) visit(stage);
  return { stages: order, broken };
}
