import fc from "fast-check";
import { expect, test } from "vitest";
import { toPreactivation } from "../../src/learn/activation.ts";
import { lossOf, lossWithGradient } from "../../src/learn/loss.ts";
import { columnSums } from "../../src/learn/operation.ts";

// What WebAssembly does several numbers at a time, against the same number by number: float64,
// stored as float32.

const numbers = (length: number) =>
  fc.float32Array({ minLength: length, maxLength: length, noNaN: true, min: -1e6, max: 1e6 });

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

test("columnSums() rounds once, for any number of rows and columns", () => {
  const matrices = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 21 }))
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
