import { expect, test } from "vitest";
import { type LayerParam, resolveLayers } from "../../../src/learn/layers/resolve-layers.ts";
import { Misfit } from "../../../src/learn/misfit.ts";

const encoder = [
  { kind: "dense" as const, name: "dense_1", inputs: 16, outputs: 8 },
  { kind: "dense" as const, name: "code", inputs: 8, outputs: 4 },
];
const models = new Map([["encoder", encoder]]);
const widths = { x: 16, y: 4, grid: [4, 4, 1] as const };

const resolve = (layers: readonly LayerParam[], y = 4) =>
  resolveLayers(layers, { ...widths, y }, models);

test("resolveLayers() takes sizes from ports and names what has no name", () => {
  const tanh = "tanh" as const;
  expect(resolve([{ dense: 64, activation: tanh, name: "wide", l1: 0.1 }, { dense: "y" }])).toEqual(
    [
      {
        source: "new",
        kind: "dense",
        name: "wide",
        activation: "tanh",
        inputs: 16,
        outputs: 64,
        penalty: { l1: 0.1, l2: 0 },
      },
      {
        source: "new",
        kind: "dense",
        name: "dense_2",
        activation: "linear",
        inputs: 64,
        outputs: 4,
        penalty: { l1: 0, l2: 0 },
      },
    ],
  );
});

test("resolveLayers() takes parts of models and tells equal names apart", () => {
  const names = (layers: Parameters<typeof resolve>[0], y: number) =>
    resolve(layers, y).map(({ name, outputs }) => `${name}:${outputs}`);
  expect(names([{ use: "encoder", until: "dense_1", frozen: true }], 8)).toEqual(["dense_1:8"]);
  expect(names([{ use: "encoder" }, { dense: 5 }, { dense: "x" }], 16)).toEqual([
    "dense_1:8",
    "code:4",
    "dense_3:5",
    "dense_4:16",
  ]);
  expect(names([{ dense: 16 }, { use: "encoder" }], 4)).toEqual([
    "dense_1:16",
    "encoder_dense_1:8",
    "code:4",
  ]);
});

test("resolveLayers() follows lattices and channels through convolutions", () => {
  const layers = resolve(
    [
      { conv: 3, stride: 2, window: 3, name: "code" },
      { conv_transpose: 2, stride: 2, window: 4 },
      { conv: 1, window: 1 },
      { energy: "square" },
    ],
    1,
  );
  expect(layers.map(({ name, inputs, outputs }) => [name, inputs, outputs])).toEqual([
    ["code", 16, 12],
    ["conv_transpose_2", 12, 32],
    ["conv_3", 32, 16],
    ["energy_4", 16, 1],
  ]);
});

const kinds = '"dense", "conv", "conv_transpose", "energy", "use"';
test.each([
  [[{ dense: 3 }], 4, "layers.0", "gives 3 numbers as the last layer, but the target has 4"],
  [[{ dense: 3 }, { use: "encoder" }], 4, "layers.1.use", "takes 16 numbers, but gets 3"],
  [[{ use: "encodr" }], 4, "layers.0.use", 'must name a connected model ("encoder"), got "encodr"'],
  [
    [{ use: "encoder", until: "kode" }],
    4,
    "layers.0.until",
    'must be a layer of the model ("dense_1", "code"), got "kode"',
  ],
  [[{ use: "encoder" }, { dense: "y", name: "code" }], 4, "layers.1.name", 'is taken: "code"'],
  [[{ activation: "tanh" }], 4, "layers.0", `must have one of ${kinds}`],
  [[{ dense: 4, use: "encoder" }], 4, "layers.0", `must have one of ${kinds}`],
  [[{ dense: 4, frozen: true }], 4, "layers.0.frozen", 'does not belong to "dense"'],
  [[{ dense: 4, stride: 2 }], 4, "layers.0.stride", 'does not belong to "dense"'],
  [
    [{ energy: "square", activation: "tanh" }],
    1,
    "layers.0.activation",
    'does not belong to "energy"',
  ],
  [[{ use: "encoder", l1: 1 }], 4, "layers.0.l1", 'does not belong to "use"'],
  [[{ conv: 2, stride: 3 }], 4, "layers.0.stride", "3 does not divide a lattice of 4 x 4"],
  [[{ conv: 1, window: 5 }], 4, "layers.0.window", "5 is wider than a lattice of 4 x 4"],
  [
    [{ dense: 6 }, { conv: 1 }],
    6,
    "layers.1",
    "needs a lattice, but gets 6 numbers without a shape",
  ],
  [
    [{ conv: 2 }, { energy: "square" }],
    1,
    "layers.1",
    "needs a square lattice of single numbers, but gets 4 x 4 x 2",
  ],
  [
    [{ conv: 3, stride: 2, window: 2 }],
    4,
    "layers.0",
    "gives 12 numbers as the last layer, but the target has 4",
  ],
  [[], 4, "layers", "must have at least one layer"],
] as const)("resolveLayers() refuses %j", (layers, y, where, message) => {
  expect(() => resolve(layers as Parameters<typeof resolve>[0], y)).toThrow(
    new Misfit("param", where, message),
  );
  try {
    resolve(layers as Parameters<typeof resolve>[0], y);
  } catch (error) {
    expect(error).toMatchObject({ at: "param", where });
  }
});
