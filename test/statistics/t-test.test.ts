import fc from "fast-check";
import { expect, test } from "vitest";
import {
  estimate,
  pEquivalent,
  pGreater,
  pLess,
  pTwoSided,
  tInterval,
} from "../../src/statistics/t-test.ts";

test("tInterval() and pTwoSided() reproduce Student's own sleep data", () => {
  // Student (Biometrika 6, 1, 1908): differences of extra sleep under two drugs; R's t.test gives
  // t = 4.0621, df = 9, p = 0.002833, interval 0.7001142 to 2.4598858.
  const sample = estimate([1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4]);
  const { lo, hi } = tInterval(sample, 0.05);
  expect(sample.mean / sample.standardError).toBeCloseTo(4.0621, 4);
  expect(pTwoSided(sample)).toBeCloseTo(0.002833, 6);
  expect(lo).toBeCloseTo(0.7001142, 7);
  expect(hi).toBeCloseTo(2.4598858, 7);
});

const sample = fc
  .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 12 })
  .map(estimate)
  .filter(({ standardError }) => standardError > 1e-6);

test("pGreater() is at most alpha / 2 exactly where the interval lies above the bound", () => {
  fc.assert(
    fc.property(sample, fc.double({ min: -3, max: 3, noNaN: true }), (s, bound) => {
      const { lo, hi } = tInterval(s, 0.05);
      fc.pre(Math.abs(lo - bound) > 1e-9 && Math.abs(hi - bound) > 1e-9);
      expect(pGreater(s, bound) < 0.025).toBe(lo > bound);
      expect(pLess(s, bound) < 0.025).toBe(hi < bound);
    }),
    { seed: 3, numRuns: 300 },
  );
});

test("pEquivalent() is at most alpha exactly where the 1 - 2 alpha interval is within", () => {
  fc.assert(
    fc.property(sample, fc.double({ min: 0.1, max: 6, noNaN: true }), (s, margin) => {
      const { lo, hi } = tInterval(s, 0.1);
      fc.pre(Math.abs(lo + margin) > 1e-9 && Math.abs(hi - margin) > 1e-9);
      expect(pEquivalent(s, margin) < 0.05).toBe(lo > -margin && hi < margin);
    }),
    { seed: 4, numRuns: 300 },
  );
});

test("a single value gives no interval, and equal values give a certain one", () => {
  expect(tInterval(estimate([1]), 0.05)).toEqual({ lo: Number.NaN, hi: Number.NaN });
  expect(pGreater(estimate([1]), 0)).toBeNaN();
  expect(tInterval(estimate([2, 2, 2]), 0.05)).toEqual({ lo: 2, hi: 2 });
  expect(pGreater(estimate([2, 2, 2]), 1)).toBe(0);
  expect(pGreater(estimate([2, 2, 2]), 2)).toBe(1);
});
