import { expect, test } from "vitest";
import { modelBatch, modelSchema } from "../../src/learn/model-table.ts";
import { weights } from "../../src/nodes/weights/index.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { convolution, energy } from "../learn/networks.ts";
import { digestOf } from "./digest.ts";

const random = createGenerator(
  streamSeed({ nodeType: "test", purpose: "weights", seed: 1, parts: [] }),
);
const dense = (name: string, inputs: number, outputs: number, kernel: Float32Array) => ({
  kind: "dense" as const,
  name,
  activation: "tanh" as const,
  inputs,
  outputs,
  kernel,
  bias: new Float32Array(outputs).fill(9),
  frozen: false,
});

/** An encoder that decimates 16x16 to 8x8, and a Gaussian decoder. */
const decimation = new Float32Array(64 * 256);
for (let a = 0; a < 64; a++) decimation[a * 256 + 32 * Math.floor(a / 8) + 2 * (a % 8)] = -0.9;
const gaussian = Float32Array.from({ length: 256 * 64 }, () => random.normal());
const layers = [dense("code", 256, 64, decimation), dense("image", 64, 256, gaussian)];
const model = tableOf(modelSchema(layers), modelBatch({ layers, loss: "mse", chains: [] }));

test("weights() of ideal decimation has its closed forms, beside Gaussian baselines", async () => {
  const { outputs } = await runNode(weights, { inputs: { model } });
  const { columns, rows } = outputs.summary;
  expect(rows).toBe(2);
  expect(columns.layer).toEqual(["code", "image"]);
  expect(columns.hoyer[0]).toBeCloseTo(120 / 127, 7);
  expect(columns.gini[0]).toBeCloseTo(1 - 64 / 16384, 7);
  expect(columns.participation_ratio[0]).toBeCloseTo(1, 7);
  expect(columns.l0[0]).toBe(1 - 64 / 16384);
  expect(columns.gyration_radius[0]).toBeCloseTo(0, 7);
  expect(columns.gyration_radius_uniform[0]).toBeCloseTo(6.53, 2);
  // 16,384 Gaussian entries: standard deviations below .6 / 128 = .005; allow 4.
  expect(Math.abs(columns.hoyer[1]! - columns.hoyer_gaussian[1]!)).toBeLessThan(0.02);
  expect(Math.abs(columns.gini[1]! - columns.gini_gaussian[1]!)).toBeLessThan(0.02);
  // n = 64: E[(sum w^2)^2] / E[sum w^4] = (n + 2) / 3 = 22; the mean of 256 ratios is near it.
  expect(columns.participation_ratio[1]).toBeGreaterThan(20);
  expect(columns.participation_ratio[1]).toBeLessThan(24);
  expect(columns.participation_ratio_gaussian[1]).toBeCloseTo(64 / 3, 12);
  expect(columns.block_share[0]).toBeCloseTo(1, 7);
  expect(columns.block_share_matched[0]).toBeCloseTo(1, 7);
  expect(columns.block_share_uniform[0]).toBe(4 / 256);
  // Sites that 64 units drew from 256 lie in at most 64 blocks, on average in 64 (1 - e^-1) = 40.
  expect(columns.block_share_null[0]).toBeGreaterThan(0.55);
  expect(columns.block_share_null[0]).toBeLessThan(0.75);
  expect(columns.block_share[1]).toBeNull();
  expect(outputs.units.rows).toBe(64 + 256);
});

test("weights() looks at the layers named, and leaves out units without weights", async () => {
  const kernel = Float32Array.of(0, 0, 0, 1, -1, 0);
  const small = [dense("a", 3, 2, kernel), dense("b", 2, 1, Float32Array.of(0, 0))];
  const table = tableOf(modelSchema(small), modelBatch({ layers: small, loss: "mse", chains: [] }));
  const { outputs } = await runNode(weights, { inputs: { model: table } });
  const { columns } = outputs.summary;
  expect(columns.participation_ratio).toEqual([2, null]);
  expect([...columns.zero_units]).toEqual([1, 1]);
  expect(columns.gyration_radius).toEqual([null, null]);
  expect(columns.hoyer[1]).toBeNull();
  const one = await runNode(weights, { inputs: { model: table }, params: { layers: ["b"] } });
  expect(one.outputs.summary.columns.layer).toEqual(["b"]);
  await expect(
    runNode(weights, { inputs: { model: table }, params: { layers: ["a", "c"] } }),
  ).rejects.toMatchObject({
    path: "layers.1",
    message: 'must be a layer of the model ("a", "b"), got "c"',
  });
});

