/**
 * Keys of other tools (DVC, Snakemake, Hydra, workflows of CI) and of neighbouring places in this
 * format, and what to write instead.
 */
import { didYouMean } from "../language/problems.ts";
import { own } from "../own.ts";
import { stage } from "./pipeline-schema.ts";

const command =
  "a program is a node: node: command, with: { argv: [python3, a.py], files: [a.py], outputs: … }";
const read = "what a stage reads is under inputs:, by port: inputs: { port: stage }";
const made =
  "node types declare their outputs; of a program, write with: { outputs: { port: { column: float64 } } }";
const axis = `a stage is repeated over an axis: for: { seed: [1, 2, 3] }, then "\${seed}"`;
const order = `stages run in the order of their inputs; ${read}`;
const chosen = "write it in an input: inputs: { port: { from: stage, at: { axis: value } } }";
const collected = "write it in an input: inputs: { port: { from: stage, collect: [axis] } }";
const params = "parameters of the node type are under with:";
const rows = "an input takes whole tables; at: selects by an axis of the stage, not by a column";

const inStage: Readonly<Record<string, string>> = {
  ...{ cmd: command, shell: command, script: command, run: command, command, exec: command },
  ...{ rule: command, uses: "write node: and the name of a node type" },
  ...{
    type: "write node: and the name of a node type",
    _target_: "write node: and the name of a node type",
  },
  ...{ deps: `${read}; files of a program are under with: { files: [a.py] }`, input: read },
  ...{ outs: made, output: made, outputs: made, out: made },
  ...{ foreach: axis, do: axis, matrix: axis, sweep: axis, expand: axis, axes: axis, repeat: axis },
  ...{ wildcards: axis, needs: order, depends_on: order, after: order, requires: order },
  ...{ from: read, of: chosen, at: chosen, where: chosen, axis: chosen, by: collected },
  ...{ collect: collected, group_by: collected, over: collected },
  ...{
    params,
    parameters: params,
    args: params,
    config: params,
    options: params,
    arguments: params,
  },
  ...{
    name: "a stage's name is its key under stages:",
    id: "a stage's name is its key under stages:",
  },
  metrics:
    "metrics: stands at the top of the file, and names the stage: { from: stage, column: … }",
  threads: "write resources: { threads: 4 }",
  memory: "write resources: { memory: 2048 } (MiB)",
  timeout: "write resources: { timeout: 600 } (seconds)",
  always_changed: "write another salt: to compute a stage again",
  force: "write another salt: to compute a stage again",
  env: "of a program, write with: { env: { NAME: value } }",
  wdir: "a program runs in a folder of its own; with: { files: […] } puts files there",
  frozen: "the option --frozen computes nothing, and --only leaves out other stages",
};

const stages = "stages stand by name under stages:, each with node:, with: and inputs:";
const top: Readonly<Record<string, string>> = {
  ...{ rule: stages, rules: stages, jobs: stages, steps: stages, tasks: stages, nodes: stages },
  ...{ stage: stages, pipeline: stages, workflow: stages, graph: stages },
  ...{ vars: "write params:", variables: "write params:", parameters: "write params:" },
  ...{ param: "write params:", config: "write params:", env: "write params:" },
  version: "begin with blockspin: 1, the version of the file format",
  ...{ sweep: axis, sweeper: axis, matrix: axis, grid: axis, for: axis, axes: axis },
  ...{ outputs: "write results: [stage], which a run prints at its end" },
  ...{ output: "write results: [stage], which a run prints at its end" },
  ...{ outs: "write results: [stage], which a run prints at its end" },
  ...{ include: "write extends: ./base.yaml", import: "write extends: ./base.yaml" },
  ...{ imports: "write use: [./nodes.js] for node types, extends: ./base.yaml for a pipeline" },
  ...{ base: "write extends: ./base.yaml", modules: "write use: [./nodes.js]" },
  ...{
    experiments: "write ablations:",
    variants: "write ablations:",
    ablation: "write ablations:",
  },
  hydra: "there is no hydra: here; params: has the values, and --set overrides them",
  seed: `a seed is a param: params: { seed: 1 }, then seed: "\${seed}" in with: of a stage`,
  seeds: `seeds are a param: params: { seeds: [1, 2] }, then for: { seed: "\${seeds}" } in a stage`,
  cache: "the store is set by --cache, BLOCKSPIN_CACHE or blockspin.config.yaml",
  ...{
    executor: "write it in blockspin.config.yaml",
    remotes: "write it in blockspin.config.yaml",
  },
};

const inInput: Readonly<Record<string, string>> = {
  ...{ by: "write collect: [axis] to join the instances along an axis in one table" },
  ...{ over: "write collect: [axis] to join the instances along an axis in one table" },
  ...{ group_by: "collect: names the axes to join; those that it does not name stay apart" },
  ...{ where: rows, filter: rows, select: rows, column: rows, columns: rows },
  ...{ stage: "write from: stage", node: "write from: stage", input: "write from: stage" },
  ...{ source: "write from: stage", path: "files are read with node: import" },
  port: "write from: stage.port",
};

const inMetric: Readonly<Record<string, string>> = {
  ...{ value: "write column:", name: "the name of a metric is its key", metric: "write column:" },
  ...{ stage: "write from: stage", group_by: "write by: [column]", at: "write where:" },
  ...{
    direction: "write better: higher, or better: lower",
    goal: "write better: higher, or better: lower",
  },
};

const kinds: readonly [path: RegExp, hint: string][] = [
  [/^stages$/, stages],
  [
    /^stages\/[^/]+\/inputs$/,
    "write inputs: { port: stage }; blockspin nodes TYPE lists the ports",
  ],
  [
    /\/inputs\/[^/]+$/,
    "to join several stages in one table, write { axis: source, of: { a: stage-a, b: stage-b }, collect: all }",
  ],
  [/\/collect$/, "write collect: all, or a list of axes: collect: [seed]"],
  [/\/of$/, "name each source: of: { a: stage-a, b: stage-b }"],
  [/^metrics$/, "write metrics: { name: { from: stage, column: … } }"],
  [/^ablations$/, "write ablations: { name: { param: value } }"],
  [/^defaults$/, "write defaults: { node-type: { param: value } }"],
  [
    /^derived\/[^/]+$/,
    "write { multiply: [a, b] } or { divide: [a, b] }, with names of params or numbers",
  ],
  [/^params$/, "write params: { name: value }"],
];

/** What to write instead of what stands at a path, which is not a key or has the wrong kind. */
export function hintForKey(path: readonly string[]): string | undefined {
  const last = path.at(-1) ?? "";
  const [section] = path;
  if (path.length === 1 && /^rule\b/.test(last)) return stages;
  const table =
    path.length === 1
      ? top
      : section === "metrics" && path.length === 3
        ? inMetric
        : section === "stages" && path.length === 3
          ? inStage
          : section === "stages" && path.includes("inputs")
            ? inInput
            : {};
  const whole = path.join("/");
  const found = own(table, last) ?? kinds.find(([at]) => at.test(whole))?.[1];
  if (found !== undefined || section !== "stages" || path.length !== 3) return found;
  const known = Object.keys(stage["properties"] as object);
  const isOther = !known.includes(last) && didYouMean(last, known) === undefined;
  return isOther ? `known: ${known.join(", ")}; ${params}` : undefined;
}
