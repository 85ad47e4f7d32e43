import { expect, test } from "vitest";
import { expand, find, ids, tryExpand, wiring } from "./expand.ts";
import { lattices, models, ref } from "./pipelines.ts";

test("a stage is the product of its own axes, and a consumer inherits them", () => {
  const graph = expand(`stages:${lattices}
  coarse:
    node: decimator
    for: { rule: [majority] }
    inputs: { configurations: lattices }
    with: { rule: ${ref("rule")} }
`);
  expect(ids(graph, "coarse")).toEqual([
    "coarse[part=test,rule=majority,seed=1]",
    "coarse[part=test,rule=majority,seed=2]",
    "coarse[part=train,rule=majority,seed=1]",
    "coarse[part=train,rule=majority,seed=2]",
  ]);
  expect(find(graph, "lattices[part=test,seed=2]").params).toMatchObject({
    samples: 9,
    seed: [2, "test"],
  });
  expect(wiring(graph, "coarse[part=train,rule=majority,seed=2]")).toEqual({
    configurations: "lattices[part=train,seed=2].configurations",
  });
});

test("numbers in names are canonical, however they are written", () => {
  const axis = (values: string) =>
    ids(
      expand(`stages:
  a: { node: sampler, for: { beta: ${values} }, with: { size: 4, betas: [${ref("beta")}] } }
`),
    );
  expect(axis("[0.20, 3.0e-1, 1.0]")).toEqual(["a[beta=0.2]", "a[beta=0.3]", "a[beta=1]"]);
  expect(axis("{ from: 0.2, to: 1.0, step: 0.4 }")).toEqual(axis("[0.2, 0.60, 1]"));
});

test("at with one value removes the axis, with a list keeps it", () => {
  const graph = expand(`stages:${lattices}
  one: { node: measure, inputs: { configurations: { from: lattices, at: { part: train } } } }
  two: { node: measure, inputs: { configurations: { from: lattices, at: { part: [train], seed: 1 } } } }
`);
  expect(ids(graph, "one")).toEqual(["one[seed=1]", "one[seed=2]"]);
  expect(ids(graph, "two")).toEqual(["two[part=train]"]);
});

test("at may use the stage's own axes, which renames an axis", () => {
  const graph = expand(`stages:${lattices}
  pair:
    node: trainer
    for: { other: [1, 2] }
    inputs:
      x: { from: lattices, at: { part: train } }
      y: { from: lattices, at: { part: train, seed: ${ref("other")} } }
    with: { layers: [{ dense: y }], seed: ${ref("seed")} }
`);
  expect(ids(graph, "pair")).toHaveLength(4);
  expect(wiring(graph, "pair[other=2,seed=1]")).toEqual({
    x: "lattices[part=train,seed=1].configurations",
    y: "lattices[part=train,seed=2].configurations",
  });
});

test("at with a list of own axes and params selects for each own value", () => {
  const graph = expand(`params: { keep: 1 }
stages:${lattices}
  some:
    node: measure
    for: { other: [1, 2] }
    inputs:
      configurations: { from: lattices, at: { part: test, seed: [${ref("keep")}, ${ref("other")}] }, collect: all }
`);
  expect(wiring(graph, "some[other=1]")).toEqual({
    configurations: [[{ seed: 1 }, "lattices[part=test,seed=1].configurations"]],
  });
  expect(wiring(graph, "some[other=2]")["configurations"]).toHaveLength(2);
});

test("zip makes one axis with several names, include adds to it, exclude drops", () => {
  const graph = expand(`stages:
  a:
    node: sampler
    for: { size: [4, 8, 16], samples: [9, 5, 3], seed: [1, 2] }
    zip: [[size, samples]]
    include: [{ size: 64, samples: 1, seed: 1 }]
    exclude: [{ size: 8, seed: 2 }]
    with: { size: ${ref("size")}, samples: ${ref("samples")}, seed: ${ref("seed")} }
`);
  expect(ids(graph)).toEqual([
    "a[samples=1,seed=1,size=64]",
    "a[samples=3,seed=1,size=16]",
    "a[samples=3,seed=2,size=16]",
    "a[samples=5,seed=1,size=8]",
    "a[samples=9,seed=1,size=4]",
    "a[samples=9,seed=2,size=4]",
  ]);
});

test("exclude covers inputs that would join with nothing", () => {
  const stages = (exclude: string) => `stages:
  a:
    node: sampler
    for: { size: [4, 8], seed: [1, 2] }
    exclude: [{ size: 8, seed: 2 }]
    with: { size: ${ref("size")}, seed: ${ref("seed")} }
  b:
    node: sampler
    for: { size: [4, 8], seed: [1, 2] }
    with: { size: ${ref("size")}, seed: [${ref("seed")}, b] }
  both:
    node: trainer
    inputs: { x: a, y: b }
    ${exclude}
    with: { layers: [{ dense: y }], seed: ${ref("seed")} }
`;
  expect(tryExpand(stages("")).text).toContain("error[unmatched-instance]");
  const graph = expand(stages("exclude: [{ size: 8, seed: 2 }]"));
  expect(ids(graph, "both")).toEqual([
    "both[seed=1,size=4]",
    "both[seed=1,size=8]",
    "both[seed=2,size=4]",
  ]);
});

