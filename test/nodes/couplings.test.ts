/** Seeds were fixed before the first run. */
import { expect, test } from "vitest";
import { bits, f64, InvalidInput } from "../../src/engine/node-type.ts";
import { couplingSums, evenCouplings } from "../../src/lattice/couplings.ts";
import { alignedFields } from "../../src/lattice/local-fields.ts";
import { packSpins } from "../../src/lattice/spins.ts";
import { fitCouplings } from "../../src/nodes/couplings/fit.ts";
import { couplings } from "../../src/nodes/couplings/index.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { configurations } from "./configurations.ts";
import { digestOf } from "./digest.ts";
import { isingSampler } from "./ising-sampler.ts";

const stream = (...parts: (string | number)[]) =>
  createGenerator(streamSeed({ nodeType: "test", purpose: "couplings", seed: 9, parts }));

test.each([4, 5, 8])(
  "aligned fields are half of what a flip changes, on %i sites a side",
  (size) => {
    const random = stream("fields", size);
    const sites = size * size;
    const spins = Int8Array.from({ length: sites }, () => 2 * random.below(2) - 1);
    const n = evenCouplings.length;
    const found = new Int8Array(3 + sites * n);
    alignedFields(size, evenCouplings)(spins, found, 3);
    const sums = couplingSums(size, evenCouplings);
    const [before, after] = [new Float64Array(n), new Float64Array(n)];
    sums(spins, before);
    for (let site = 0; site < sites; site++) {
      const flipped = spins.slice();
      flipped[site]! *= -1;
      sums(flipped, after);
      for (let k = 0; k < n; k++) {
        expect(found[3 + site * n + k]).toBe((before[k]! - after[k]!) / 2);
      }
    }
  },
);

/** Configurations of independent chains of single flips: exp(sum_k K_k O_k). */
function sampled(size: number, values: readonly number[], rows: number): Int8Array {
  const random = stream("sampled");
  const sites = size * size;
  const n = values.length;
  const spins = new Int8Array(rows * sites);
  const write = alignedFields(size, evenCouplings.slice(0, n));
  const fields = new Int8Array(sites * n);
  const state = Int8Array.from({ length: sites }, () => 1);
  for (let row = -20; row < rows; row++) {
    for (let i = 0; i < 5 * sites; i++) {
      const site = random.below(sites);
      // The fields of all sites for one: slow, and without any code of its own.
      write(state, fields, 0);
      let change = 0;
      for (let k = 0; k < n; k++) change -= 2 * values[k]! * fields[site * n + k]!;
      if (Math.log(random.float64()) < change) state[site]! *= -1;
    }
    if (row >= 0) spins.set(state, row * sites);
  }
  return spins;
}

test("couplings of a known Hamiltonian come out, pairs and products of four", () => {
  const truth = [0.2, 0.08, 0.06, -0.05];
  const spins = sampled(4, truth, 1500);
  const fit = fitCouplings(spins, 4, evenCouplings.slice(0, 4), 20)!;
  for (const [k, value] of fit.values.entries()) {
    const left = fit.leftOut.map((values) => values[k]!);
    const center = left.reduce((a, b) => a + b) / 20;
    const se = Math.sqrt((19 / 20) * left.reduce((sum, x) => sum + (x - center) ** 2, 0));
    expect(se).toBeGreaterThan(0.001);
    expect(se).toBeLessThan(0.02);
    // Four comparisons at 4.2 errors (t, 19 degrees of freedom): 2e-3.
    expect(Math.abs(value - truth[k]!)).toBeLessThan(4.2 * se);
  }
});

