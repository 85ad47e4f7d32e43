/** Names, families and sharing; the numbers are of the little pipeline below. */
import { expect, test } from "vitest";
import type { Graph } from "../../../src/engine/graph.ts";
import { ablate, find, ids, tryAblate, wiring } from "../expand/expand.ts";
import { ref } from "../expand/pipelines.ts";

const pipeline = `
params: { seeds: [1, 2], epochs: 3, rate: 0.1 }
stages:
  lattices:
    node: sampler
    for: { seed: ${ref("seeds")} }
    with: { size: 4, seed: ${ref("seed")} }
  train:
    node: trainer
    inputs: { x: lattices }
    with: { layers: [{ dense: 4 }], epochs: ${ref("epochs")}, rate: ${ref("rate")}, seed: ${ref("seed")} }
  measured: { node: measure, inputs: { model: train, configurations: lattices } }
  verdict: { node: verdict, inputs: { metrics: { from: measured, collect: all } } }
results: [verdict]
`;
const withAblations = (ablations: string) => `${pipeline}\nablations:\n${ablations}`;

/** For each variant: its instances, and how many of them it shares with the baseline. */
function counts(graph: Graph) {
  return graph.variants.map(({ ablation, instances }) => {
    const shared = instances.filter((i) => graph.instances[i]!.ablation === undefined).length;
    return [ablation, instances.length, shared];
  });
}

test("an ablation has its changed cone; what lies outside of it is the baseline's", async () => {
  const graph = await ablate(withAblations("  short: { epochs: 1 }"), ["all"]);
  expect(counts(graph)).toEqual([
    [undefined, 7, 7],
    ["short", 7, 2],
  ]);
  expect(ids(graph).slice(7)).toEqual([
    "train[ablation=short,seed=1]",
    "train[ablation=short,seed=2]",
    "measured[ablation=short,seed=1]",
    "measured[ablation=short,seed=2]",
    "verdict[ablation=short]",
  ]);
  expect(wiring(graph, "measured[ablation=short,seed=2]")).toEqual({
    model: "train[ablation=short,seed=2].model",
    configurations: "lattices[seed=2].configurations",
  });
  // The ablation is not an axis: a collected table has the columns that an edited file would give.
  expect(wiring(graph, "verdict[ablation=short]")).toEqual({
    metrics: [
      [{ seed: 1 }, "measured[ablation=short,seed=1].summary"],
      [{ seed: 2 }, "measured[ablation=short,seed=2].summary"],
    ],
  });
  expect(find(graph, "train[ablation=short,seed=1]").coordinate).toEqual({ seed: 1 });
  const results = graph.results.map(({ instance }) => graph.instances[instance]!.id);
  expect(results).toEqual(["verdict", "verdict[ablation=short]"]);
});

test("by its name alone, an ablation comes with what it shares and without the rest", async () => {
  const graph = await ablate(withAblations("  short: { epochs: 1 }"), ["short"]);
  expect(counts(graph)).toEqual([["short", 7, 2]]);
  expect(ids(graph).slice(0, 3)).toEqual([
    "lattices[seed=1]",
    "lattices[seed=2]",
    "train[ablation=short,seed=1]",
  ]);
  const named = await ablate(withAblations("  short: { epochs: 1 }"), ["short", "baseline"]);
  expect(named.instances).toHaveLength(12);
});

test("without ablations asked for, the graph is the baseline's", async () => {
  const text = withAblations("  short: { epochs: 1 }");
  const graph = await ablate(text, []);
  expect(ids(graph)).toEqual(ids(await ablate(pipeline, [])));
  expect(counts(graph)).toEqual([[undefined, 7, 7]]);
});

test("more values of an axis are new instances; the baseline's stay its own", async () => {
  const graph = await ablate(withAblations("  more: { seeds: [1, 2, 3] }"), ["all"]);
  expect(counts(graph)).toEqual([
    [undefined, 7, 7],
    ["more", 10, 6],
  ]);
  const fewer = await ablate(withAblations("  fewer: { seeds: [2] }"), ["all"]);
  expect(counts(fewer)[1]).toEqual(["fewer", 4, 3]);
});

test("grid makes a family, named by its values in the order of their names", async () => {
  const graph = await ablate(
    withAblations("  lr: { grid: { rate: [0.1, 0.01], epochs: [1, 2] } }"),
    ["lr"],
  );
  expect(counts(graph).map(([name]) => name)).toEqual([
    "lr[epochs=1,rate=0.1]",
    "lr[epochs=2,rate=0.1]",
    "lr[epochs=1,rate=0.01]",
    "lr[epochs=2,rate=0.01]",
  ]);
  const { params } = find(graph, "train[ablation=lr[epochs=2,rate=0.01],seed=1]");
  expect(params).toMatchObject({ epochs: 2, rate: 0.01 });
  const some = await ablate(withAblations("  lr: { grid: { rate: [1, 2], epochs: [1, 2] } }"), [
    "lr[rate=2]",
  ]);
  expect(counts(some).map(([name]) => name)).toEqual([
    "lr[epochs=1,rate=2]",
    "lr[epochs=2,rate=2]",
  ]);
});