test("l0 counts weights against the largest of their own unit", async () => {
  // Below a tenth: one of three of the first unit, two of the second, and the third has no weights.
  // Against the largest of the matrix, 10, it would be all of the second unit: (1 + 3) / 6.
  const kernel = Float32Array.of(10, 2, -0.9, 0.03, 0.5, -0.04, 0, 0, 0);
  const layers = [dense("a", 3, 3, kernel)];
  const table = tableOf(modelSchema(layers), modelBatch({ layers, loss: "mse", chains: [] }));
  const l0 = async (epsilon: number) => {
    const { outputs } = await runNode(weights, { inputs: { model: table }, params: { epsilon } });
    return [[...outputs.units.columns.l0], [...outputs.summary.columns.l0]];
  };
  expect(await l0(0.1)).toEqual([[1 / 3, 2 / 3, null], [1 / 2]]);
  expect(await l0(0.3)).toEqual([[2 / 3, 2 / 3, null], [2 / 3]]);
});

test("distance has the share of squared weight around each unit's largest", async () => {
  const { outputs } = await runNode(weights, { inputs: { model } });
  const { columns, rows } = outputs.distance;
  const of = (layer: string) =>
    Array.from({ length: rows }, (_, i) => i).filter((i) => columns.layer[i] === layer);
  const sum = (values: Float64Array, at: number[]) => at.reduce((t, i) => t + values[i]!, 0);
  // 0, 1, sqrt 2, 2, ... up to 8 sqrt 2 on a 16x16 torus: one-hot units lie at 0.
  const code = of("code");
  expect(Array.from(code.slice(0, 4), (i) => columns.distance[i])).toEqual([0, 1, Math.SQRT2, 2]);
  expect(columns.distance[code.at(-1)!]).toBeCloseTo(8 * Math.SQRT2, 14);
  expect(columns.share[code[0]!]).toBeCloseTo(1, 12);
  for (const layer of ["code", "image"]) {
    expect(sum(columns.share, of(layer))).toBeCloseTo(1, 12);
    expect(sum(columns.share_uniform, of(layer))).toBeCloseTo(1, 12);
  }
  expect(code.reduce((total, i) => total + columns.sites[i]!, 0)).toBe(256);
});

test("weights() of a convolution are those of its small kernel, and an energy has none", async () => {
  const windows = { rows: 8, columns: 8, stride: 2, side: 2, fine: 1, coarse: 1 };
  const small = convolution("conv", "code", windows);
  small.kernel.set([1, 0, 0, 0]);
  const layers = [small, energy("energy", 64)];
  const table = tableOf(modelSchema(layers), modelBatch({ layers, loss: "mse", chains: [] }));
  const { outputs } = await runNode(weights, { inputs: { model: table } });
  const { columns } = outputs.summary;
  expect([columns.layer, [...columns.units], [...columns.inputs]]).toEqual([["code"], [1], [4]]);
  expect([columns.hoyer[0], columns.participation_ratio[0]]).toEqual([1, 1]);
  expect([columns.gyration_radius[0], columns.block_share[0]]).toEqual([null, null]);
  expect(outputs.distance.rows).toBe(0);
});

test("weights() gives the same bits as ever for one model", async () => {
  const { outputs } = await runNode(weights, { inputs: { model } });
  // Output changed? Raise the node's version (now 3) and record the new digest.
  expect(digestOf(outputs)).toBe("ec79e469ab527c55");
});
