import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
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

test("groupRows() lists rows by value, values up, rows in order", () => {
  expect(groupRows([0.4, 0.2, 0.4, 0.3, 0.2])).toEqual([
    { value: 0.2, rows: Int32Array.of(1, 4) },
    { value: 0.3, rows: Int32Array.of(3) },
    { value: 0.4, rows: Int32Array.of(0, 2) },
  ]);
});
