import { createRequire } from "node:module";
import { beforeAll, expect, test } from "vitest";
import {
  describeBackends,
  inScope,
  loadBackend,
  resolveAuto,
} from "../../../src/learn/backend/backend.ts";
import { backward } from "../../../src/learn/layers/backward.ts";
import { forward, loadLayer, predict } from "../../../src/learn/layers/forward.ts";
import { convolution, dense, energy, flat, randomReals, randomSpins } from "../networks.ts";

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

test("loadBackend() leaves no listener behind and can be called again", async () => {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => process.listenerCount(event));
  const [first, second] = [await loadBackend("wasm"), await loadBackend("wasm")];
  expect(first.tf.getBackend()).toBe("wasm");
  expect(second).toEqual(first);
  expect(events.map((event) => process.listenerCount(event))).toEqual(before);
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

test.skipIf(!installed)(
  "backward() of every kind of layer agrees between the backends",
  async () => {
    const windows = { rows: 3, columns: 3, stride: 2, side: 3, fine: 1, coarse: 2 };
    const layers = [
      convolution("conv", "a", windows),
      dense("b", 18, 18),
      convolution("conv_transpose", "c", windows),
      energy("e", 36),
      dense("d", 1, 2),
    ];
    const [x, t] = [flat(randomSpins(20, 36)), flat(randomReals(20, 2))];
    const found = [];
    for (const name of ["wasm", "tensorflow"] as const) {
      const { tf } = await loadBackend(name);
      const loaded = () => layers.map((layer) => loadLayer(tf, layer));
      found.push(inScope(tf, () => backward(forward(tf, loaded(), x), t, "mse")));
    }
    const [wasm, native] = found.map(({ gradients }) => gradients.flatMap((array) => [...array]));
    expect(wasm!.length).toBe(native!.length);
    // Sums of some hundred float32 products of order 0.1 differ by some units of 2^-24 each.
    for (const [i, g] of wasm!.entries()) expect(Math.abs(g - native![i]!)).toBeLessThan(1e-5);
  },
);

test.skipIf(!installed)("predict() agrees between the backends", async () => {
  const layers = [dense("code", 36, 9), dense("image", 9, 36, "sigmoid")];
  const rows = randomSpins(50, 36);
  const wasm = predict(await loadBackend("wasm"), layers, rows);
  const native = predict(await loadBackend("tensorflow"), layers, rows);
  // Sums of 36 float32 products of order 1/6 differ by some units of 2^-24 each.
  for (let i = 0; i < wasm.length; i++) expect(Math.abs(wasm[i]! - native[i]!)).toBeLessThan(1e-5);
});
