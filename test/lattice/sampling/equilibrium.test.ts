/**
 * Do the samplers reach the Boltzmann distribution? Final states of 100,352 independent chains are
 * compared with exact probabilities. Fixed seeds, chosen before the first run. There are 19
 * chi-square tests, each with a false-alarm rate of 1e-6: 2e-5 together.
 */
import { expect, test } from "vitest";
import { type Algorithm, createSampler } from "../../../src/lattice/sampling/sampler.ts";
import { unpackSpins } from "../../../src/lattice/spins.ts";
import { boltzmann, energiesOf } from "../brute-force.ts";
import { streams } from "./streams.ts";

const chains = 100_352;
const schedules: Record<Algorithm, { burnIn: number; thinning: number }> = {
  metropolis: { burnIn: 200, thinning: 1 },
  "heat-bath": { burnIn: 200, thinning: 1 },
  wolff: { burnIn: 8, thinning: 2 },
  "swendsen-wang": { burnIn: 10, thinning: 1 },
};

/** What a chi-square variable with k degrees of freedom exceeds with probability 1e-6. */
function bound(k: number): number {
  const z = 4.753; // Wilson-Hilferty
  return k * (1 - 2 / (9 * k) + z * Math.sqrt(2 / (9 * k))) ** 3;
}

/** Chi-square of counts per class; classes that expect fewer than 10 are put together. */
function chiSquare(counts: ReadonlyMap<number, number>, p: ReadonlyMap<number, number>) {
  let [sum, classes, restSeen, restExpected] = [0, 0, 0, 0];
  for (const [key, probability] of p) {
    const [seen, expected] = [counts.get(key) ?? 0, probability * chains];
    if (expected < 10) {
      restSeen += seen;
      restExpected += expected;
    } else {
      sum += (seen - expected) ** 2 / expected;
      classes++;
    }
  }
  if (restExpected > 5) {
    sum += (restSeen - restExpected) ** 2 / restExpected;
    classes++;
  }
  return { sum, limit: bound(classes - 1) };
}

function finalSnapshot(algorithm: Algorithm, size: number, beta: number) {
  const random = streams(`${algorithm} ${size} ${beta}`);
  const options = { size, beta, algorithm, chains, start: "hot" as const, random };
  return createSampler({ ...options, ...schedules[algorithm] }).next();
}

function tally(keys: Iterable<number>, weights?: Iterable<number>): Map<number, number> {
  const totals = new Map<number, number>();
  const weight = weights?.[Symbol.iterator]();
  for (const key of keys) totals.set(key, (totals.get(key) ?? 0) + (weight?.next().value ?? 1));
  return totals;
}

// Metropolis is not ergodic on two sites a side.
for (const algorithm of ["heat-bath", "wolff", "swendsen-wang"] as const) {
  test(`${algorithm} visits the 16 states of the 2x2 torus with their probabilities`, () => {
    for (const beta of [0.1, 0.45]) {
      const { spins: bits, stride } = finalSnapshot(algorithm, 2, beta);
      const states = Array.from({ length: chains }, (_, i) => bits[(i * stride) / 8]!);
      const p = new Map(boltzmann(2, beta).entries());
      const { sum, limit } = chiSquare(tally(states), p);
      expect(sum, `beta ${beta}`).toBeLessThan(limit);
    }
  });
}

for (const algorithm of Object.keys(schedules) as Algorithm[]) {
  test(`${algorithm} visits the energies of the 4x4 torus with g(E) exp(-beta E) / Z`, () => {
    for (const beta of [0, 0.25, 0.4406867935097715]) {
      const { energy } = finalSnapshot(algorithm, 4, beta).totals;
      const { sum, limit } = chiSquare(tally(energy), tally(energiesOf(4), boltzmann(4, beta)));
      expect(sum, `beta ${beta}`).toBeLessThan(limit);
    }
  });
}

test("heat-bath visits the states of the 3x3 torus, which has no sublattices", () => {
  const { spins: bits, stride } = finalSnapshot("heat-bath", 3, 0.35);
  const spins = unpackSpins(bits, stride, 0, chains);
  const states = Array.from({ length: chains }, (_, i) => {
    let state = 0;
    for (let site = 0; site < 9; site++) if (spins[i * stride + site]! > 0) state |= 1 << site;
    return state;
  });
  const { sum, limit } = chiSquare(tally(states), new Map(boltzmann(3, 0.35).entries()));
  expect(sum).toBeLessThan(limit);
});
