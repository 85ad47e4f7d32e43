import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { bcaInterval } from "../../src/statistics/bootstrap.ts";
import { mean, standardError, variance } from "../../src/statistics/moments.ts";

const generator = (purpose: string) =>
  createGenerator(streamSeed({ nodeType: "test", purpose, seed: 1, parts: [] }));

test("bcaInterval() agrees with scipy's", () => {
  const values = [
    0.21, 1.37, 0.05, 2.91, 0.64, 0.48, 1.02, 0.33, 3.85, 0.17, 0.92, 0.76, 1.58, 0.11, 0.29, 2.14,
    0.55, 0.84, 1.21, 0.39, 4.72, 0.07, 1.79, 0.68,
  ];
  // scipy 1.17.1: stats.bootstrap((x,), np.mean, method="BCa", n_resamples=10**6, rng=0, 1 and 2),
  // the mean of three runs, which lie within .0012 of each other; likewise np.std with ddof 1 at
  // confidence_level .9, within .0022.
  //
  // Noise of B resamples, in standard deviations of the bootstrap distribution (.242 and .259): a
  // quantile p at z = +-2.2 or 1.645 has sqrt(p (1 - p) / B) / phi(z) = 3.3 or 2.1 / sqrt(B); the
  // bias correction, 1.25 / sqrt(B), enters the end about twice; together 4.3 or 3.3 / sqrt(B), and
  // half as much again far out in the long upper tail. B = 10^5 gives .0049 and .0040; allow 4. Four
  // comparisons: a false alarm in 3e-4 of all seeds. A percentile interval is off by .056 and .110,
  // and .159 and .135; one without the acceleration by .036 to .082, without the bias correction by
  // .020 to .074.
  const resamples = 100_000;
  const ofMean = bcaInterval(values, 0.05, generator("scipy"), { resamples });
  expect(Math.abs(ofMean.lo - 0.75236)).toBeLessThan(0.02);
  expect(Math.abs(ofMean.hi - 1.74764)).toBeLessThan(0.02);
  const statistic = (sample: ArrayLike<number>) => Math.sqrt(variance(sample));
  const ofDeviation = bcaInterval(values, 0.1, generator("scipy"), { resamples, statistic });
  expect(Math.abs(ofDeviation.lo - 0.84308)).toBeLessThan(0.016);
  expect(Math.abs(ofDeviation.hi - 1.68686)).toBeLessThan(0.016);
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
