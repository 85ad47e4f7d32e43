import fc from "fast-check";
import { expect, test } from "vitest";
import { pFlip } from "../../src/statistics/sign-flip.ts";

test("pFlip() counts the signs whose sum is no less", () => {
  expect(pFlip([1, 2, 3, 4, 5], 0)).toBe(1 / 32); // no other choice is as large
  expect(pFlip([-1, 2, 3, 4, 5], 0)).toBe(2 / 32); // and that of +1
  expect(pFlip([1, -1], 0)).toBe(3 / 4);
  expect(pFlip([3, 4, 5], 2)).toBe(1 / 8); // about a bound
  expect(pFlip([3, 4, 5], 6)).toBe(1);
  // The same numbers in another order: sums that differ by rounding are one.
  expect(pFlip([0.1, 0.2, 0.3, -0.6], 0)).toBe(pFlip([-0.6, 0.3, 0.1, 0.2], 0));
  expect(pFlip([1], 0)).toBeNaN();
  expect(pFlip(Array(33).fill(1), 0)).toBeNaN();
  expect(pFlip(Array(32).fill(1), 0)).toBe(2 ** -32);
});

test("pFlip() agrees with a count over all bit patterns", () => {
  const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(values, (xs) => {
      const sum = (bits: number) => xs.reduce((s, x, i) => s + ((bits >> i) & 1 ? -x : x), 0);
      const all = Array.from({ length: 2 ** xs.length }, (_, bits) => sum(bits));
      expect(pFlip(xs, 0)).toBe(all.filter((s) => s >= sum(0)).length / all.length);
    }),
    { seed: 2 },
  );
});
