import fc from "fast-check";
import { expect, test } from "vitest";
import {
  normalCdf,
  normalQuantile,
  tCdf,
  tQuantile,
  tUpperTail,
} from "../../src/statistics/distributions.ts";
import { digamma, incompleteBeta, logGamma } from "../../src/statistics/special.ts";

const relative = (value: number, exact: number) => Math.abs(value / exact - 1);

test("tQuantile() gives the tabulated critical values", () => {
  // Solved in 40 digits with mpmath: P(T <= t) = p for (p, degrees of freedom).
  const exact: [number, number, number][] = [
    [0.975, 2, 4.302652729749464],
    [0.975, 4, 2.7764451051977943],
    [0.975, 9, 2.2621571627982053],
    [0.975, 19, 2.0930240544083096],
    [0.995, 4, 4.604094871349993],
    [0.95, 9, 1.8331129326562372],
  ];
  for (const [p, df, t] of exact) expect(relative(tQuantile(p, df), t)).toBeLessThan(1e-13);
});

test("tCdf() has the closed forms of 1 and 2 degrees of freedom", () => {
  for (const t of [-30, -1, -0.2, 0, 0.7, 4, 1000]) {
    expect(tCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 14);
    expect(tCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 14);
  }
});

test("tUpperTail() keeps its relative accuracy far out", () => {
  // One degree of freedom: P(T > t) = atan(1/t) / pi.
  expect(relative(tUpperTail(1e8, 1), Math.atan(1e-8) / Math.PI)).toBeLessThan(1e-12);
  expect(tUpperTail(Number.POSITIVE_INFINITY, 3)).toBe(0);
});

test("tQuantile() inverts tCdf() and is odd around one half", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
      fc.integer({ min: 1, max: 60 }),
      (p, df) => {
        const t = tQuantile(p, df);
        expect(Math.abs(tCdf(t, df) - p)).toBeLessThan(1e-12);
        if (p < 0.5) expect(tQuantile(1 - p, df)).toBe(-tQuantile(1 - (1 - p), df));
      },
    ),
    { seed: 2, numRuns: 200 },
  );
});

test("normalQuantile() inverts normalCdf() and gives tabulated values", () => {
  expect(relative(normalQuantile(0.975), 1.9599639845400543)).toBeLessThan(1e-14);
  expect(relative(normalQuantile(1e-20), -9.262340089798409)).toBeLessThan(1e-14);
  expect(relative(normalCdf(-8), 6.220960574271784e-16)).toBeLessThan(1e-12);
  for (const p of [1e-9, 0.01, 0.2, 0.5, 0.93]) {
    expect(relative(normalCdf(normalQuantile(p)), p)).toBeLessThan(1e-13);
  }
});

test("logGamma(), digamma() and incompleteBeta() have their known values", () => {
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 14);
  expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 13);
  expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 14);
  expect(digamma(0.5)).toBeCloseTo(-0.5772156649015329 - 2 * Math.LN2, 14);
  // I_x(2, 3) = P(at least 2 of 4 coins of bias x) = 6x^2 - 8x^3 + 3x^4.
  for (const x of [0, 0.1, 0.4, 0.8, 1]) {
    expect(incompleteBeta(2, 3, x)).toBeCloseTo(6 * x ** 2 - 8 * x ** 3 + 3 * x ** 4, 14);
  }
});
