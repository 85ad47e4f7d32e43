import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { bcaInterval } from "../../src/statistics/bootstrap.ts";
import { groupRows } from "../../src/statistics/groups.ts";
import { blockBounds, jackknifeError } from "../../src/statistics/jackknife.ts";
import { mean, standardError, variance } from "../../src/statistics/moments.ts";

const generator = (purpose: string) =>
  createGenerator(streamSeed({ nodeType: "test", purpose, seed: 1, parts: [] }));

test("variance() keeps its digits far from zero", () => {
  const values = [1, 2, 3, 4].map((x) => x + 1e9);
  expect(mean(values)).toBe(1e9 + 2.5);
  expect(variance(values)).toBe(5 / 3);
  expect(standardError([1])).toBeNaN();
});

test("blockBounds() covers every row once, in blocks of nearly equal length", () => {
  expect(blockBounds(7, 3)).toEqual([0, 2, 4, 7]);
  expect(blockBounds(3)).toEqual([0, 1, 2, 3]);
  expect(blockBounds(400)).toHaveLength(21);
});

test("jackknifeError() of a mean over blocks of one row is its standard error", () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const sum = values.reduce((a, b) => a + b, 0);
  const leftOut = values.map((v) => (sum - v) / (values.length - 1));
  expect(jackknifeError(leftOut)).toBeCloseTo(standardError(values), 14);
  expect(jackknifeError([1])).toBeNaN();
});

test("jackknifeError() sees the correlation inside blocks", () => {
  // Every value repeated ten times: the error of the mean is that of the distinct values.
  const random = generator("blocks");
  const distinct = Array.from({ length: 20 }, () => random.normal());
  const rows = distinct.flatMap((v) => Array.from({ length: 10 }, () => v));
  const bounds = blockBounds(rows.length);
  const leftOut = bounds.slice(1).map((end, b) => {
    const rest = rows.filter((_, i) => i < bounds[b]! || i >= end);
    return mean(rest);
  });
  expect(jackknifeError(leftOut)).toBeCloseTo(standardError(distinct), 12);
});

test("bcaInterval() needs 20 values", () => {
  const values = Array.from({ length: 19 }, (_, i) => i);
  expect(() => bcaInterval(values, 0.05, generator("bca"))).toThrow("needs 20 values, got 19");
});

test("bcaInterval() of a normal mean is the t interval up to resampling noise", () => {
  const random = generator("normal");
  const values = Array.from({ length: 200 }, () => 3 + random.normal());
  const { lo, hi } = bcaInterval(values, 0.05, random, { resamples: 4000 });
  // A .025 quantile of 4000 resamples has standard error sqrt(.025 .975 / 4000) / phi(1.96) = .042
  // standard errors of the mean; BCa differs from the normal interval by O(1/sqrt n) = .07 of them
  // for skewness ~ 1; allow 6 of the former.
  const se = standardError(values);
  expect(Math.abs((lo - mean(values)) / se + 1.96)).toBeLessThan(0.25);
  expect(Math.abs((hi - mean(values)) / se - 1.96)).toBeLessThan(0.25);
});

test("bcaInterval() leans with the skewness, gives equal bits for equal streams", () => {
  const random = generator("skew");
  const values = Array.from({ length: 40 }, () => random.normal() ** 2);
  const first = bcaInterval(values, 0.1, generator("resample"));
  expect(bcaInterval(values, 0.1, generator("resample"))).toEqual(first);
  expect(first.hi - mean(values)).toBeGreaterThan(mean(values) - first.lo);
  expect(bcaInterval(new Float64Array(20).fill(2), 0.1, random)).toEqual({ lo: 2, hi: 2 });
});

test("groupRows() lists rows by value, values up, rows in order", () => {
  expect(groupRows([0.4, 0.2, 0.4, 0.3, 0.2])).toEqual([
    { value: 0.2, rows: Int32Array.of(1, 4) },
    { value: 0.3, rows: Int32Array.of(3) },
    { value: 0.4, rows: Int32Array.of(0, 2) },
  ]);
});