test("the fit is where the pseudo-likelihood is largest, and blocks are left out in truth", () => {
  const random = stream("maximum");
  const [size, rows] = [6, 40];
  const spins = Int8Array.from({ length: rows * 36 }, () => (random.float64() < 0.6 ? 1 : -1));
  const some = evenCouplings.slice(0, 3);
  const fit = fitCouplings(spins, size, some, 4)!;
  const likelihood = (values: readonly number[]) => {
    let sum = 0;
    const fields = new Int8Array(36 * 3);
    for (let row = 0; row < rows; row++) {
      alignedFields(size, some)(spins.subarray(36 * row, 36 * row + 36), fields, 0);
      for (let x = 0; x < 36; x++) {
        const h = values.reduce((total, v, k) => total + v * fields[3 * x + k]!, 0);
        sum -= Math.log(1 + Math.exp(-2 * h));
      }
    }
    return sum / (rows * 36);
  };
  expect(fit.logLikelihood).toBeCloseTo(likelihood(fit.values), 12);
  for (let k = 0; k < 3; k++) {
    for (const d of [0.01, -0.01]) {
      const moved = fit.values.map((value, i) => (i === k ? value + d : value));
      expect(likelihood(moved)).toBeLessThan(fit.logLikelihood);
    }
  }
  const without = fitCouplings(spins.subarray(10 * 36), size, some, 4)!;
  for (const [k, value] of without.values.entries()) {
    const move = Math.abs(fit.leftOut[0]![k]! - fit.values[k]!);
    expect(Math.abs(fit.leftOut[0]![k]! - value)).toBeLessThan(0.1 * move + 1e-4);
  }
});

const lattices = async (params: object) =>
  (await runNode(isingSampler, { params: { chains: 8, seed: 4, ...params } })).outputs
    .configurations as Table;
const run = (configurations: Table) => runNode(couplings, { inputs: { configurations } as never });

test("sampled lattices have beta for neighbours, and nothing beyond", async () => {
  const betas = [0.2, 0.4];
  const { outputs } = await run(await lattices({ size: 8, betas, samples: 1000 }));
  const { beta, coupling, value, value_se, distance, partners, spins } = outputs.couplings.columns;
  for (let i = 0; i < outputs.couplings.rows; i++) {
    const exact = coupling[i] === "nearest neighbours" ? beta[i]! : 0;
    // Fourteen comparisons at 4.6 errors (t, 19 degrees of freedom): 3e-3.
    expect(Math.abs(value[i]! - exact), `${coupling[i]}`).toBeLessThan(4.6 * value_se[i]!);
    expect(value_se[i]).toBeLessThan(0.02);
  }
  expect([...partners.slice(0, 7)]).toEqual([4, 4, 4, 4, 8, 4, 4]);
  expect([...spins.slice(0, 7)]).toEqual([2, 2, 4, 2, 2, 4, 2]);
  expect(distance[1]).toBeCloseTo(Math.SQRT2, 12);
  expect(distance[2]).toBeNull();
  const { nearest, beyond, range } = outputs.summary.columns;
  expect(nearest[1]).toBe(value[7]);
  expect(beyond[1]).toBeGreaterThan(0);
  expect(beyond[1]).toBeLessThan(0.1);
  expect(range[1]).toBeLessThan(1.2);
});

test("four sites a side are enough; a ground state has no couplings, and the bytes are on record", async () => {
  // Spins that are equal within blocks of 2 x 2, for the most part.
  const { outputs } = await run(configurations({ samples: 60 }));
  expect([couplings.version, digestOf(outputs as never)]).toEqual([1, "b086a2432c1403d9"]);
  expect(outputs.summary.columns.nearest[0]).toBeGreaterThan(0);
  const spins = new Int8Array(30 * 16).fill(1);
  const frozen = tableOf(
    { spins: bits(16, [4, 4]), beta: f64 },
    { spins: packSpins(spins), beta: new Float64Array(30).fill(2) },
  ) as Table;
  const cold = (await run(frozen)).outputs;
  expect([...cold.couplings.columns.value]).toEqual(new Array(7).fill(null));
  expect([...cold.summary.columns.range]).toEqual([null]);
  const small = lattices({ size: 2, betas: [0.3], samples: 10 });
  await expect(run(await small)).rejects.toEqual(
    new InvalidInput("configurations", "has 2 sites a side: expected at least 4"),
  );
});
