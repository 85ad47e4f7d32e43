import { beforeAll, expect, test } from "vitest";
import { type Backend, loadBackend } from "../../../src/learn/backend/backend.ts";
import type { TraineeOptions } from "../../../src/learn/backend/contract.ts";
import { predict } from "../../../src/learn/layers/forward.ts";
import { copyLayers, type Layer, outputsOf, parametersOf } from "../../../src/learn/model.ts";
import { initialState, optimizerOf } from "../../../src/learn/training/optimizer.ts";
import {
  convolution,
  dense,
  energy,
  randomReals,
  randomSpins,
  range,
  traineeFor,
  twin,
} from "../networks.ts";

// The engine in WebAssembly against the same network in TensorFlow.js and plain loops.

let [wasm, other]: Backend[] = [];
beforeAll(async () => {
  [wasm, other] = [await loadBackend("wasm"), await twin()];
});

const sgd = optimizerOf({ sgd: { learning_rate: 0.1, momentum: 0.9 } });
// A change of Adam is the rate times m / (sqrt v + epsilon). With this epsilon an error of a gradient
// is not magnified beyond 10 where the gradient itself is near 0.
const adam = optimizerOf({ adam: { learning_rate: 0.01, epsilon: 1e-3 } });
const wide = { rows: 3, columns: 2, stride: 2, side: 3, fine: 1, coarse: 4 };
const deep = { rows: 3, columns: 2, stride: 1, side: 2, fine: 4, coarse: 3 };

type Change = Partial<TraineeOptions>;
const cases: [string, Layer[], Change][] = [
  ["dense, sgd", [dense("a", 24, 7), dense("b", 7, 24)], { optimizer: sgd }],
  ["dense, adam", [dense("a", 24, 7), dense("b", 7, 24)], { optimizer: adam }],
  ["one number a row", [dense("a", 24, 5), dense("b", 5, 1, "linear")], { optimizer: adam }],
  ["relu", [dense("a", 24, 9, "relu"), dense("b", 9, 24, "linear")], { optimizer: adam }],
  ["sigmoid", [dense("a", 24, 9, "sigmoid"), dense("b", 9, 24, "sigmoid")], { optimizer: sgd }],
  ["one-bit codes", [dense("a", 24, 9, "sign"), dense("b", 9, 24)], { optimizer: sgd }],
  ["bce after tanh", [dense("a", 24, 9), dense("b", 9, 24)], { optimizer: adam, loss: "bce" }],
  [
    "bce after sigmoid",
    [dense("a", 24, 9), dense("b", 9, 24, "sigmoid")],
    { optimizer: sgd, loss: "bce" },
  ],
  [
    "penalties",
    [dense("a", 24, 9), dense("b", 9, 24)],
    {
      optimizer: adam,
      penalties: new Map([
        ["a", { l1: 0.01, l2: 0 }],
        ["b", { l1: 0, l2: 0.01 }],
      ]),
    },
  ],
  [
    "frozen layers before, between and behind",
    [
      dense("a", 24, 9, "tanh", true),
      dense("b", 9, 9),
      dense("c", 9, 9, "sigmoid", true),
      dense("d", 9, 9),
      dense("e", 9, 3, "linear", true),
    ],
    { optimizer: sgd },
  ],
  [
    "convolutions and their transposes",
    [
      convolution("conv", "a", wide),
      convolution("conv", "b", deep),
      convolution("conv_transpose", "c", deep, "relu"),
      convolution("conv_transpose", "d", wide),
    ],
    { optimizer: adam },
  ],
  [
    "a frozen critic of energies (reading B)",
    [
      dense("a", 24, 9),
      energy("e", 9),
      dense("c", 1, 8, "tanh", true),
      dense("d", 8, 1, "linear", true),
    ],
    { optimizer: adam },
  ],
];

test.each(cases)("five steps agree: %s", (_, layers, change) => {
  const batch = 10;
  // Networks that can give back what they get learn to do so.
  const x = randomSpins(5 * batch, 24);
  const t = outputsOf(layers) === 24 ? x : randomReals(5 * batch, outputsOf(layers));
  const results = [wasm!, other!].map((backend) => {
    const own = copyLayers(layers);
    const free = own.filter((layer) => !layer.frozen);
    const sizes = free.flatMap(parametersOf).map((array) => array.length);
    const state = initialState(change.optimizer!, sizes);
    const trainee = traineeFor(backend, own, { batch, ...change, state });
    const losses = [0, 1, 2, 3, 4].map((step) =>
      trainee.step(x, t, range(step * batch, (step + 1) * batch)),
    );
    trainee.save();
    trainee.dispose();
    return { losses, arrays: [...own.flatMap(parametersOf), ...state.moments] };
  });
  const [ours, theirs] = results as [(typeof results)[0], (typeof results)[0]];
  // Gradients are sums of some hundred products of order 0.1 in float32: they differ by less than 1e-6.
  // What five steps make of that is below ten times as much for either optimizer, and doubles at most
  // with each step, as the weights move apart.
  for (const [i, loss] of ours.losses.entries()) {
    expect(Math.abs(loss - theirs.losses[i]!)).toBeLessThan(2e-5);
  }
  let [moved, compared] = [0, 0];
  for (const [i, array] of ours.arrays.entries()) {
    for (const [j, value] of array.entries()) {
      expect(Math.abs(value - theirs.arrays[i]![j]!)).toBeLessThan(1e-4);
      compared++;
    }
    if (i < 2 * layers.length) {
      const before = layers.flatMap(parametersOf)[i]!;
      moved += array.some((value, j) => value !== before[j]) ? 1 : 0;
    }
  }
  expect(compared).toBeGreaterThan(0);
  expect(moved).toBe(2 * layers.filter((layer) => !layer.frozen).length);
});

test.each(cases)("outputs agree: %s", (_, layers) => {
  const rows = randomSpins(300, 24);
  const [ours, theirs] = [predict(wasm!, layers, rows), predict(other!, layers, rows)];
  // Sums of some ten float32 products of order 1; where one falls on the other side of 0, signs differ.
  const apart = ours.filter((value, i) => Math.abs(value - theirs[i]!) > 1e-5);
  expect(apart.length).toBe(0);
  expect(ours.length).toBe(300 * outputsOf(layers));
});
