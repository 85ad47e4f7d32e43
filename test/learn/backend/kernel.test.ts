import fc from "fast-check";
import { expect, test } from "vitest";
import { loadBackend } from "../../../src/learn/backend/backend.ts";
import { lend, workIn } from "../../../src/learn/backend/kernel.ts";
import { toPreactivation } from "../../../src/learn/layers/activation.ts";
import { energyPerSite, loadEnergy } from "../../../src/learn/layers/energy.ts";
import { columnSums } from "../../../src/learn/layers/operation.ts";
import { lossOf, lossWithGradient } from "../../../src/learn/training/loss.ts";
import { createMemory, instantiate } from "../../../src/math/index.ts";
import { energy } from "../networks.ts";

// What WebAssembly does several numbers at a time, against the same number by number: float64,
// stored as float32.

const numbers = (length: number) => fc.float32Array({ minLength: length, maxLength: length });

// First, while the kernel still has a memory of its own.
test("numbers find more room where the memory has grown", () => {
  for (const length of [12, 100_000, 1_000_000]) {
    const [a, b] = lend([new Float32Array(length).fill(1), new Float32Array(length).fill(2)]);
    expect(a!.view.every((x) => x === 1) && b!.view.every((x) => x === 2)).toBe(true);
  }
});

test("the kernel brings no numbers of its own into a memory that others use", () => {
  const memory = createMemory();
  memory.grow(1);
  new Uint8Array(memory.buffer).fill(7);
  instantiate("learn", memory);
  expect(new Uint8Array(memory.buffer).every((byte) => byte === 7)).toBe(true);
});

const pairs = fc
  .integer({ min: 1, max: 37 })
  .chain((length) => fc.tuple(numbers(length), numbers(length)));

test("the mean squared error and its gradient have the bits of the formula", () => {
  fc.assert(
    fc.property(pairs, ([y, t]) => {
      let sum = 0;
      for (const [i, value] of y.entries()) sum += (value - t[i]!) * (value - t[i]!);
      const gradient = y.map((value, i) => (2 / y.length) * (value - t[i]!));
      expect(lossWithGradient("mse", "linear", y, t)).toEqual({ value: sum / y.length, gradient });
      expect(lossOf("mse", "linear", y, t)).toBe(sum / y.length);
    }),
  );
});

test("toPreactivation() of tanh has the bits of the formula", () => {
  fc.assert(
    fc.property(pairs, ([gradient, y]) => {
      const expected = gradient.map((g, i) => g * (1 - y[i]! * y[i]!));
      toPreactivation("tanh", gradient, y, () => y);
      expect(gradient).toEqual(expected);
    }),
  );
});

test("the energy layer has the bits of its formula, on lattices of any side", async () => {
  const { tf } = await loadBackend("wasm");
  const lattices = fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 7 }))
    .chain(([rows, side]) =>
      fc.tuple(fc.constant(side), numbers(rows * side * side), numbers(rows)),
    );
  fc.assert(
    fc.property(lattices, ([side, x, dz]) => {
      const [sites, rows] = [side * side, dz.length];
      const at = (row: number, y: number, i: number) =>
        x[row * sites + ((y + side) % side) * side + ((i + side) % side)]!;
      const gradient = Float32Array.from(x, (_, site) => {
        const row = Math.floor(site / sites);
        const [y, i] = [Math.floor((site % sites) / side), site % side];
        const [left, right] = [at(row, y, i - 1), at(row, y, i + 1)];
        return (-dz[row]! / sites) * (left + right + at(row, y - 1, i) + at(row, y + 1, i));
      });
      const energies = Float32Array.from({ length: rows }, (_, row) =>
        energyPerSite(x.subarray(row * sites, (row + 1) * sites), side),
      );
      tf.tidy(() => {
        const batch = { values: x, tensor: tf.tensor2d(x, [rows, sites]) };
        const { z, backward } = loadEnergy(tf, energy("energy", sites)).apply(batch);
        expect(z.dataSync()).toEqual(energies);
        const wanted = { parameters: false, inputs: true };
        expect(backward(dz, wanted).inputs).toEqual(gradient);
      });
    }),
  );
});

test("columnSums() rounds once, for any number of rows and columns", () => {
  const matrices = fc
    .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 21 }))
    .chain(([rows, columns]) => fc.tuple(fc.constant(columns), numbers(rows * columns)));
  fc.assert(
    fc.property(matrices, ([columns, values]) => {
      const expected = Float32Array.from({ length: columns }, (_, column) =>
        values.reduce((sum, value, at) => (at % columns === column ? sum + value : sum), 0),
      );
      expect(columnSums(values, columns)).toEqual(expected);
    }),
  );
});

// Last, as it leaves its memory behind.
test("after numbers that find no room others still lie where no one else has theirs", () => {
  const memory = createMemory();
  let free = 0;
  const taken: number[] = [];
  workIn(memory, (bytes) => {
    if (bytes > 1e6) throw new RangeError("no room");
    taken.push(bytes);
    memory.grow(Math.ceil(bytes / 65_536));
    free += bytes;
    return free - bytes;
  });
  lend([new Float32Array(4)]);
  expect(() => lend([new Float32Array(1e6)])).toThrow("no room");
  const [first, second] = lend([new Float32Array(1000).fill(1), new Float32Array(999).fill(2)]);
  expect(first!.at).toBeGreaterThanOrEqual(taken[0]!);
  expect([first!.at % 16, second!.at - first!.at]).toEqual([0, 4000]);
  expect([...second!.view]).toEqual([...Array(999).fill(2), 0]);
});
