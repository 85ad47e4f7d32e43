import fc from "fast-check";
import { expect, test } from "vitest";
import { kernel, lend, work } from "../../../src/learn/wasm/kernel.ts";

/** Sums over k in order, from the first number on, every step rounded to float32. */
function reference(
  [m, n, k]: readonly [number, number, number],
  a: (row: number, column: number) => number,
  b: (row: number, column: number) => number,
  first: (row: number, column: number) => number,
): Float32Array {
  return Float32Array.from({ length: m * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    let sum = first(row, column);
    for (let i = 0; i < k; i++) sum = Math.fround(sum + Math.fround(a(row, i) * b(i, column)));
    return sum;
  });
}

const numbers = (length: number) => fc.float32Array({ minLength: length, maxLength: length });

const how = { aTransposed: fc.boolean(), bTransposed: fc.boolean(), adds: fc.boolean() };
const products = fc
  .record({ size: fc.tuple(...["m", "n", "k"].map(() => fc.integer({ min: 0, max: 21 }))), ...how })
  .chain(({ size, ...rest }) =>
    fc.record({
      ...{ size: fc.constant(size as [number, number, number]), rest: fc.constant(rest) },
      a: numbers(size[0]! * size[2]!),
      b: numbers(size[1]! * size[2]!),
      bias: fc.option(numbers(size[1]!)),
      c: numbers(size[0]! * size[1]!),
    }),
  );

interface Case {
  readonly size: readonly [number, number, number];
  readonly rest: {
    readonly aTransposed: boolean;
    readonly bTransposed: boolean;
    readonly adds: boolean;
  };
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly bias: Float32Array | null;
  readonly c: Float32Array;
}

/** The kernel's product and the reference; what lies behind the result must stay as it is. */
function both({ size, rest, a, b, bias, c }: Case) {
  const [m, n, k] = size;
  const { aTransposed, bTransposed, adds } = rest;
  const at = (values: Float32Array, transposed: boolean, rows: number, columns: number) => {
    return (row: number, column: number) =>
      transposed ? values[column * rows + row]! : values[row * columns + column]!;
  };
  const first = (row: number, column: number) =>
    adds ? c[row * n + column]! : (bias?.[column] ?? 0);
  const expected = reference(size, at(a, aTransposed, m, k), at(b, bTransposed, k, n), first);
  const line = bias ?? new Float32Array(n);
  const found = lend([a, b, line, c, new Float32Array(16)], (left, right, biases, result, wall) => {
    const matrices = [left.at, right.at, bias ? biases.at : 0, result.at] as const;
    kernel.product(...matrices, m, n, k, aTransposed, bTransposed, adds, work);
    const rest = [...result.view.subarray(m * n), ...wall.view];
    expect(rest.every((x) => x === 0)).toBe(true);
    return result.view.slice(0, m * n);
  });
  return { found, expected };
}

test("products have the bits of sums in order, whatever lies transposed", () => {
  fc.assert(
    fc.property(products, (given) => {
      const { found, expected } = both(given);
      expect(found).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test("products larger than a block have the bits of sums in order", () => {
  // Blocks are 64 rows by 256 columns by 256 of k.
  for (const size of [
    [67, 261, 259],
    [64, 256, 512],
    [1, 300, 1],
    [130, 3, 600],
  ] as const) {
    let state = 1;
    const draw = (length: number) =>
      Float32Array.from({ length }, () => {
        state = Math.imul(state, 1_103_515_245) + 12_345;
        return state / 2 ** 31;
      });
    const [m, n, k] = size;
    for (const turn of [0, 1, 2, 3]) {
      const rest = { aTransposed: turn > 1, bTransposed: turn % 2 > 0, adds: turn === 1 };
      const { found, expected } = both({
        ...{ size, rest, a: draw(m * k), b: draw(k * n), bias: draw(n), c: draw(m * n) },
      });
      expect(found).toEqual(expected);
    }
  }
});
