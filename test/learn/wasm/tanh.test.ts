import { expect, test } from "vitest";
import { tanhOf } from "../../../src/learn/wasm/arrays.ts";
import { digest } from "../networks.ts";

/** Every 1024th float32 from 2^-30 to 16. */
function grid(): Float32Array {
  const [from, to] = [new Float32Array([2 ** -30, 16])].map(
    (ends) => new Uint32Array(ends.buffer),
  )[0]!;
  const bits = Uint32Array.from({ length: (to! - from!) >> 10 }, (_, i) => from! + (i << 10));
  return new Float32Array(bits.buffer);
}

test("tanhOf() is within 3 units in the last place of Math.tanh, and odd", () => {
  const x = grid();
  const y = tanhOf(x);
  let worst = 0;
  for (let i = 0; i < x.length; i++) {
    const want = Math.tanh(x[i]!);
    const unit = 2 ** (Math.floor(Math.log2(want)) - 23);
    worst = Math.max(worst, Math.abs(y[i]! - want) / unit);
  }
  expect(worst).toBeLessThan(3);
  expect(tanhOf(x.map((value) => -value))).toEqual(y.map((value) => -value));
});

test("tanhOf() never exceeds 1, keeps 0 and NaN, and takes any length", () => {
  expect(tanhOf(Float32Array.of(0, 50, -50, Infinity, -Infinity))).toEqual(
    Float32Array.of(0, 1, -1, 1, -1),
  );
  expect(tanhOf(Float32Array.of(Number.NaN))[0]).toBeNaN();
  expect(Math.max(...tanhOf(Float32Array.from({ length: 999 }, (_, i) => i / 50)))).toBe(1);
  expect(tanhOf(new Float32Array(0))).toHaveLength(0);
});

test("tanhOf() gives the bytes that are on record", () => {
  expect(digest([tanhOf(grid())])).toBe(
    "0f8ccb4e11509567026bb68baf9d11c0423279ee8c66e3de743b9080d28d4f53",
  );
});
