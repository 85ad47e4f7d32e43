import { beforeAll, expect, test } from "vitest";
import { type Backend, loadBackend } from "../../../src/learn/backend/backend.ts";
import { predict } from "../../../src/learn/layers/forward.ts";
import { type Activation, copyLayers, type Layer, type Loss } from "../../../src/learn/model.ts";
import { floatRows, type Rows } from "../../../src/learn/rows.ts";
import { lossOf } from "../../../src/learn/training/loss.ts";
import { addPenaltyGradient, penaltyOf } from "../../../src/learn/training/penalty.ts";
import {
  convolution,
  dense,
  energy,
  flat,
  random,
  randomReals,
  range,
  traineeFor,
  twin,
} from "../networks.ts";

const backends = new Map<string, Backend>();
beforeAll(async () => {
  backends.set("wasm", await loadBackend("wasm"));
  backends.set("twin", await twin());
});

const rows = 6;
const x = randomReals(rows, 5, "x");
const t = flat(randomReals(rows, 3, "t"));

function gradients(backend: Backend, layers: readonly Layer[], loss: Loss, from: Rows = x, to = t) {
  const trainee = traineeFor(backend, layers, { loss, batch: rows });
  const targets = floatRows(to, to.length / rows);
  const result = trainee.gradients(from, targets, range(0, rows));
  trainee.dispose();
  return result;
}

function lossFor(
  backend: Backend,
  layers: readonly Layer[],
  loss: Loss,
  from: Rows = x,
  to = t,
): number {
  return lossOf(loss, layers.at(-1)!.activation, predict(backend, layers, from), to);
}

/**
 * dL/dp by the five-point rule with h = 1/64: its own error, h^4/30 times a fifth derivative of
 * order 10, is below 1e-7; rounding in float32, 2^-24 in L (of order 1) over h, is about 1e-5.
 */
function difference(change: (by: number) => number): number {
  const h = 1 / 64;
  const wide = change(2 * h) - change(-2 * h);
  return (8 * (change(h) - change(-h)) - wide) / (12 * h);
}
const tolerance = 5e-5;

/** Which relu units are on, for each row: differences across a kink mean nothing. */
function activeUnits(backend: Backend, layers: readonly Layer[]): string {
  return layers
    .filter((layer) => layer.activation === "relu")
    .map((layer) => predict(backend, layers.slice(0, layers.indexOf(layer) + 1), x))
    .map((outputs) => Array.from(outputs, (y) => Number(y > 0)).join(""))
    .join();
}

const cases: { hidden: Activation; last: Activation; loss: Loss; frozen: number[] }[] = [
  ...(["linear", "tanh", "relu", "sigmoid"] as const).map((hidden) => ({
    hidden,
    last: "linear" as const,
    loss: "mse" as const,
    frozen: [],
  })),
  { hidden: "tanh", last: "tanh", loss: "mse", frozen: [] },
  { hidden: "tanh", last: "sigmoid", loss: "mse", frozen: [] },
  { hidden: "linear", last: "relu", loss: "mse", frozen: [] },
  { hidden: "tanh", last: "tanh", loss: "bce", frozen: [] },
  { hidden: "sigmoid", last: "sigmoid", loss: "bce", frozen: [] },
  { hidden: "tanh", last: "tanh", loss: "mse", frozen: [0] },
  { hidden: "tanh", last: "tanh", loss: "mse", frozen: [1] },
  { hidden: "tanh", last: "tanh", loss: "bce", frozen: [2] },
  { hidden: "tanh", last: "linear", loss: "mse", frozen: [1, 2] },
];

const names = ["wasm", "twin"] as const;
const onEach = <T>(all: readonly T[]) =>
  names.flatMap((name) => all.map((one) => [name, one] as const));

test.each(onEach(cases))(
  "gradients agree with finite differences: %s, %o",
  (name, { hidden, last, loss, frozen }) => {
    const backend = backends.get(name)!;
    const layers = [dense("a", 5, 6, hidden), dense("b", 6, 4, hidden), dense("c", 4, 3, last)].map(
      (layer, i) => ({ ...layer, frozen: frozen.includes(i) }),
    );
    const result = gradients(backend, layers, loss);
    // Sums of some numbers of order 1, rounded to 24 bits.
    expect(Math.abs(result.loss - lossFor(backend, layers, loss))).toBeLessThan(1e-6);
    const free = layers.flatMap((layer, i) => (layer.frozen ? [] : [i]));
    expect(result.gradients.length).toBe(2 * free.length);
    const places = free.flatMap((i) => [[i, "kernel"] as const, [i, "bias"] as const]);
    const kinks = activeUnits(backend, layers);
    let [compared, all] = [0, 0];
    for (const [k, [i, part]] of places.entries()) {
      for (let j = 0; j < layers[i]![part].length; j++) {
        let smooth = true;
        const numeric = difference((by) => {
          const moved = copyLayers(layers);
          moved[i]![part][j]! += by;
          smooth &&= activeUnits(backend, moved) === kinks;
          return lossFor(backend, moved, loss);
        });
        all++;
        if (!smooth) continue;
        compared++;
        expect(Math.abs(result.gradients[k]![j]! - numeric)).toBeLessThan(tolerance);
      }
    }
    expect(compared / all).toBeGreaterThan(0.6);
  },
);

