import { beforeAll, expect, test } from "vitest";
import { type Backend, loadBackend } from "../../../src/learn/backend/backend.ts";
import { energyPerSite } from "../../../src/learn/layers/energy.ts";
import { predict } from "../../../src/learn/layers/forward.ts";
import type { Layer, Windows } from "../../../src/learn/model.ts";
import { floatRows } from "../../../src/learn/rows.ts";
import { convolution, energy, flat, randomReals, randomSpins } from "../networks.ts";

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend("wasm");
});

const windows: Windows = { rows: 3, columns: 2, stride: 2, side: 3, fine: 2, coarse: 4 };

/** z of every coarse site and channel, written out; `row` is one configuration. */
function convolve(row: Float32Array, { kernel, bias }: Layer, w: Windows): number[] {
  const [height, width] = [w.rows * w.stride, w.columns * w.stride];
  const before = Math.max(0, Math.ceil((w.side - w.stride) / 2));
  const z: number[] = [];
  for (let y = 0; y < w.rows; y++) {
    for (let x = 0; x < w.columns; x++) {
      for (let unit = 0; unit < w.coarse; unit++) {
        let sum = bias[unit]!;
        for (let dy = 0; dy < w.side; dy++) {
          for (let dx = 0; dx < w.side; dx++) {
            for (let c = 0; c < w.fine; c++) {
              const site =
                ((y * w.stride + dy - before + height) % height) * width +
                ((x * w.stride + dx - before + width) % width);
              const weight = kernel[((unit * w.side + dy) * w.side + dx) * w.fine + c]!;
              sum += weight * row[site * w.fine + c]!;
            }
          }
        }
        z.push(sum);
      }
    }
  }
  return z;
}

test.each([
  windows,
  { ...windows, stride: 1 },
  { ...windows, side: 2 },
  { ...windows, side: 4 },
  { ...windows, side: 1, fine: 1 },
])("predict() of a convolution equals the sum written out: %o", (w) => {
  const layer = convolution("conv", "code", w, "linear");
  const rows = randomReals(3, layer.inputs);
  const result = predict(backend, [layer], rows);
  const values = flat(rows);
  for (let row = 0; row < 3; row++) {
    const one = values.subarray(row * layer.inputs, (row + 1) * layer.inputs);
    for (const [i, want] of convolve(one, layer, w).entries()) {
      // At most 32 float32 products of order 1 a sum.
      expect(Math.abs(result[row * layer.outputs + i]! - want)).toBeLessThan(1e-5);
    }
  }
});

test("a convolution and its transpose are adjoint: <y, A x> = <A^T y, x>", () => {
  const down = { ...convolution("conv", "a", windows, "linear"), bias: new Float32Array(4) };
  const up = {
    ...convolution("conv_transpose", "a", windows, "linear"),
    bias: new Float32Array(2),
  };
  expect(up.kernel).toEqual(down.kernel);
  const [x, y] = [randomReals(1, down.inputs, "x"), randomReals(1, up.inputs, "y")];
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
  const left = dot(flat(y), predict(backend, [down], x));
  expect(Math.abs(left - dot(predict(backend, [up], y), flat(x)))).toBeLessThan(1e-5);
});

test("predict() of convolutions gives every row the same bytes, whatever rows are beside it", () => {
  const layers = [convolution("conv", "a", windows), convolution("conv_transpose", "b", windows)];
  const rows = randomReals(1100, layers[0]!.inputs);
  const all = predict(backend, layers, rows);
  const width = layers[1]!.outputs;
  for (const [start, end] of [
    [0, 1],
    [3, 10],
    [1020, 1100],
  ] as const) {
    const part = predict(backend, layers, rows, start, end);
    expect(part).toEqual(all.slice(start * width, end * width));
  }
});

test("a window of 2 and a stride of 2 see the blocks of a coarse-graining by 2", () => {
  const blocks = { rows: 2, columns: 2, stride: 2, side: 2, fine: 1, coarse: 1 };
  const layer = convolution("conv", "code", blocks, "linear");
  layer.kernel.set([1, 10, 100, 1000]);
  layer.bias.fill(0);
  const sites = floatRows(
    Float32Array.from({ length: 16 }, (_, i) => i),
    16,
  );
  const block = (first: number) =>
    first + 10 * (first + 1) + 100 * (first + 4) + 1000 * (first + 5);
  expect(predict(backend, [layer], sites)).toEqual(Float32Array.from([0, 2, 8, 10], block));
});

test("an energy layer gives -2 in a ground state, 2 for a chessboard, and counts pairs twice on 2 x 2", () => {
  const layer = energy("energy", 16);
  const ground = new Float32Array(16).fill(-1);
  const chessboard = ground.map((_, i) => ((i + (i >> 2)) % 2 ? 1 : -1));
  expect(predict(backend, [layer], floatRows([...ground, ...chessboard], 16))).toEqual(
    Float32Array.of(-2, 2),
  );
  // Bonds (0,1), (2,3), (0,2), (1,3), each twice: 2 (1 - 1 + 1 - 1) = 0; one flipped spin of four.
  expect(energyPerSite([1, 1, 1, -1], 2)).toBe(0);
  const spins = randomSpins(1, 36);
  const values = flat(spins);
  let sum = 0;
  for (let i = 0; i < 36; i++) {
    const [y, x] = [Math.floor(i / 6), i % 6];
    for (let j = 0; j < 36; j++) {
      const [dy, dx] = [(36 + y - Math.floor(j / 6)) % 6, (36 + x - (j % 6)) % 6];
      if ([dy, dx].sort().join() === "0,1" || [dy, dx].sort().join() === "0,5") {
        sum += values[i]! * values[j]!;
      }
    }
  }
  expect(predict(backend, [energy("e", 36)], spins)[0]).toBe(Math.fround(-sum / 2 / 36));
});