test("a union of sources makes a new axis, ragged where the sources are", () => {
  const graph = expand(`stages:${models}`);
  expect(ids(graph, "measured")).toEqual([
    "measured[model=ae,seed=1]",
    "measured[model=ae,seed=2]",
    "measured[model=rg,rule=decimation,seed=1]",
    "measured[model=rg,rule=decimation,seed=2]",
    "measured[model=rg,rule=majority,seed=1]",
    "measured[model=rg,rule=majority,seed=2]",
  ]);
  expect(wiring(graph, "measured[model=rg,rule=majority,seed=2]")).toEqual({
    model: "rg[rule=majority,seed=2].model",
    configurations: "lattices[part=test,seed=2].configurations",
  });
});

test("collect: all gives one table of every instance, in order of coordinate", () => {
  const graph = expand(`stages:${models}
  verdict: { node: verdict, inputs: { metrics: { from: measured, collect: all } } }
results: [verdict]
`);
  const { metrics } = find(graph, "verdict").inputs;
  expect(metrics).toMatchObject({ kind: "collect", axes: ["model", "rule", "seed"] });
  expect(wiring(graph, "verdict")["metrics"]).toEqual([
    [{ model: "ae", seed: 1 }, "measured[model=ae,seed=1].summary"],
    [{ model: "ae", seed: 2 }, "measured[model=ae,seed=2].summary"],
    [
      { model: "rg", rule: "decimation", seed: 1 },
      "measured[model=rg,rule=decimation,seed=1].summary",
    ],
    [
      { model: "rg", rule: "decimation", seed: 2 },
      "measured[model=rg,rule=decimation,seed=2].summary",
    ],
    [{ model: "rg", rule: "majority", seed: 1 }, "measured[model=rg,rule=majority,seed=1].summary"],
    [{ model: "rg", rule: "majority", seed: 2 }, "measured[model=rg,rule=majority,seed=2].summary"],
  ]);
  expect(graph.results).toEqual([{ instance: graph.instances.length - 1, port: "table" }]);
});

test("collect of some axes leaves an instance for each of the others", () => {
  const graph = expand(`stages:${models}
  verdict: { node: verdict, inputs: { metrics: { from: measured, at: { model: rg }, collect: [seed] } } }
`);
  expect(ids(graph, "verdict")).toEqual(["verdict[rule=decimation]", "verdict[rule=majority]"]);
  expect(wiring(graph, "verdict[rule=majority]")["metrics"]).toHaveLength(2);
});

test("collect: all of a stage without axes is one table without further columns", () => {
  const graph = expand(`stages:
  a: { node: sampler, with: { size: 4 } }
  b: { node: measure, inputs: { configurations: { from: a, collect: all } } }
`);
  expect(find(graph, "b").inputs["configurations"]).toEqual({
    kind: "collect",
    axes: [],
    members: [{ instance: 0, port: "configurations", coordinate: {} }],
  });
});

test("an axis that an input and the stage itself list is one axis", () => {
  const graph = expand(`stages:
  a: { node: sampler, for: { seed: [1, 2] }, with: { size: 4, seed: ${ref("seed")} } }
  b:
    node: trainer
    for: { seed: [2, 1] }
    inputs: { x: a }
    with: { layers: [{ dense: 2 }], seed: ${ref("seed")} }
`);
  expect(wiring(graph, "b[seed=2]")).toEqual({ x: "a[seed=2].configurations" });
  expect(ids(graph, "b")).toHaveLength(2);
});

test("a ragged union joins with what has its missing axis once at selects a source", () => {
  const stages = (at: string) => `stages:${models}
  images:
    node: measure
    inputs:
      model: { axis: model, of: { ae: ae.model, rg: rg.model }, at: { ${at} } }
      configurations: coarse
`;
  expect(tryExpand(stages("model: [ae, rg]")).text).toContain("error[ragged-join]");
  expect(ids(expand(stages("model: rg")), "images")).toHaveLength(4);
});

test("exclude may drop what a ragged join would repeat", () => {
  const graph = expand(`stages:${models}
  images:
    node: measure
    inputs:
      model: { axis: model, of: { ae: ae.model, rg: rg.model } }
      configurations: coarse
    exclude: [{ model: ae }]
`);
  expect(ids(graph, "images")).toHaveLength(4);
});

test("collected axes are the first columns, by name, nullable where an instance lacks them", () => {
  const graph = expand(`stages:${models}
  all: { node: echo, inputs: { x: { from: measured, collect: all } } }
`);
  const { columns } = find(graph, "all").outputs["all"]!;
  expect(Object.entries(columns)).toEqual([
    ["model", { type: "utf8" }],
    ["rule", { type: "utf8", nullable: true }],
    ["seed", { type: "float64" }],
    ["value", { type: "float64" }],
    ["name", { type: "utf8" }],
  ]);
});
