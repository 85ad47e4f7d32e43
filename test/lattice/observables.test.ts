/**
 * Means over many independent chains against exact values, in units of the standard error that the
 * scatter between chains gives. Fixed seeds, chosen before the first run. With 128 chains or more a
 * mean is normal enough; comparisons and false alarms are counted at each test.
 */
import { expect, test } from "vitest";
import { criticalBeta } from "../../src/lattice/exact/plane.ts";
import { torusThermodynamics } from "../../src/lattice/exact/torus.ts";
import { ClusterChains } from "../../src/lattice/sampling/clusters.ts";
import { LocalChains } from "../../src/lattice/sampling/local.ts";
import { type Algorithm, createSampler } from "../../src/lattice/sampling/sampler.ts";
import { unpackSpins } from "../../src/lattice/spins.ts";
import { transferMatrix } from "./brute-force.ts";
import { streams } from "./sampling/streams.ts";

const algorithms: Algorithm[] = ["metropolis", "heat-bath", "wolff", "swendsen-wang"];
const isCluster = (algorithm: Algorithm) => algorithm === "wolff" || algorithm === "swendsen-wang";

/** How many standard errors the mean of one number a chain is away from `exact`. */
function deviation(perChain: ArrayLike<number>, exact: number): number {
  const n = perChain.length;
  const values = Array.from(perChain);
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  return Math.abs(mean - exact) / Math.sqrt(variance / n);
}

test("every algorithm gives u, c and five correlations of the 6x6 torus", () => {
  // 4 algorithms x 2 betas x 7 quantities = 56 comparisons at 5 sigma: a false alarm in 3e4 runs.
  const size = 6;
  const sites = 36;
  const lags = [
    [0, 1],
    [1, 1],
    [0, 2],
    [1, 2],
    [0, 3],
  ] as const;
  for (const beta of [0.3, criticalBeta]) {
    const exact = transferMatrix(size, beta);
    const u = torusThermodynamics(size, beta);
    for (const algorithm of algorithms) {
      const chains = 4096;
      const sampler = createSampler({
        ...{ size, beta, algorithm, chains, start: "hot", random: streams(`six ${algorithm}`) },
        ...(isCluster(algorithm) ? { burnIn: 20, thinning: 2 } : { burnIn: 300, thinning: 10 }),
      });
      const energy = new Float64Array(chains);
      const square = new Float64Array(chains);
      const correlation = lags.map(() => new Float64Array(chains));
      const snapshots = 3;
      for (let t = 0; t < snapshots; t++) {
        const now = sampler.next();
        for (let c = 0; c < chains; c++) {
          energy[c]! += now.totals.energy[c]! / sites / snapshots;
          square[c]! += (now.totals.energy[c]! - sites * u.energy) ** 2 / snapshots;
        }
        const spins = unpackSpins(now.spins, now.stride, 0, chains);
        for (const [k, [dy, dx]] of lags.entries()) {
          for (let c = 0; c < chains; c++) {
            const one = spins.subarray(c * now.stride, c * now.stride + sites);
            correlation[k]![c]! += correlate(one, size, dy, dx) / snapshots;
          }
        }
      }
      const label = `${algorithm} ${beta}`;
      expect(deviation(energy, u.energy), `u, ${label}`).toBeLessThan(5);
      const variance = (u.specificHeat * sites) / beta ** 2;
      expect(deviation(square, variance), `c, ${label}`).toBeLessThan(5);
      for (const [k, [dy, dx]] of lags.entries()) {
        const distance = deviation(correlation[k]!, exact.correlation(dy, dx));
        expect(distance, `G(${dx},${dy}), ${label}`).toBeLessThan(5);
      }
    }
  }
});

function correlate(spins: Int8Array, size: number, dy: number, dx: number): number {
  let sum = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      sum += spins[y * size + x]! * spins[((y + dy) % size) * size + ((x + dx) % size)]!;
    }
  }
  return sum / spins.length;
}

for (const algorithm of algorithms) {
  test(`${algorithm} gives Kaufman's energy for L = 8, 16, 32 within 4 sigma`, () => {
    // 9 comparisons an algorithm, 36 in all: a false alarm with a probability of 2e-3.
    for (const size of [8, 16, 32]) {
      for (const beta of [0.35, criticalBeta, 0.5]) {
        const chains = 128;
        // Local updates need about 8 L^2 sweeps from a hot start; see LocalChains in the sampler.
        const burnIn = isCluster(algorithm) ? 40 : 6 * size * size;
        const thinning = isCluster(algorithm) ? 2 : 20;
        const random = streams(`kaufman ${algorithm} ${size} ${beta}`);
        const options = { size, beta, algorithm, chains, burnIn, thinning, random };
        const sampler = createSampler({ ...options, start: "hot" });
        const energy = new Float64Array(chains);
        for (let t = 0; t < 20; t++) {
          const now = sampler.next();
          for (let c = 0; c < chains; c++) energy[c]! += now.totals.energy[c]! / (20 * size * size);
        }
        const exact = torusThermodynamics(size, beta).energy;
        expect(deviation(energy, exact), `L ${size}, beta ${beta}`).toBeLessThan(4);
      }
    }
  });
}

