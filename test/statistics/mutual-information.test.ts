import { expect, test } from "vitest";
import { log } from "../../src/math/index.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { mean, standardError } from "../../src/statistics/moments.ts";
import { jackknifedCounts, mutualInformation } from "../../src/statistics/mutual-information.ts";

const generator = (purpose: string) =>
  createGenerator(streamSeed({ nodeType: "test", purpose, seed: 12, parts: [] }));
const information = (columns: number) => (joint: Float64Array) => mutualInformation(joint, columns);

test("information of a table of probabilities is what the definition says", () => {
  const joint = Float64Array.of(0.1, 0.2, 0.3, 0.05, 0.15, 0.2);
  const [rows, columns] = [
    [0.6, 0.4],
    [0.15, 0.35, 0.5],
  ];
  let expected = 0;
  for (const [at, p] of joint.entries()) {
    expected += p * log(p / (rows[Math.floor(at / 3)]! * columns[at % 3]!));
  }
  expect(mutualInformation(joint, 3)).toBeCloseTo(expected, 14);
  // Independent variables have none, and equal ones all there is.
  const independent = Float64Array.from(
    { length: 6 },
    (_, at) => rows[at < 3 ? 0 : 1]! * columns[at % 3]!,
  );
  expect(mutualInformation(independent, 3)).toBeCloseTo(0, 14);
  expect(mutualInformation(Float64Array.of(5, 0, 0, 5), 2)).toBeCloseTo(Math.LN2, 14);
});

test("its bias is (K - 1)(K - 1) / 2n, and the jackknife removes it", () => {
  const joint = Float64Array.from({ length: 16 }, (_, at) =>
    Math.floor(at / 4) === at % 4 ? 0.13 : 0.04,
  );
  const exact = mutualInformation(joint, 4);
  const random = generator("bias");
  const [n, blocks, sets] = [200, 20, 4000];
  const found = Array.from({ length: sets }, () => {
    const counts = Array.from({ length: blocks }, () => new Float64Array(16));
    for (let i = 0; i < n; i++) {
      let left = random.float64();
      let at = 0;
      while (left >= joint[at]! && at < 15) left -= joint[at++]!;
      counts[i % blocks]![at]! += 1;
    }
    return jackknifedCounts(counts, information(4));
  });
  // Two comparisons at 4 standard errors of a mean: one in 8,000 by chance. Terms in 1/n^2 are below
  // K^2 / n^2 = 16 / 40,000 for plug-in entropies whose least probability times n is 8.
  const next = 16 / (n * n);
  const plugin = found.map((one) => one.plugin - exact);
  expect(Math.abs(mean(plugin) - 9 / (2 * n))).toBeLessThan(4 * standardError(plugin) + next);
  const left = found.map((one) => one.value - exact);
  expect(Math.abs(mean(left))).toBeLessThan(4 * standardError(left) + next);
  expect(Math.abs(mean(left))).toBeLessThan(mean(plugin) / 10);
  // The error is that of the values: of 4000 sets their spread is known to 1 %, a mean of jackknives is
  // too large by a few percent.
  const spread = standardError(left) * Math.sqrt(sets);
  expect(mean(found.map(({ error }) => error)) / spread).toBeGreaterThan(0.95);
  expect(mean(found.map(({ error }) => error)) / spread).toBeLessThan(1.15);
});

test("signs of Gaussian numbers with correlation r have ln 2 - h(arccos(r) / pi)", () => {
  const random = generator("gauss");
  const n = 40_000;
  for (const r of [0, 0.5, 0.9]) {
    const counts = Array.from({ length: 20 }, () => new Float64Array(4));
    for (let i = 0; i < n; i++) {
      const x = random.normal();
      const y = r * x + Math.sqrt(1 - r * r) * random.normal();
      counts[i % 20]![(x >= 0 ? 2 : 0) + (y >= 0 ? 1 : 0)]! += 1;
    }
    const p = Math.acos(r) / Math.PI;
    const exact = Math.LN2 + p * log(p) + (1 - p) * log(1 - p);
    const { value, error } = jackknifedCounts(counts, information(2));
    // Three comparisons at 4.5 errors, which 20 blocks know to 16 %; with r = 0 the estimate is a chi
    // square of one degree over 2n, which lies within 10 / n.
    expect(Math.abs(value - exact)).toBeLessThan(r === 0 ? 10 / n : 4.5 * error);
  }
});

test("a single block says nothing of bias or error", () => {
  const one = jackknifedCounts([Float64Array.of(3, 1, 1, 3)], information(2));
  expect(one.value).toBe(one.plugin);
  expect(one.error).toBeNaN();
});
