import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type EntropyEstimator,
  type EstimatorName,
  entropyEstimators,
  estimateEntropy,
  marginal,
  patternCounter,
  smallestSide,
} from "../../src/lattice/entropy.ts";
import type { PackedRows } from "../../src/lattice/pieces.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { entropyOfCounts } from "../../src/statistics/entropy.ts";
import { blockBounds, jackknifeError } from "../../src/statistics/jackknife.ts";
import { decimate, drawExactly, enumerate4, exactBetas, exactValues } from "./exact-ensembles.ts";
import { packed, randomSpins } from "./packed.ts";

const plugin = (counts: Float64Array) => entropyOfCounts(counts);
const names = Object.keys(entropyEstimators) as EstimatorName[];

type Weighted = readonly { spins: Int8Array; weight: number }[];

/** Configurations of equal weight together, made once. */
const alike = (() => {
  const known = new WeakMap<Weighted, { weight: number; bits: PackedRows }[]>();
  return (side: number, configurations: Weighted) => {
    const before = known.get(configurations);
    if (before) return before;
    const groups = new Map<number, { spins: Int8Array }[]>();
    for (const one of configurations) {
      groups.set(one.weight, groups.get(one.weight) ?? []);
      groups.get(one.weight)!.push(one);
    }
    const made = [...groups].map(([weight, group]) => {
      const spins = new Int8Array(group.length * side * side);
      for (const [i, one] of group.entries()) spins.set(one.spins, i * side * side);
      return { weight, bits: packed(spins, side * side) };
    });
    known.set(configurations, made);
    return made;
  };
})();

/** The estimate over weighted configurations. */
function estimate(side: number, name: EstimatorName, configurations: Weighted): number {
  const estimator = entropyEstimators[name];
  const counter = patternCounter(side, estimator);
  const counts = new Float64Array(counter.cells);
  for (const { weight, bits } of alike(side, configurations)) {
    const found = counter.count([bits]);
    for (const [cell, count] of found.entries()) counts[cell]! += weight * count;
  }
  return estimateEntropy(estimator, counts, plugin);
}

for (const beta of exactBetas) {
  test(`estimateEntropy() over all states of the 4x4 torus is exact at beta = ${beta}`, () => {
    const exact = exactValues[`L=4 beta=${beta}`]!;
    const all = enumerate4(beta);
    // The reference has 16 digits; the weighted sums over 65,536 states lose 3.
    const close = (value: number, reference: number) => expect(value).toBeCloseTo(reference, 11);
    close(estimate(4, "pattern2x2", all), exact["H22"]! / 4);
    close(estimate(4, "pattern3x3", all), exact["H33"]! / 9);
    close(estimate(4, "bethe", all), exact["bethe"]!);
    close(estimate(4, "kikuchi2x2", all), exact["kikuchi2x2"]!);
    close(estimate(4, "kikuchi3x3", all), exact["kikuchi3x3"]!);
    const coarse = all.map(({ spins, weight }) => ({ spins: decimate(spins, 4), weight }));
    close(estimate(2, "pattern2x2", coarse), exact["decimated_H22"]! / 4);
    close(estimate(2, "kikuchi2x2", coarse), exact["decimated_kikuchi2x2"]!);
    // Sub-additivity: four translates of the sublattice cover the lattice, so H(all) <= 4 H(one).
    expect(estimate(2, "pattern2x2", coarse)).toBeGreaterThan(exact["s"]!);
  });
}

test("the exact decimated entropies per site are those of full enumeration", () => {
  for (const [beta, entropy] of [
    [0.2, 0.6879239239],
    [0.4, 0.503816412],
    [0.4406867935097715, 0.428314692],
    [0.5, 0.3350311163],
  ] as const) {
    const coarse = enumerate4(beta).map(({ spins, weight }) => ({
      spins: decimate(spins, 4),
      weight,
    }));
    expect(estimate(2, "pattern2x2", coarse)).toBeCloseTo(entropy, 9);
  }
});

