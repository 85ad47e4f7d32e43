import { expect, test } from "vitest";
import { InvalidInput, InvalidParam } from "../../src/engine/node-type.ts";
import { blockFilter } from "../../src/nodes/block-filter.ts";
import { blockSpinsNode } from "../../src/nodes/block-spins.ts";
import { decimator } from "../../src/nodes/decimator.ts";
import { mcrg } from "../../src/nodes/mcrg/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { dense } from "../learn/networks.ts";
import { digestOf } from "./digest.ts";
import { isingSampler } from "./ising-sampler.ts";
import { tableOfModel } from "./models.ts";

const params = { size: 16, betas: [0.4406867935097715], samples: 200, chains: 4, seed: 11 };
const configurations = (await runNode(isingSampler, { params })).outputs.configurations as Table;
const rule = async (given: object) =>
  (await runNode(blockFilter, { params: { size: 8, ...given } })).outputs.model as Table;
const apply = async (
  model: Table,
  more: Record<string, unknown> = {},
  x = configurations,
  chunkRows = 64,
) => {
  const inputs = { configurations: x, model } as never;
  return (await runNode(blockSpinsNode, { params: more, inputs, chunkRows })).outputs
    .configurations as Table;
};

test("the filter of decimation decimates, at any size and over several steps", async () => {
  const model = await rule({ rule: "decimation" });
  for (const steps of [1, 2]) {
    const given = { params: { steps }, inputs: { configurations } as never };
    const expected = (await runNode(decimator, given)).outputs["configurations"] as Table;
    const found = await apply(model, { steps });
    expect(found.schema).toEqual(expected.schema);
    expect(digestOf({ x: found })).toBe(digestOf({ x: expected }));
  }
});

test("two steps are a step after a step, where nothing is tossed", async () => {
  const model = await rule({
    weights: [
      [1.5, 1],
      [1, 1.25],
    ],
  });
  const once = await apply(model);
  expect(digestOf({ x: await apply(model, {}, once) })).toBe(
    digestOf({ x: await apply(model, { steps: 2 }) }),
  );
  expect(once.columns["chain"]).toEqual(configurations.columns["chain"]);
  expect(Object.keys(once.schema)).not.toContain("energy");
});

test("ties depend on the seed and the configuration, not on the rows around it", async () => {
  const model = await rule({ rule: "majority" });
  const digest = async (more: Record<string, unknown>, chunkRows: number) =>
    digestOf({ x: await apply(model, more, configurations, chunkRows) });
  const one = await digest({ steps: 2 }, 7);
  expect(await digest({ steps: 2 }, 200)).toBe(one);
  expect(await digest({ steps: 2, seed: 2 }, 200)).not.toBe(one);
});

test("mcrg by the filter of a rule is mcrg by the rule", async () => {
  const run = async (given: Record<string, unknown>, model?: Table) => {
    const inputs = { configurations, ...(model && { model }) } as never;
    return digestOf({ x: (await runNode(mcrg, { params: given, inputs })).outputs.exponents });
  };
  for (const name of ["majority", "decimation"]) {
    const byFilter = await run({ steps: 2 }, await rule({ rule: name }));
    expect(byFilter).toBe(await run({ steps: 2, rule: name }));
  }
});

test("block-filter and block-spins say what does not fit", async () => {
  const model = await rule({ rule: "majority" });
  await expect(apply(model, { steps: 5 })).rejects.toEqual(
    new InvalidInput(
      "model",
      "has a stride of 2, which does not divide 1 (the size after 4 steps)",
    ),
  );
  const wide = await rule({ weights: new Array(4).fill([1, 1, 1, 1]) });
  await expect(apply(wide, { steps: 4 })).rejects.toEqual(
    new InvalidParam("steps", "a window of 4 is wider than 2 (the size after 3 steps)"),
  );
  const network = tableOfModel({ layers: [dense("code", 256, 64)], loss: "mse", chains: [] });
  await expect(apply(network)).rejects.toThrow("has a code that is not one filter for every block");
  const both = { configurations, model: wide };
  await expect(runNode(mcrg, { params: { steps: 3 }, inputs: both as never })).rejects.toThrow(
    "3 would leave 2 sites a side of 16: expected at least 4",
  );
  const seen = tableOfModel({
    layers: [
      (await import("../../src/learn/block-filter.ts")).layerOf(
        { side: 2, stride: 2, weights: [1, 1, 1, 1] },
        8,
      ),
    ],
    loss: "mse",
    chains: [(configurations.columns["chain"] as string[])[0]!],
  });
  for (const node of [blockSpinsNode, mcrg]) {
    await expect(
      runNode(node as never, { inputs: { configurations, model: seen } as never }),
    ).rejects.toThrow("is one that the model was trained on");
  }
  const given = { params: { rule: "majority" }, inputs: { configurations } as never };
  const sized = (await runNode(blockFilter, given)).outputs.model as Table;
  expect(sized.schema).toEqual((await rule({ rule: "majority", size: 16 })).schema);
  await expect(runNode(blockFilter, { params: { rule: "majority" } })).rejects.toEqual(
    new InvalidParam("size", "expected either a size or configurations that have one"),
  );
  await expect(rule({})).rejects.toEqual(
    new InvalidParam("rule", "expected either a rule or weights"),
  );
  await expect(rule({ weights: [[1, 2], [3]] })).rejects.toEqual(
    new InvalidParam("weights.1", "has 1 numbers in a window of 2 rows"),
  );
  await expect(rule({ rule: "majority", factor: 3 })).rejects.toEqual(
    new InvalidParam("factor", "3 does not divide 8"),
  );
});