test("grid names values that are not scalars, and takes ranges, params and dotted paths", async () => {
  const graph = await ablate(
    `${withAblations(`  a: { grid: { seeds: { one: [1], other: [7, 8] } } }
  b: { grid: { epochs: { range: [1, 2] } } }
  c: { grid: { stages.train.with.epochs: ${ref("seeds")} } }
`)}`,
    ["all"],
  );
  expect(counts(graph)).toEqual([
    [undefined, 7, 7],
    ["a[seeds=one]", 4, 3],
    ["a[seeds=other]", 7, 0],
    ["b[epochs=1]", 7, 2],
    ["b[epochs=2]", 7, 2],
    ["c[stages.train.with.epochs=1]", 7, 2],
    ["c[stages.train.with.epochs=2]", 7, 2],
  ]);
});

test("a named value of a grid is put in its place as it is written", async () => {
  const graph = await ablate(
    withAblations(`  deep:
    grid:
      stages.train.with.layers:
        two: [{ dense: 8 }, { dense: ${ref("epochs")} }]
  both: { combine: [deep], epochs: 5 }`),
    ["both"],
  );
  const { params } = find(graph, "train[ablation=both[stages.train.with.layers=two],seed=1]");
  expect(params["layers"]).toEqual([{ dense: 8 }, { dense: 5 }]);
});

test("combine puts ablations together, families member by member", async () => {
  const graph = await ablate(
    withAblations(`  short: { epochs: 1 }
  lr: { grid: { rate: [0.01, 0.001] } }
  both: { combine: [short, lr] }
  one: { combine: ["lr[rate=0.01]"], stages.train.with.seed: 5 }
`),
    ["both", "one"],
  );
  expect(counts(graph).map(([name]) => name)).toEqual([
    "both[rate=0.01]",
    "both[rate=0.001]",
    "one[rate=0.01]",
  ]);
  const { params } = find(graph, "train[ablation=both[rate=0.001],seed=2]");
  expect(params).toMatchObject({ epochs: 1, rate: 0.001, seed: 2 });
  expect(find(graph, "train[ablation=one[rate=0.01],seed=2]").params).toMatchObject({ seed: 5 });
});

test("null removes: the node type's default holds", async () => {
  const graph = await ablate(withAblations("  bare: { stages.train.with.rate: null }"), ["bare"]);
  expect(find(graph, "train[ablation=bare,seed=1]").params).not.toHaveProperty("rate");
});

test("resources are not identity: an ablation of them changes nothing, and says so", async () => {
  const { graph, text } = await tryAblate(
    withAblations("  wide: { stages.train.resources: { threads: 4 } }"),
    ["all"],
  );
  expect(counts(graph!)[1]).toEqual(["wide", 7, 7]);
  expect(text).toContain('warning[unchanged-ablation]: ablation "wide" changes nothing');
});

test("a family in which one member is the baseline is not a mistake", async () => {
  const { graph, text } = await tryAblate(withAblations("  e: { grid: { epochs: [1, 3] } }"), [
    "all",
  ]);
  expect(counts(graph!).at(-1)).toEqual(["e[epochs=3]", 7, 7]);
  expect(text).toBe("");
});

test("an unknown name on the command line is told of, with what there is", async () => {
  const text = withAblations("  short: { epochs: 1 }\n  lr: { grid: { rate: [1, 2] } }");
  await expect(ablate(text, ["shrot"])).rejects.toMatchObject({
    message: 'unknown ablation "shrot"',
    hint: 'did you mean "short"?',
  });
  await expect(ablate(text, ["lr[rate=3]"])).rejects.toMatchObject({
    hint: 'did you mean "lr[rate=1]"?',
  });
  await expect(ablate(pipeline, ["short"])).rejects.toMatchObject({
    hint: 'the pipeline has no "ablations"',
  });
});

test("what is wrong with members of a family is told once, and points at the override", async () => {
  const { text } = await tryAblate(withAblations("  bad: { grid: { epochs: [-1, -2, 5] } }"), [
    "bad",
  ]);
  expect(text).toMatchInlineSnapshot(`
    "/project/p.yaml:18:27: error[invalid-param]: "epochs" must be >= 0, got -1, in ablation "bad[epochs=-1]"
    18 |   bad: { grid: { epochs: [-1, -2, 5] } }
       |                           ^^
    /project/p.yaml:12:46: note: used here
    12 |     with: { layers: [{ dense: 4 }], epochs: "\${epochs}", rate: "\${rate}", seed: "\${seed}" }
       |                                              ^^^^^^^^^

    /project/p.yaml:18:31: error[invalid-param]: "epochs" must be >= 0, got -2, in ablation "bad[epochs=-2]"
    18 |   bad: { grid: { epochs: [-1, -2, 5] } }
       |                               ^^
    /project/p.yaml:12:46: note: used here
    12 |     with: { layers: [{ dense: 4 }], epochs: "\${epochs}", rate: "\${rate}", seed: "\${seed}" }
       |                                              ^^^^^^^^^"
  `);
});
