import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { loadBackend } from "../../../src/learn/backend/backend.ts";
import { lend } from "../../../src/learn/backend/kernel.ts";
import { fastProducts, type WasmModule } from "../../../src/learn/backend/wasm-matmul.ts";
import { createMemory } from "../../../src/math/index.ts";

const { tf } = await loadBackend("wasm");

/** Sums over k in order, from the bias on, every step rounded to float32. */
function reference(
  [m, n, k]: readonly [number, number, number],
  a: (row: number, column: number) => number,
  b: (row: number, column: number) => number,
  bias: (column: number) => number,
): Float32Array {
  return Float32Array.from({ length: m * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    let sum = bias(column);
    for (let i = 0; i < k; i++) sum = Math.fround(sum + Math.fround(a(row, i) * b(i, column)));
    return sum;
  });
}

const numbers = (length: number) => fc.float32Array({ minLength: length, maxLength: length });

const products = fc
  .record({
    size: fc.tuple(...["m", "n", "k"].map(() => fc.integer({ min: 0, max: 21 }))),
    aTransposed: fc.boolean(),
    bTransposed: fc.boolean(),
  })
  .chain(({ size, ...rest }) =>
    fc.record({
      ...{ size: fc.constant(size as [number, number, number]) },
      ...{ aTransposed: fc.constant(rest.aTransposed), bTransposed: fc.constant(rest.bTransposed) },
      a: numbers(size[0]! * size[2]!),
      b: numbers(size[1]! * size[2]!),
      bias: fc.option(numbers(size[1]!)),
    }),
  );

test("products have the bits of sums in order, whatever lies transposed, and leave no tensor", () => {
  const before = tf.memory().numTensors;
  fc.assert(
    fc.property(products, ({ size, aTransposed, bTransposed, a, b, bias }) => {
      const [m, n, k] = size;
      const at = (values: Float32Array, transposed: boolean, rows: number, columns: number) => {
        return (row: number, column: number) =>
          transposed ? values[column * rows + row]! : values[row * columns + column]!;
      };
      const expected = reference(
        size,
        at(a, aTransposed, m, k),
        at(b, bTransposed, k, n),
        (column) => bias?.[column] ?? 0,
      );
      tf.tidy(() => {
        const left = tf.tensor2d(a, aTransposed ? [k, m] : [m, k]);
        const right = tf.tensor2d(b, bTransposed ? [n, k] : [k, n]);
        const turns = [aTransposed, bTransposed] as const;
        const result = bias
          ? tf.fused.matMul({
              ...{ a: left, b: right, bias: tf.tensor1d(bias) },
              ...{ transposeA: turns[0], transposeB: turns[1] },
            })
          : tf.matMul(left, right, ...turns);
        expect(result.shape).toEqual([m, n]);
        expect(result.dataSync()).toEqual(expected);
      });
    }),
    { numRuns: 500 },
  );
  expect(tf.memory().numTensors).toBe(before);
});

test("products give back what they took to work in", () => {
  const { wasm } = tf.findBackend("wasm") as unknown as { wasm: WasmModule };
  const [take, give] = [vi.spyOn(wasm, "_malloc"), vi.spyOn(wasm, "_free")];
  tf.tidy(() => {
    const [a, b] = [tf.ones([5, 3]), tf.ones([3, 9])];
    for (const spy of [take, give]) spy.mockClear();
    const product = tf.matMul(a, b);
    expect(take).toHaveBeenCalledTimes(2);
    expect(give).toHaveBeenCalledTimes(1);
    expect(product.shape).toEqual([5, 9]);
  });
  for (const spy of [take, give]) spy.mockRestore();
});

test("a product of single matrices in batches of one has their rank", () => {
  tf.tidy(() => {
    const [a, b] = [tf.tensor3d([[[1, 2]]]), tf.tensor3d([[[3], [4]]])];
    const product = tf.matMul(a, b);
    expect([product.shape, [...product.dataSync()]]).toEqual([[1, 1, 1], [11]]);
    const mixed = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor3d([[[3], [4]]]));
    expect([mixed.shape, [...mixed.dataSync()]]).toEqual([[1, 1, 1], [11]]);
  });
});

test("what is not a product of two matrices goes the shipped way", () => {
  tf.tidy(() => {
    const several = tf.tensor3d([1, 2, 3, 4], [2, 1, 2]);
    const transposed = tf.matMul(several, several, false, true);
    expect([transposed.shape, [...transposed.dataSync()]]).toEqual([
      [2, 1, 1],
      [5, 25],
    ]);
    const [a, b] = [tf.tensor2d([1, -1], [2, 1]), tf.tensor2d([2, 3], [1, 2])];
    const positive = tf.fused.matMul({ a, b, activation: "relu" });
    expect([...positive.dataSync()]).toEqual([2, 3, 0, 0]);
    expect(() => tf.matMul(tf.ones([2, 3]), tf.ones([5, 2]))).toThrow("inner");
    const whole = tf.ones([2, 2], "int32");
    expect(() => tf.matMul(whole, whole)).toThrow("non-float32");
    const bias = tf.ones([2, 2]);
    expect(() => tf.fused.matMul({ a, b, bias })).toThrow("rank-1 bias");
  });
});

test("where there is no room for numbers, that is said, and addresses from 2 GiB on are ones", () => {
  const memory = createMemory();
  const module = { asm: { memory }, _malloc: vi.fn(() => 0), _free: vi.fn() };
  fastProducts(module);
  expect(() => lend([new Float32Array(4)])).toThrow("no memory for 32 bytes");
  module._malloc.mockReturnValue(-65_536);
  // This memory ends long before; of a negative offset it would say so.
  expect(() => lend([new Float32Array(4)])).toThrow("Invalid typed array length");
});
