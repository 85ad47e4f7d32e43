import { expect, test } from "vitest";
import { expandPipeline } from "../../../src/engine/expand/index.ts";
import type { AnyNodeType } from "../../../src/engine/node-type.ts";
import { loadPipeline } from "../../harness/load-pipeline.ts";
import { expand, fileSystem, find, ids, tryExpand, wiring } from "./expand.ts";
import { registry } from "./nodes.ts";
import { ref } from "./pipelines.ts";

test("equal numbers give equal parameters: ranges, lists and spellings", () => {
  const betas = (text: string) =>
    find(expand(`stages: { a: { node: sampler, with: { size: 4, betas: ${text} } } }`), "a").params;
  expect(betas("{ from: 0.1, to: 0.3, step: 0.1 }")).toEqual(betas("[1.0e-1, 0.20, 0.3]"));
});

test("a bare stage name means its main port or its only one", () => {
  const graph = expand(`stages:
  a: { node: sampler, with: { size: 4 } }
  b: { node: decimator, inputs: { configurations: a } }
  c: { node: measure, inputs: { configurations: b } }
results: [a, c.summary, a.diagnostics]
`);
  expect(graph.results).toEqual([
    { instance: 0, port: "configurations" },
    { instance: 2, port: "summary" },
    { instance: 0, port: "diagnostics" },
  ]);
});

test("the node type may depend on an axis, and defaults follow it", () => {
  const graph = expand(`defaults: { sampler: { size: 6 }, splitter: { main: true } }
stages:
  any: { node: ${ref("kind")}, for: { kind: [sampler, splitter] } }
`);
  expect(
    graph.instances.map(({ node, params }) => [node.type.type, params["size"] ?? params["main"]]),
  ).toEqual([
    ["sampler", 6],
    ["splitter", true],
  ]);
});

test("a stage's own parameters win over the pipeline's defaults, whole", () => {
  const graph = expand(`params: { seed_base: 7 }
defaults: { sampler: { size: 6, betas: [0.1, 0.2], seed: [${ref("seed_base")}, 1] } }
stages:
  a: { node: sampler, with: { betas: [0.3] } }
`);
  expect(find(graph, "a").params).toEqual({
    size: 6,
    betas: [0.3],
    seed: [7, 1],
    samples: 10,
    algorithm: "wolff",
  });
});

test("references keep their type alone and become text within text; $${ is literal", () => {
  const graph = expand(`params: { size: 4, on: true, beta: 0.50, literal: "$\${x}" }
stages:
  a: { node: sampler, with: { size: ${ref("size")}, seed: "L\${size}-\${beta}-\${on}-$\${size}" } }
  b: { node: sampler, with: { size: 4, seed: ${ref("literal")} } }
`);
  expect(find(graph, "a").params).toMatchObject({ size: 4, seed: `L4-0.5-true-\${size}` });
  expect(find(graph, "b").params["seed"]).toBe(`\${x}`);
});

test("a range may refer to params and axes", () => {
  const graph = expand(`params: { low: 0.1 }
stages:
  a:
    node: sampler
    for: { high: [0.2, 0.3] }
    with: { size: 4, betas: { from: ${ref("low")}, to: ${ref("high")}, step: 0.1 } }
`);
  expect(find(graph, "a[high=0.3]").params["betas"]).toEqual([0.1, 0.2, 0.3]);
});

test("lists within a list of layers become one list", () => {
  const graph = expand(`params: { trunk: [{ dense: 8 }, [{ dense: 4 }]] }
stages:
  a: { node: sampler, with: { size: 4 } }
  b: { node: trainer, inputs: { x: a }, with: { layers: [${ref("trunk")}, { dense: 2 }], seed: 1 } }
`);
  expect(find(graph, "b").params["layers"]).toEqual([{ dense: 8 }, { dense: 4 }, { dense: 2 }]);
});

test("file parameters become digests, with the name as written only where it is asked for", () => {
  const files = { "a.csv": "A", "sub/b.csv": "B" };
  const graph = expand(
    "stages: { a: { node: importer, with: { file: ./a.csv, extra: [sub/b.csv] } } }",
    { files },
  );
  const { params, files: found } = find(graph, "a");
  expect(params).toEqual({
    file: { file: "sha256:A" },
    extra: [{ file: "sha256:B", name: "sub/b.csv" }],
  });
  expect(found).toEqual({ "sha256:A": "/project/a.csv", "sha256:B": "/project/sub/b.csv" });
});

test("further input ports are allowed where the node type takes them", () => {
  const graph = expand(`stages:
  a: { node: sampler, with: { size: 4 } }
  b: { node: trainer, inputs: { x: a }, with: { layers: [{ dense: 2 }], seed: 1 } }
  c: { node: trainer, inputs: { x: a, encoder: b.model }, with: { layers: [{ use: encoder }], seed: 1 } }
`);
  expect(wiring(graph, "c")).toEqual({ x: "a.configurations", encoder: "b.model" });
});

test("resources and salt reach the instance, references filled in", () => {
  const graph = expand(`params: { cores: 2 }
stages:
  a:
    node: sampler
    for: { seed: [1] }
    with: { size: 4, seed: ${ref("seed")} }
    resources: { threads: ${ref("cores")}, timeout: 1.5 }
    salt: "again-\${seed}"
`);
  expect(graph.instances[0]).toMatchObject({
    resources: { threads: 2, timeout: 1.5 },
    salt: "again-1",
  });
});

test("what the file says in another order gives the same instances", () => {
  const a = "  a: { node: sampler, for: { seed: [2, 1] }, with: { size: 4, seed: SEED } }\n";
  const b = "  b: { node: decimator, inputs: { configurations: a } }\n";
  const text = (stages: string) => `stages:\n${stages.replace("SEED", ref("seed"))}`;
  const strip = (stages: string) =>
    expand(text(stages)).instances.map(({ span: _, ...rest }) => rest);
  expect(strip(b + a)).toEqual(strip(a + b));
});

test("a wrong node type does not hide what is wrong with inputs", () => {
  const { diagnostics } = tryExpand("stages:\n  a: { node: unheard-of, inputs: { x: b } }\n");
  expect(diagnostics.map(({ code }) => code)).toEqual(["unknown-stage"]);
});

test("a node type whose parameter schema is broken is told of as such", () => {
  const node = { ...registry.get("splitter")! };
  const type = { ...node.type, params: { type: "objekt" } } as unknown as AnyNodeType;
  const { readFile } = fileSystem({
    "p.yaml": "blockspin: 1\nstages: { a: { node: splitter } }\n",
  });
  const { value } = loadPipeline("/project/p.yaml", { readFile });
  const broken = new Map([["splitter", { ...node, type }]]);
  const { diagnostics } = expandPipeline(value!, broken, { hashFile: readFile });
  expect(diagnostics.map(({ code }) => code)).toEqual(["invalid-node-type"]);
});

test("names that look like a range's keys are names where names stand", () => {
  const graph = expand(`params: { range: [1, 2] }
stages:
  a:
    node: sampler
    for: { from: ${ref("range")}, to: [4], step: [3] }
    with: { size: ${ref("to")}, seed: [${ref("from")}, ${ref("step")}] }
`);
  expect(ids(graph)).toEqual(["a[from=1,step=3,to=4]", "a[from=2,step=3,to=4]"]);
});
