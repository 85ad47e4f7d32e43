import { createRequire } from "node:module";
import { beforeAll, expect, test } from "vitest";
import { describeBackends, loadBackend, resolveAuto } from "../../../src/learn/backend/backend.ts";
import { predict } from "../../../src/learn/layers/forward.ts";
import {
  convolution,
  dense,
  energy,
  randomReals,
  randomSpins,
  range,
  traineeFor,
} from "../networks.ts";

const installed = (() => {
  try {
    createRequire(import.meta.url)("@tensorflow/tfjs-node");
    return true;
  } catch {
    return false;
  }
})();
const missing = "skipped because @tensorflow/tfjs-node cannot be loaded on this machine";

beforeAll(() => {
  if (!installed) console.warn(`tests of the backend "tensorflow" are ${missing}`);
});

test("loadBackend() of wasm loads nothing of TensorFlow.js", async () => {
  const { name } = await loadBackend("wasm");
  expect(name).toBe("wasm");
  const loaded = Object.keys(createRequire(import.meta.url).cache);
  expect(loaded.filter((file) => file.includes("tfjs-backend-wasm"))).toEqual([]);
});

test("describeBackends() says what is there, or why it is not, in one line each", async () => {
  const found = await describeBackends();
  expect(found.map(({ name, available }) => ({ name, available }))).toEqual([
    { name: "wasm", available: true },
    { name: "tensorflow", available: installed },
  ]);
  for (const { detail } of found) expect(detail).toMatch(/^[^\n]+$/);
  if (!installed)
    expect(found[1]?.detail).toMatch(/@tensorflow\/tfjs-node is not (installed|built)/);
});

test.skipIf(installed)("loadBackend() says in one line what is missing", async () => {
  await expect(loadBackend("tensorflow")).rejects.toMatchObject({
    name: "BackendError",
    message: expect.stringMatching(/^@tensorflow\/tfjs-node is not (installed|built)[^\n]*$/),
  });
});

test("resolveAuto() takes tensorflow where it loads, else wasm", async () => {
  expect(await resolveAuto()).toBe(installed ? "tensorflow" : "wasm");
});

test("predict() gives every row the same bytes, whatever rows are beside it", async () => {
  const backend = await loadBackend("wasm");
  const layers = [dense("code", 36, 9), dense("image", 9, 36, "sigmoid")];
  const rows = randomSpins(1100, 36);
  const all = predict(backend, layers, rows);
  for (const [start, end] of [
    [0, 1],
    [3, 10],
    [1020, 1100],
  ] as const) {
    expect(predict(backend, layers, rows, start, end)).toEqual(all.slice(start * 36, end * 36));
  }
  expect(() => predict(backend, layers, randomSpins(2, 25))).toThrow(
    "takes 36 numbers a row, got 25",
  );
});

test.skipIf(!installed)("gradients of every kind of layer agree between the backends", async () => {
  const windows = { rows: 3, columns: 3, stride: 2, side: 3, fine: 1, coarse: 2 };
  const layers = [
    convolution("conv", "a", windows),
    dense("b", 18, 18),
    convolution("conv_transpose", "c", windows),
    energy("e", 36),
    dense("d", 1, 2),
  ];
  const [x, t] = [randomSpins(20, 36), randomReals(20, 2)];
  const found = [];
  for (const name of ["wasm", "tensorflow"] as const) {
    const trainee = traineeFor(await loadBackend(name), layers, { batch: 20 });
    found.push(trainee.gradients(x, t, range(0, 20)));
    trainee.dispose();
  }
  const [wasm, native] = found.map(({ gradients }) => gradients.flatMap((array) => [...array]));
  expect(wasm!.length).toBe(native!.length);
  // Sums of some hundred float32 products of order 0.1 differ by some units of 2^-24 each.
  for (const [i, g] of wasm!.entries()) expect(Math.abs(g - native![i]!)).toBeLessThan(1e-5);
});

test.skipIf(!installed)("predict() agrees between the backends", async () => {
  const layers = [dense("code", 36, 9), dense("image", 9, 36, "sigmoid")];
  const rows = randomSpins(50, 36);
  const wasm = predict(await loadBackend("wasm"), layers, rows);
  const native = predict(await loadBackend("tensorflow"), layers, rows);
  // Sums of 36 float32 products of order 1/6 differ by some units of 2^-24 each.
  for (let i = 0; i < wasm.length; i++) expect(Math.abs(wasm[i]! - native[i]!)).toBeLessThan(1e-5);
});
