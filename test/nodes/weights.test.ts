import { expect, test } from "vitest";
import { modelBatch, modelSchema } from "../../src/learn/model-table.ts";
import { weights } from "../../src/nodes/weights.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
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
    message: 'unknown layer "c": the model has "a", "b"',
  });
});

test("weights() gives the same bits as ever for one model", async () => {
  const { outputs } = await runNode(weights, { inputs: { model } });
  // Output changed? Raise the node's version (now 1) and record the new digest.
  expect(digestOf(outputs)).toBe("836f88e91d96f161");
});
