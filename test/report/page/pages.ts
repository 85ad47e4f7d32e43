/** Pages of small pipelines of real nodes, for tests. */
import { fileURLToPath } from "node:url";
import { openPipeline, renderReport } from "../../../dist/index.js";
import { gatherReport } from "../../../dist/report/page/index.js";
import type { Page } from "../../../src/report/page/model.ts";
import type { Space } from "../../harness/space.ts";

const nodes = fileURLToPath(new URL("../../fixtures/page-nodes.js", import.meta.url));

/** @param rest - everything below `use:` */
export const pipeline = (rest: string, name = "page") =>
  `blockspin: 1\nname: ${name}\nuse: [${JSON.stringify(nodes)}]\n${rest}`;

interface Asked {
  readonly ablations?: readonly string[];
  readonly run?: string;
  readonly set?: readonly string[];
}

/** What the page holds, as data. */
export async function pageOf(space: Space, file = "p.yaml", asked: Asked = {}): Promise<Page> {
  const { ablations = ["all"], run, set } = asked;
  const opened = await openPipeline(space.path(file), {
    ablations: ["baseline", ...ablations],
    ...(set ? { set } : {}),
  });
  return gatherReport({ opened, file, version: "0.0.0", run });
}

/** The page itself. */
export async function htmlOf(space: Space, file = "p.yaml"): Promise<string> {
  const opened = await openPipeline(space.path(file), { ablations: ["baseline", "all"] });
  return renderReport({ opened, file, version: "0.0.0" });
}

/** Claims of every kind, two tables of results, a figure, an ablation, and a metric. */
export const full = pipeline(`
params: { steps: 3, ms: 0 }
stages:
  work:
    node: steps
    for: { seed: [1, 2, 3] }
    with: { seed: "\${seed}", steps: "\${steps}", ms: "\${ms}" }
  more:
    node: steps
    inputs: { work: { from: work, collect: all } }
    with: { rows: 400, ms: "\${ms}" }
  verdict:
    node: judge
    inputs: { work: { from: work, collect: all }, more: more }
    with:
      rows:
        - { name: first, text: the first is larger, group: claim 1, at: rule=a, estimate: 0.75 }
        - { name: first, text: the first is larger, group: claim 1, at: rule=b, estimate: -0.75, verdict: FAILS }
        - { name: second, text: the second is odd, group: claim 2, estimate: 1.5, expected: HOLDS }
        - { name: third, text: the third is even, group: claim 2, estimate: 0.5, expected: FAILS }
        - { name: fourth, text: nobody knows, group: claim 2, verdict: OPEN }
results: [verdict, more]
figures:
  curve:
    title: The values
    text: Of every seed.
    data: { from: work, collect: all }
    mark: line
    encoding:
      x: { field: step, type: quantitative }
      y: { field: value, type: quantitative }
      color: { field: seed, type: nominal }
ablations: { long: { steps: 4 } }
metrics: { value: { from: work.series, column: value, by: [step], over: seed, better: higher } }
`);
