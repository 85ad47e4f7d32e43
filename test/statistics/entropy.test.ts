import fc from "fast-check";
import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { type Correction, entropyOfCounts, grassbergerG } from "../../src/statistics/entropy.ts";
import { digamma } from "../../src/statistics/special.ts";

test("entropyOfCounts() of equal counts is the logarithm of their number", () => {
  expect(entropyOfCounts([5, 5, 5, 5])).toBeCloseTo(Math.log(4), 15);
  expect(entropyOfCounts([0, 7, 0])).toBe(0);
  expect(entropyOfCounts([0, 0])).toBeNaN();
  expect(entropyOfCounts([0.25, 0.75])).toBeCloseTo(
    -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75),
    15,
  );
});

test("entropyOfCounts() adds (K - 1) / 2n for Miller-Madow", () => {
  const counts = [3, 1, 0, 6];
  const plain = entropyOfCounts(counts);
  expect(entropyOfCounts(counts, "miller-madow")).toBeCloseTo(plain + 2 / 20, 15);
});

test("grassbergerG() is its definition, by table and beyond it", () => {
  const definition = (n: number) =>
    digamma(n) + ((n % 2 === 0 ? 1 : -1) / 2) * (digamma((n + 1) / 2) - digamma(n / 2));
  for (const n of [1, 2, 3, 4, 17, 100, 4095, 4096, 100_001]) {
    expect(grassbergerG(n)).toBeCloseTo(definition(n), 11);
  }
});

test("the corrections bring the mean estimate nearer to the true entropy", () => {
  // 160 draws from 16 equal cells, 2000 times. Bias of the plug-in: -15/320 + (1 - 256)/(12 160^2)
  // = -.0477 (Harris 1975), of Miller-Madow the second term alone, .0008, of Grassberger less. An
  // estimate spreads by less than .03, so a mean of 2000 has standard error below .0007.
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "entropy", seed: 1, parts: [] }),
  );
  const bias: Record<Correction, number> = { plugin: 0, "miller-madow": 0, grassberger: 0 };
  for (let trial = 0; trial < 2000; trial++) {
    const counts = new Float64Array(16);
    for (let i = 0; i < 160; i++) counts[random.below(16)]!++;
    for (const name of Object.keys(bias) as Correction[]) {
      bias[name] += (entropyOfCounts(counts, name) - Math.log(16)) / 2000;
    }
  }
  expect(Math.abs(bias.plugin + 0.0477)).toBeLessThan(0.004);
  expect(Math.abs(bias["miller-madow"])).toBeLessThan(0.004);
  expect(Math.abs(bias.grassberger)).toBeLessThan(0.004);
});

test("entropyOfCounts() lies between 0 and the logarithm of the cells seen", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1 }), (counts) => {
      const seen = counts.filter((n) => n > 0).length;
      fc.pre(seen > 0);
      const entropy = entropyOfCounts(counts);
      expect(entropy).toBeGreaterThan(-1e-12);
      expect(entropy).toBeLessThan(Math.log(seen) + 1e-12);
    }),
    { seed: 7 },
  );
});