test("patternCounter() counts what a brute-force twin counts on asymmetric lattices", () => {
  const spin = fc.constantFrom(-1, 1);
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 2, max: 35 }), fc.constantFrom(63, 64, 66)).chain((side) =>
        fc.record({
          side: fc.constant(side),
          spins: fc.array(spin, { minLength: side * side, maxLength: side * side }),
          name: fc.constantFrom(
            ...names.filter((name) => smallestSide(entropyEstimators[name]) <= side),
          ),
        }),
      ),
      ({ side, spins, name }) => {
        const { sites } = entropyEstimators[name];
        const expected: Record<string, number> = {};
        for (let y = 0; y < side; y++) {
          for (let x = 0; x < side; x++) {
            const pattern = sites.map(
              ([dy, dx]) =>
                (spins[((y + dy + side) % side) * side + ((x + dx + side) % side)]! + 1) / 2,
            );
            const key = pattern.join("");
            expected[key] = (expected[key] ?? 0) + 1;
          }
        }
        const counter = patternCounter(side, entropyEstimators[name]);
        const counts = counter.count([packed(Int8Array.from(spins), side * side)]);
        const found: Record<string, number> = {};
        for (const [cell, count] of counts.entries()) {
          if (count) found[sites.map((_, j) => (cell >> j) & 1).join("")] = count;
        }
        expect(found).toEqual(expected);
      },
    ),
    { seed: 8, numRuns: 200 },
  );
});

test.each([20, 33, 61, 64, 67, 128, 131])(
  "patternCounter() counts many configurations of side %d as it counts each",
  (side) => {
    // So many that up to four patterns are counted together, and two of cond11.
    const rows = Math.ceil(6e5 / (side * side));
    const spins = randomSpins(side, rows * side * side);
    const row = (k: number) =>
      packed(spins.subarray(k * side * side, (k + 1) * side * side), side * side);
    for (const name of names) {
      const counter = patternCounter(side, entropyEstimators[name]);
      const together = counter.count([packed(spins, side * side)]);
      const apart = new Float64Array(counter.cells);
      for (let k = 0; k < rows; k++) {
        for (const [cell, count] of counter.count([row(k)]).entries()) apart[cell]! += count;
      }
      expect(together, name).toEqual(apart);
      expect(together.reduce((sum, count) => sum + count)).toBe(spins.length);
    }
  },
);

test("cond5 and cond11 look at the causal half plane as defined", () => {
  // (dy, dx) of the neighbours: cond11 is (0,-1) (0,-2) (0,-3), (-1,-2..2), (-2,-1..1).
  const causal = ({ sites }: EntropyEstimator) =>
    sites.slice(1).every(([dy, dx]) => dy < 0 || (dy === 0 && dx < 0));
  expect(causal(entropyEstimators.cond5) && causal(entropyEstimators.cond11)).toBe(true);
  const draw = entropyEstimators.cond11.sites.slice(1).reduce(
    (rows, [dy, dx]) => {
      rows[dy + 2]![dx + 3] = "o";
      return rows;
    },
    ["......", "......", "......"].map((row) => row.split("")),
  );
  expect(draw.map((row) => row.join(""))).toEqual(["..ooo.", ".ooooo", "ooo..."]);
});

const corrected = (counts: Float64Array) => entropyOfCounts(counts, "miller-madow");

/** Estimate and block jackknife error; the rows of one element of `draws` stay in one block. */
function sampled(side: number, name: EstimatorName, draws: readonly (readonly Int8Array[])[]) {
  const estimator = entropyEstimators[name];
  const counter = patternCounter(side, estimator);
  const bounds = blockBounds(draws.length);
  const blocks = bounds.slice(1).map((end, b) => {
    return counter.count(
      draws
        .slice(bounds[b]!, end)
        .flat()
        .map((s) => packed(s, side * side)),
    );
  });
  const total = blocks[0]!.map((_, i) => blocks.reduce((sum, block) => sum + block[i]!, 0));
  const leftOut = blocks.map((block) =>
    estimateEntropy(
      estimator,
      total.map((count, i) => count - block[i]!),
      corrected,
    ),
  );
  return { value: estimateEntropy(estimator, total, corrected), error: jackknifeError(leftOut) };
}

