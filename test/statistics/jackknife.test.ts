import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { groupRows } from "../../src/statistics/groups.ts";
import {
  blockBounds,
  blockMeans,
  jackknifeError,
  jackknifeErrors,
} from "../../src/statistics/jackknife.ts";
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

test("jackknifeErrors() are those of each column by itself", () => {
  const random = generator("columns");
  const [rows, width] = [107, 5];
  const bounds = blockBounds(rows);
  const sums = bounds
    .slice(1)
    .map(() => Float64Array.from({ length: width }, () => random.normal()));
  const means = blockMeans(rows, sums);
  const less = Float64Array.from(sums, () => random.normal());
  const errors = [jackknifeErrors(means, width), jackknifeErrors(means, 3, less)];
  for (let k = 0; k < width; k++) {
    const total = sums.reduce((sum, block) => sum + block[k]!, 0);
    const without = sums.map((block, b) => {
      return (total - block[k]!) / (rows - (bounds[b + 1]! - bounds[b]!));
    });
    expect(means.all[k]).toBe(total / rows);
    expect([...means.leftOut.subarray(k * sums.length, (k + 1) * sums.length)]).toEqual(without);
    expect(errors[0]![k]).toBe(jackknifeError(without));
    if (k < 3)
      expect(errors[1]![k]).toBe(jackknifeError(without.map((mean, b) => mean - less[b]!)));
  }
  expect(errors[1]).toHaveLength(3);
  expect(jackknifeErrors(blockMeans(1, [Float64Array.of(2)]), 1)).toEqual(
    Float64Array.of(Number.NaN),
  );
});

test("groupRows() lists rows by value, values up, rows in order", () => {
  expect(groupRows([0.4, 0.2, 0.4, 0.3, 0.2])).toEqual([
    { value: 0.2, rows: Int32Array.of(1, 4) },
    { value: 0.3, rows: Int32Array.of(3) },
    { value: 0.4, rows: Int32Array.of(0, 2) },
  ]);
});
