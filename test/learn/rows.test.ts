import fc from "fast-check";
import { expect, test } from "vitest";
import { floatRows, spinRows } from "../../src/learn/rows.ts";
import { packBits } from "../../src/learn/wasm/arrays.ts";

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 5 }),
  width: fc.integer({ min: 1, max: 21 }),
  offset: fc.integer({ min: 0, max: 3 }),
});

/** Every row on its own, with what lies before and behind it. */
function copies({ rows, copy }: ReturnType<typeof spinRows>, room: number, offset: number) {
  return Array.from({ length: rows }, (_, row) => {
    const target = new Float32Array(room).fill(7);
    copy(row, target, offset);
    return [...target];
  });
}

test("spinRows() gives bit for bit what packBits() has packed, and nothing around it", () => {
  const spins = sizes.chain((size) => {
    const length = size.rows * size.width;
    const values = fc.array(fc.constantFrom(-1, 1), { minLength: length, maxLength: length });
    return fc.tuple(fc.constant(size), values);
  });
  fc.assert(
    fc.property(spins, ([{ rows, width, offset }, values]) => {
      const bits = packBits(Float32Array.from(values), 0);
      expect(bits).toHaveLength(Math.ceil(values.length / 8));
      const expected = Array.from({ length: rows }, (_, row) => [
        ...Array(offset).fill(7),
        ...values.slice(row * width, (row + 1) * width),
        7,
      ]);
      expect(copies(spinRows(bits, rows, width), offset + width + 1, offset)).toEqual(expected);
      for (const numbers of [values, Float32Array.from(values)]) {
        expect(copies(floatRows(numbers, width), offset + width + 1, offset)).toEqual(expected);
      }
    }),
  );
});

test("packBits() sets a bit from the threshold on, and none behind the last", () => {
  expect([...packBits(Float32Array.of(0.4, 0.5, 0.6), 0.5)]).toEqual([0b110]);
  expect([...packBits(new Float32Array(9).fill(1), 0.5)]).toEqual([255, 1]);
});
