import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bitPairs,
  bondThreshold,
  heatBathThresholds,
  metropolisThresholds,
  quantize,
} from "../../../src/lattice/sampling/thresholds.ts";

const full = 1n << 64n;

test("quantize(p) is the floor of p 2^64, exactly, and 2^64 - 1 for p = 1", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (p) => {
      // p = mantissa 2^exponent, exactly.
      const exponent = Math.max(-1074, Math.floor(Math.log2(p || 1)) - 53);
      const mantissa = BigInt(p / 2 ** exponent);
      const shift = BigInt(64 + exponent);
      const floor = shift >= 0n ? mantissa << shift : mantissa >> -shift;
      expect(quantize(p)).toBe(floor < full ? floor : full - 1n);
    }),
    { seed: 1, numRuns: 2000 },
  );
  expect(quantize(0.5)).toBe(full / 2n);
  expect(quantize(1)).toBe(full - 1n);
  for (const p of [-0.1, 1.1, Number.NaN]) expect(() => quantize(p)).toThrow("probability");
});

test("the thresholds are the textbook probabilities", () => {
  const p = (q: bigint) => Number(q) / Number(full);
  for (const beta of [1e-6, 0.1, 0.44, 1, 4]) {
    const [four, eight] = metropolisThresholds(beta);
    expect(p(four)).toBeCloseTo(Math.exp(-4 * beta), 14);
    expect(p(eight)).toBeCloseTo(Math.exp(-8 * beta), 14);
    const against = heatBathThresholds(beta);
    for (const [i, field] of [2, 4].entries()) {
      const [down, up] = [Math.exp(-beta * field), Math.exp(beta * field)];
      expect(p(against[i]!)).toBeCloseTo(down / (down + up), 14);
    }
    expect(p(bondThreshold(beta))).toBeCloseTo(1 - Math.exp(-2 * beta), 14);
  }
});

test("bitPairs() pairs the bits of both thresholds, most significant first", () => {
  const first = 0b1011n << 60n;
  const second = (0b0110n << 60n) | 1n;
  const pairs = bitPairs([first, second]);
  expect([...pairs.subarray(0, 4)]).toEqual([1, 2, 3, 1]);
  expect([...pairs.subarray(4, 63)]).toEqual(Array(59).fill(0));
  expect(pairs[63]).toBe(2);
});