test("the estimators agree with the exact values of the 6x6 torus", () => {
  // 4000 independent exact draws, 144,000 windows. Miller-Madow leaves a bias of order K/n^2 and of
  // the windows' correlation, below (K - 1)/2n: at most .001 with K < 300 patterns seen at beta .5.
  // Tolerance 4.2 errors (t, 19 degrees of freedom) and that; 6 comparisons: a false alarm in 3e-3
  // of all seeds.
  const beta = 0.5;
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "six", seed: 1, parts: [] }),
  );
  const draws = drawExactly(6, beta, 4000, random).map((spins) => [spins]);
  const exact = exactValues[`L=6 beta=${beta}`]!;
  const reference: Partial<Record<EstimatorName, number>> = {
    pattern2x2: exact["H22"]! / 4,
    pattern3x3: exact["H33"]! / 9,
    kikuchi2x2: exact["kikuchi2x2"]!,
    kikuchi3x3: exact["kikuchi3x3"]!,
    cond5: exact["cond5"]!,
    cond11: exact["cond11"]!,
  };
  for (const [name, expected] of Object.entries(reference) as [EstimatorName, number][]) {
    const { value, error } = sampled(6, name, draws);
    expect(Math.abs(value - expected), name).toBeLessThan(4.2 * error + 0.001);
  }
});

test("the estimators agree with the exact values of the 8x8 torus and of its decimation", () => {
  // As above, with all four sublattices, so that both have 64 windows a draw; 6 comparisons. The
  // decimated patterns are more even: (K - 1)/2n = 511/2/192,000 = .0013 at most.
  const beta = 0.4;
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "eight", seed: 1, parts: [] }),
  );
  const draws = drawExactly(8, beta, 3000, random);
  const original = draws.map((spins) => [spins]);
  const shifts = [0, 1, 8, 9];
  const decimated = draws.map((spins) =>
    shifts.map((shift) =>
      decimate(
        Int8Array.from(spins, (_, i) => spins[(i + shift) % 64]!),
        8,
      ),
    ),
  );
  const exact = exactValues[`L=8 beta=${beta}`]!;
  const entropies = (["kikuchi2x2", "kikuchi3x3", "cond5"] as const).map((name) => {
    const [fine, coarse] = [sampled(8, name, original), sampled(4, name, decimated)];
    expect(Math.abs(fine.value - exact[name]!), name).toBeLessThan(4.2 * fine.error + 0.0013);
    const expected = exact[`decimated_${name}`]!;
    expect(Math.abs(coarse.value - expected), name).toBeLessThan(4.2 * coarse.error + 0.0013);
    return coarse.value - fine.value;
  });
  for (const gain of entropies) expect(gain).toBeGreaterThan(0);
});

test("estimateEntropy() of independent fair spins is ln 2 for every estimator", () => {
  for (const name of names) {
    const { sites } = entropyEstimators[name];
    const uniform = new Float64Array(2 ** sites.length).fill(1);
    expect(estimateEntropy(entropyEstimators[name], uniform, plugin)).toBeCloseTo(Math.LN2, 12);
  }
});

test("marginal() sums over the sites that it leaves out", () => {
  // Three sites, bit j of a pattern is site j; keep sites 0 and 2.
  expect(marginal(Float64Array.of(1, 2, 4, 8, 16, 32, 64, 128), 0b101)).toEqual(
    Float64Array.of(1 + 4, 2 + 8, 16 + 64, 32 + 128),
  );
});

test("patternCounter() refuses a lattice that its pattern would overlap itself on", () => {
  expect(smallestSide(entropyEstimators.cond11)).toBe(6);
  expect(smallestSide(entropyEstimators.cond5)).toBe(4);
  expect(() => patternCounter(4, entropyEstimators.cond11)).toThrow(
    "a pattern 6 sites wide does not fit a lattice of side 4",
  );
});