const windows = { rows: 2, columns: 3, stride: 2, side: 3, fine: 2, coarse: 3 };
const grids: [string, Layer[]][] = [
  ["conv", [convolution("conv", "a", windows), dense("b", 18, 3)]],
  ["conv below", [dense("a", 5, 48), convolution("conv", "b", windows), dense("c", 18, 3)]],
  ["conv_transpose", [convolution("conv_transpose", "a", windows), dense("b", 48, 3)]],
  [
    "conv_transpose below",
    [
      dense("a", 5, 18),
      convolution("conv_transpose", "b", windows, "tanh", true),
      dense("c", 48, 3),
    ],
  ],
  [
    "stride 1 and a window of 2",
    [
      convolution("conv", "a", { ...windows, stride: 1, side: 2, coarse: 1 }, "linear"),
      convolution("conv_transpose", "b", { ...windows, stride: 1, side: 2, coarse: 1 }),
      dense("c", 12, 3),
    ],
  ],
  ["energy", [dense("a", 5, 9), energy("e", 9), dense("b", 1, 3)]],
];

test.each(onEach(grids))("gradients agree with finite differences: %s, %s", (name, [, layers]) => {
  const backend = backends.get(name)!;
  const from = randomReals(rows, layers[0]!.inputs, "grid");
  const result = gradients(backend, layers, "mse", from);
  expect(Math.abs(result.loss - lossFor(backend, layers, "mse", from))).toBeLessThan(1e-6);
  const free = layers.flatMap((layer, i) => (layer.frozen ? [] : [i]));
  expect(result.gradients.length).toBe(2 * free.length);
  const places = free.flatMap((i) => [[i, "kernel"] as const, [i, "bias"] as const]);
  for (const [k, [i, part]] of places.entries()) {
    const { length } = layers[i]![part];
    expect(result.gradients[k]!.length).toBe(length);
    // A prime step visits parameters of every channel and place in the window.
    for (let j = 0; j < length; j += length > 40 ? 7 : 1) {
      const numeric = difference((by) => {
        const moved = copyLayers(layers);
        moved[i]![part][j]! += by;
        return lossFor(backend, moved, "mse", from);
      });
      expect(Math.abs(result.gradients[k]![j]! - numeric)).toBeLessThan(tolerance);
    }
  }
});

test.each(names)("gradients go straight through sign where |z| <= 1: %s", (name) => {
  const backend = backends.get(name)!;
  const layers = [dense("a", 5, 6, "sign"), dense("b", 6, 3, "linear")];
  const { gradients: found } = gradients(backend, layers, "mse");
  const z = predict(backend, [{ ...layers[0]!, activation: "linear" }], x);
  const signs = z.map((value) => (value >= 0 ? 1 : -1));
  expect(predict(backend, layers.slice(0, 1), x)).toEqual(signs);
  expect(new Set(z.map((value) => Number(Math.abs(value) > 1)))).toEqual(new Set([0, 1]));
  const [y, inputs, { kernel }] = [predict(backend, layers, x), flat(x), layers[1]!];
  for (let unit = 0; unit < 6; unit++) {
    for (let i = 0; i < 5; i++) {
      let want = 0;
      for (let row = 0; row < rows; row++) {
        if (Math.abs(z[row * 6 + unit]!) > 1) continue;
        for (let out = 0; out < 3; out++) {
          const error = y[row * 3 + out]! - t[row * 3 + out]!;
          want += (2 / y.length) * error * kernel[out * 6 + unit]! * inputs[row * 5 + i]!;
        }
      }
      expect(Math.abs(found[0]![unit * 5 + i]! - want)).toBeLessThan(1e-6);
    }
  }
});

test("addPenaltyGradient() agrees with finite differences", () => {
  const generator = random("penalty");
  // Away from zero, where |w| has a kink.
  const weights = Float32Array.from({ length: 8 }, () => generator.normal()).map(
    (w) => w + Math.sign(w),
  );
  for (const penalty of [
    { l1: 0.3, l2: 0 },
    { l1: 0, l2: 0.2 },
    { l1: 0.1, l2: 0.4 },
  ]) {
    const gradient = new Float32Array(8);
    addPenaltyGradient(gradient, weights, penalty);
    for (let i = 0; i < 8; i++) {
      const numeric = difference((by) => penaltyOf(weights.with(i, weights[i]! + by), penalty));
      expect(Math.abs(gradient[i]! - numeric)).toBeLessThan(tolerance);
    }
  }
  const still = new Float32Array(1);
  addPenaltyGradient(still, new Float32Array(1), { l1: 1, l2: 1 });
  expect(still).toEqual(new Float32Array(1));
});
