import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { hierarchicalBootstrap } from "../../src/statistics/hierarchical.ts";
import { mean } from "../../src/statistics/moments.ts";

const generator = (...parts: (string | number)[]) =>
  createGenerator(streamSeed({ nodeType: "test", purpose: "hierarchical", seed: 1, parts }));

/** Five replicates of eight blocks; the estimate is the mean of the blocks drawn. */
const random = generator("values");
const values = Array.from({ length: 5 }, () => {
  const center = 3 * random.normal();
  return Float64Array.from({ length: 8 }, () => center + 2 * random.normal());
});
const levels = {
  blocks: values.map((blocks) => blocks.length),
  statistic: (i: number, times: Uint16Array) =>
    values[i]!.reduce((sum, value, b) => sum + value * times[b]!, 0) / 8,
};
const spread = (x: ArrayLike<number>) =>
  mean(Array.from(x, (value) => (value - mean(x)) * (value - mean(x))));

test("hierarchicalBootstrap() of a mean has the variance of both levels", () => {
  const centers = values.map(mean);
  // Given the data, a resampled mean has variance (S_between^2 + mean S_within^2 / 8) / 5.
  const exact = Math.sqrt((spread(centers) + mean(values.map(spread)) / 8) / 5);
  const { error, lo, hi } = hierarchicalBootstrap(levels, 0.05, generator("draws"), 4000);
  // The standard deviation of 4000 nearly normal numbers is off by 1/sqrt(8000) = .011; allow 4.5.
  expect(Math.abs(error / exact - 1)).toBeLessThan(0.05);
  const random = generator("twin");
  const drawn = <T>(items: ArrayLike<T>) =>
    Array.from(items, () => items[random.below(items.length)]!);
  const twins = Array.from({ length: 2000 }, () => mean(drawn(values).map((v) => mean(drawn(v)))));
  const inside = twins.filter((value) => value >= lo && value <= hi).length / 2000;
  // .95 with standard error sqrt(.95 .05 (1/2000 + 1/4000)) = .006; allow 4.5 of them.
  expect(Math.abs(inside - 0.95)).toBeLessThan(0.027);
});

test("hierarchicalBootstrap() gives equal bits for equal streams", () => {
  const run = () => hierarchicalBootstrap(levels, 0.1, generator("same"), 50);
  expect(run()).toEqual(run());
});