test("Wolff's mean cluster is N <m^2>", () => {
  // 2 comparisons at 4 sigma: a false alarm with a probability of 1e-4.
  const size = 16;
  const chains = 256;
  for (const beta of [0.4, criticalBeta]) {
    const options = { size, beta, chains, algorithm: "wolff", start: "hot" } as const;
    const random = streams(`identity ${beta}`);
    const sampler = createSampler({ ...options, burnIn: 50, thinning: 2, random });
    const square = new Float64Array(chains);
    for (let t = 0; t < 60; t++) {
      const { magnetization } = sampler.next().totals;
      for (let c = 0; c < chains; c++) square[c]! += magnetization[c]! ** 2 / size ** 2 / 60;
    }
    const { meanCluster } = sampler.report();
    expect(
      deviation(
        square.map((m, c) => m - meanCluster![c]!),
        0,
      ),
    ).toBeLessThan(4);
  }
});

test("recording after a fixed number of spins, not of flips, is biased: the Wolff thinning trap", () => {
  // L = 8 at criticality. The biased rule was measured elsewhere at u = -1.5609(7); with a fixed
  // number of flips it must be the exact -1.49159.
  const [size, chains, samples] = [8, 256, 100];
  const sites = size * size;
  const options = { size, beta: criticalBeta, chains, start: "hot" } as const;
  const exact = torusThermodynamics(size, criticalBeta).energy;
  const run = (label: string, move: (all: ClusterChains, chain: number) => void) => {
    const all = new ClusterChains({ ...options, random: streams(label) });
    for (let chain = 0; chain < chains; chain++) all.wolff(chain, 200);
    const energy = new Float64Array(chains);
    for (let t = 0; t < samples; t++) {
      for (let chain = 0; chain < chains; chain++) move(all, chain);
      for (const [c, e] of all.read().totals.energy.entries()) energy[c]! += e / (sites * samples);
    }
    return energy;
  };
  const biased = run("biased", (all, chain) => {
    for (let flipped = 0; flipped < sites; ) flipped += all.wolff(chain, 1);
  });
  const fixed = run("fixed", (all, chain) => all.wolff(chain, 2));
  expect(deviation(biased, exact)).toBeGreaterThan(20);
  expect(deviation(fixed, exact)).toBeLessThan(4);
});

test("the 128 chains of a word are independent", () => {
  const size = 8;
  const sites = size * size;
  const snapshots = 400;
  const [chains, beta] = [256, 0.25];
  for (const rule of ["metropolis", "heat-bath"] as const) {
    const all = new LocalChains(rule, {
      size,
      beta,
      chains,
      start: "hot",
      random: streams("lanes"),
    });
    all.sweep(500);
    const series = { energy: rowsOf(chains, snapshots), magnetization: rowsOf(chains, snapshots) };
    for (let t = 0; t < snapshots; t++) {
      // tau is below 3 sweeps here: successive snapshots are independent to a percent.
      all.sweep(15);
      const now = all.read();
      for (let c = 0; c < chains; c++) {
        series.energy[c]![t] = now.totals.energy[c]!;
        series.magnetization[c]![t] = now.totals.magnetization[c]!;
      }
      const rows = new Set<string>();
      const step = now.stride / 8;
      for (let c = 0; c < chains; c++) {
        rows.add(Buffer.from(now.spins.subarray(c * step, (c + 1) * step)).toString("latin1"));
      }
      // Two states are equal with probability Z(2 beta) / Z(beta)^2 = e^-31.6: 5e-7 for all pairs,
      // snapshots and rules.
      expect(rows.size).toBe(chains);
    }
    const exact = torusThermodynamics(size, beta);
    const sigma = Math.sqrt((exact.specificHeat * sites) / beta ** 2);
    for (const [name, rows] of Object.entries(series)) {
      const scale = name === "energy" ? sigma : undefined;
      // 32,640 pairs, twice for each rule: |r| sqrt(n) > 6.6 has a probability of 4e-11 each.
      expect(largestCorrelation(rows)).toBeLessThan(6.6 / Math.sqrt(snapshots));
      if (scale === undefined) continue;
      // Energies of every chain, 5.5 sigma in 512 means: a false alarm in 5e4 runs.
      const means = rows.map((row) => row.reduce((sum, e) => sum + e, 0) / snapshots);
      const error = scale / Math.sqrt(snapshots);
      for (const mean of means) {
        expect(Math.abs(mean - sites * exact.energy) / error).toBeLessThan(5.5);
      }
      // Their variance is that of independent chains: chi-square with 256 degrees, 5 sigma, plus
      // the percent that is left of the autocorrelation.
      const chi = means.reduce((sum, m) => sum + ((m - sites * exact.energy) / error) ** 2, 0);
      expect(Math.abs(chi / chains - 1)).toBeLessThan(5 * Math.sqrt(2 / chains) + 0.03);
    }
  }
});

function rowsOf(rows: number, length: number): Float64Array[] {
  return Array.from({ length: rows }, () => new Float64Array(length));
}

/** The largest over all pairs of rows. */
function largestCorrelation(rows: readonly Float64Array[]): number {
  const normal = rows.map((row) => {
    const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
    const norm = Math.sqrt(row.reduce((sum, x) => sum + (x - mean) ** 2, 0));
    return row.map((x) => (x - mean) / norm);
  });
  let largest = 0;
  for (const [i, a] of normal.entries()) {
    for (let j = 0; j < i; j++) {
      const b = normal[j]!;
      let dot = 0;
      for (let t = 0; t < a.length; t++) dot += a[t]! * b[t]!;
      largest = Math.max(largest, Math.abs(dot));
    }
  }
  return largest;
}
