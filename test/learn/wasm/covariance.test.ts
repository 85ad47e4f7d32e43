import { expect, test } from "vitest";
import { sumsOfProducts } from "../../../src/learn/wasm/arrays.ts";
import { random } from "../networks.ts";

test.each([
  [1, 1],
  [3, 2],
  [4, 5],
  [21, 16],
  [100, 33],
])("sumsOfProducts() of %d rows of %d numbers adds them in order, to the bit", (rows, width) => {
  const generator = random("products", rows, width);
  const values = Float64Array.from({ length: rows * width }, () => generator.normal());
  const sums = sumsOfProducts(rows, width, (row, target) =>
    target.set(values.subarray(row * width, (row + 1) * width)),
  );
  for (let i = 0; i < width; i++) {
    for (let k = 0; k <= i; k++) {
      let sum = 0;
      for (let at = 0; at < values.length; at += width) sum += values[at + i]! * values[at + k]!;
      expect(sums[i * width + k]).toBe(sum);
    }
  }
});
