/** Block spins of a filter against a plain twin, and against the network that the filter is from. */
import { expect, test } from "vitest";
import { type BlockFilter, blockSpins } from "../../src/lattice/block-filter.ts";
import { majority } from "../../src/lattice/coarse-graining.ts";
import { packSpins, unpackSpins } from "../../src/lattice/spins.ts";
import { loadBackend } from "../../src/learn/backend/backend.ts";
import { filterLayer, filterOf, layerOf, upright } from "../../src/learn/block-filter.ts";
import { predict } from "../../src/learn/layers/forward.ts";
import { floatRows } from "../../src/learn/rows.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { dense } from "./networks.ts";

const stream = (...parts: (string | number)[]) =>
  createGenerator(streamSeed({ nodeType: "test", purpose: "filter", seed: 3, parts }));
const spinsOf = (count: number, ...name: (string | number)[]) => {
  const random = stream("spins", ...name);
  return Int8Array.from({ length: count }, () => 2 * random.below(2) - 1);
};
const never = () => {
  throw new Error("no tie was expected");
};

test.each([
  [2, 2, 6],
  [4, 2, 10],
  [3, 2, 8],
  [3, 3, 9],
  [5, 3, 15],
  [2, 4, 12],
])("a window of %i, %i apart, on %i sites a side", (side, stride, size) => {
  const random = stream("weights", side, stride);
  const weights = Float64Array.from({ length: side * side }, () => random.normal());
  const spins = spinsOf(3 * size * size, side, stride);
  const found = blockSpins({ side, stride, weights }, spins, size, never);
  const width = size / stride;
  // Centred on its block, half a site early where that cannot be; a smaller one begins with it.
  const before = side > stride ? Math.ceil((side - stride) / 2) : 0;
  const wrap = (x: number) => ((x % size) + size) % size;
  for (let row = 0; row < 3; row++) {
    for (let y = 0; y < width; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let dy = 0; dy < side; dy++) {
          for (let dx = 0; dx < side; dx++) {
            const site = size * wrap(y * stride - before + dy) + wrap(x * stride - before + dx);
            sum += weights[side * dy + dx]! * spins[row * size * size + site]!;
          }
        }
        expect(found[(row * width + y) * width + x]).toBe(Math.sign(sum));
      }
    }
  }
});

test("block spins are the signs of the layer that has the filter, also of one from a training", async () => {
  const random = stream("layer");
  const weights = Float32Array.from({ length: 16 }, () => random.normal());
  const filter: BlockFilter = { side: 4, stride: 2, weights: upright(weights) };
  const layer = layerOf(filter, 8);
  const spins = spinsOf(5 * 64, "layer");
  const backend = await loadBackend("wasm");
  const means = predict(backend, [layer], floatRows(Float32Array.from(spins), 64));
  expect([...means].map(Math.sign)).toEqual([...blockSpins(filter, spins, 8, never)]);
  const trained = { ...layer, kernel: layer.kernel.map((w) => -w), bias: Float32Array.of(0.3) };
  expect(filterOf(filterLayer([trained]))).toEqual(filterOf(filterLayer([layer])));
});

test("equal weights are majority, coin by coin", () => {
  const spins = spinsOf(40 * 64, "majority");
  const coins = (row: number) => stream("coins", row);
  const filter = { side: 2, stride: 2, weights: [0.3, 0.3, 0.3, 0.3] };
  const packed = majority({ bits: packSpins(spins), rows: 40 }, 8, 2, "random", coins);
  expect(blockSpins(filter, spins, 8, coins)).toEqual(unpackSpins(packed.bits, 16, 0, 40));
});

test("only one filter on spins is a block-spin transformation", () => {
  const layer = layerOf({ side: 2, stride: 2, weights: [1, 1, 1, 1] }, 8);
  const code = dense("code", 16, 4);
  expect(filterLayer([layer, { ...code, name: "image" }])).toBe(layer);
  expect(() => filterLayer([code])).toThrow("has a code that is not one filter for every block");
  const first = dense("first", 64, 64);
  expect(() => filterLayer([first, layer])).toThrow("expected a first layer conv");
});
