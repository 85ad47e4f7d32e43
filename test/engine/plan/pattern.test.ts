import { expect, test } from "vitest";
import { ablationsIn, matchPattern, parsePattern } from "../../../src/engine/plan/pattern.ts";
import { ablate } from "../expand/expand.ts";

const pipeline = `
params: { seeds: [1, 2], epochs: 3 }
stages:
  data: { node: sampler, for: { seed: "\${seeds}" }, with: { size: 4, seed: "\${seed}" } }
  train:
    node: trainer
    inputs: { x: data }
    with: { layers: [{ dense: 4 }], epochs: "\${epochs}", seed: "\${seed}" }
ablations:
  short: { epochs: 1 }
  grid: { grid: { epochs: [3, 4], stages.train.with.rate: [0.5] } }
`;

test("parsePattern() reads an ablation's own brackets as part of its name", () => {
  const { stage, axes, port } = parsePattern(
    "train[ablation=lr[epochs=3,stages.a.with.rate=0.5],seed=1].model",
  );
  expect([stage, port]).toEqual(["train", "model"]);
  expect([...axes]).toEqual([
    ["ablation", "lr[epochs=3,stages.a.with.rate=0.5]"],
    ["seed", "1"],
  ]);
});

test("matchPattern() finds what an ablation has, whether it is its own or the baseline's", async () => {
  const graph = await ablate(pipeline, ["all"]);
  const match = (pattern: string) =>
    matchPattern(graph, pattern).indices.map((i) => graph.instances[i]!.id);
  expect(match("train[seed=1]")).toEqual([
    "train[seed=1]",
    "train[ablation=short,seed=1]",
    "train[ablation=grid[epochs=3,stages.train.with.rate=0.5],seed=1]",
    "train[ablation=grid[epochs=4,stages.train.with.rate=0.5],seed=1]",
  ]);
  expect(match("train[ablation=baseline]")).toEqual(["train[seed=1]", "train[seed=2]"]);
  expect(match("data[ablation=short]")).toEqual(["data[seed=1]", "data[seed=2]"]);
  expect(match("train[ablation=grid[epochs=4],seed=2]")).toEqual([
    "train[ablation=grid[epochs=4,stages.train.with.rate=0.5],seed=2]",
  ]);
  expect(match("train[ablation=grid]")).toHaveLength(4);
  // An id names its own instance; without an ablation, those of all ablations too.
  for (const { id, ablation } of graph.instances) {
    if (ablation === undefined) expect(match(id)).toContain(id);
    else expect(match(id)).toEqual([id]);
  }
  expect(() => match("train[ablation=other]")).toThrow("no instance matches");
});

test("ablationsIn() adds the baseline for patterns that name none beside others that do", () => {
  expect(ablationsIn(["train", "data[seed=1]"])).toEqual([]);
  expect(ablationsIn(["train[ablation=a]", "data", "x[ablation=a,seed=1]"])).toEqual([
    "a",
    "baseline",
  ]);
});

test("matchPattern() reads numbers as numbers, and tells of axes that are not there or there twice", async () => {
  const graph = await ablate(
    `stages:\n  data: { node: sampler, for: { beta: [0.1, 0.2] }, with: { size: 4, betas: ["\${beta}"] } }\n`,
    [],
  );
  const match = (pattern: string) => matchPattern(graph, pattern).indices;
  expect(match("data[beta=0.10]")).toEqual([0]);
  expect(match("data[beta=2e-1]")).toEqual([1]);
  expect(() => match("data[beta=0.3]")).toThrow("no instance matches");
  expect(() => match("data[beta=]")).toThrow("no instance matches");
  expect(() => match("data[zz=1]")).toThrow('unknown axis "zz": stage "data" has no such axis');
  expect(() => match("data[beta=0.1,beta=0.2]")).toThrow('axis "beta" is given twice');
});
