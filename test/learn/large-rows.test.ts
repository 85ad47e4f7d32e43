import { expect, test } from "vitest";
import { spinRows } from "../../src/learn/rows.ts";

test.each([2 ** 31, 2 ** 32])(
  "spinRows() reads rows at bit %d and beyond, whole and odd ones",
  (at) => {
    const bits = new Uint8Array(at / 8 + 16);
    bits.set([0b1010_0110, 0b1], at / 8);
    const sixteen = new Float32Array(16);
    spinRows(bits, at / 16 + 1, 16).copy(at / 16, sixteen, 0);
    expect([...sixteen].slice(0, 9)).toEqual([-1, 1, 1, -1, -1, 1, -1, 1, 1]);
    // Rows of 5 begin inside of a byte.
    const row = Math.ceil(at / 5);
    const five = new Float32Array(5);
    spinRows(bits, row + 1, 5).copy(row, five, 0);
    const first = 5 * row - at;
    expect([...five]).toEqual([...sixteen].slice(first, first + 5));
  },
);
