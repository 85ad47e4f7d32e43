import { expect, test } from "vitest";
import { bits, f64, i32 } from "../../src/engine/node-type.ts";
import { torusThermodynamics } from "../../src/lattice/exact/torus.ts";
import { entropyWeights } from "../../src/lattice/integration.ts";
import { entropy } from "../../src/nodes/entropy/index.ts";
import { thermodynamicIntegration } from "../../src/nodes/thermodynamic-integration/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { digestOf } from "./digest.ts";
import { isingSampler } from "./ising-sampler.ts";

const grid = (step: number, to: number) =>
  Array.from({ length: Math.round(to / step) + 1 }, (_, i) => Number((i * step).toFixed(6)));

test("entropyWeights() integrates the exact energy of a torus to its exact entropy", () => {
  for (const side of [8, 16, 32]) {
    for (const [step, bound] of [
      [0.05, 1e-3],
      [0.025, 2e-5],
    ] as const) {
      const betas = grid(step, 0.8);
      const exact = betas.map((beta) => torusThermodynamics(side, beta));
      const slopes = exact.map(({ specificHeat }, j) =>
        j === 0 ? -2 : -specificHeat / (betas[j]! * betas[j]!),
      );
      for (const k of betas.keys()) {
        const { energy, slope } = entropyWeights(betas, k);
        const s = exact
          .slice(0, k + 1)
          .reduce(
            (sum, { energy: u }, j) => sum + energy[j]! * u + slope[j]! * slopes[j]!,
            Math.LN2,
          );
        expect(Math.abs(s - exact[k]!.entropy), `L=${side}, step ${step}`).toBeLessThan(bound);
      }
    }
  }
});

const betas = grid(0.05, 0.6);
const sampled = await runNode(isingSampler, {
  params: { size: 8, betas, samples: 1600, algorithm: "wolff", seed: 5 },
});
const configurations = sampled.outputs.configurations as Table;

test("sampled energies integrate to Kaufman's entropy within their errors", async () => {
  const { outputs, warnings } = await runNode(thermodynamicIntegration, {
    inputs: { configurations },
  });
  const { columns } = outputs.by_beta;
  expect(warnings).toEqual([]);
  expect([columns.entropy[0], columns.entropy_se[0], columns.energy[0]]).toEqual([Math.LN2, 0, 0]);
  for (const [i, beta] of betas.entries()) {
    expect(columns.entropy_exact[i]).toBe(torusThermodynamics(8, beta).entropy);
    if (i === 0) continue;
    // 12 comparisons, not independent, at 4.2 errors (20 blocks: t with 19 degrees of freedom, and
    // the sum over betas has more): a false alarm in 6e-3 of seeds; and 1e-3 of the rule's own.
    const off = Math.abs(columns.entropy[i]! - columns.entropy_exact[i]!);
    expect(off, `beta ${beta}`).toBeLessThan(4.2 * columns.entropy_se[i]! + 1e-3);
    expect(columns.entropy_se[i]).toBeGreaterThan(0);
    expect(columns.entropy_se[i]).toBeLessThan(0.01);
    expect(columns.entropy_z[i]).toBeCloseTo(
      (columns.entropy[i]! - columns.entropy_exact[i]!) / columns.entropy_se[i]!,
      12,
    );
  }
});

test("an estimator that sees only the configurations agrees with their energies", async () => {
  const truth = (await runNode(thermodynamicIntegration, { inputs: { configurations } })).outputs;
  const params = { estimators: ["cond5"] };
  const seen = (await runNode(entropy, { inputs: { configurations }, params })).outputs;
  const [s, h] = [truth.by_beta.columns, seen.by_beta.columns];
  for (const [i, beta] of betas.entries()) {
    if (beta > 0.35) continue; // On so small a torus cond5 leaves s at low temperature.
    const error = Math.hypot(s.entropy_se[i]!, h.entropy_se[i]!);
    expect(Math.abs(s.entropy[i]! - h.entropy[i]!)).toBeLessThan(4.2 * error + 1e-3);
  }
});

const made = (beta: readonly number[], energy: readonly number[]) =>
  tableOf({ spins: bits(4), beta: f64, energy: i32 }, { spins: [15 * 17], beta, energy }) as Table;

test("a grid that does not begin at 0 is refused, and wide steps warn", async () => {
  const run = (table: Table) =>
    runNode(thermodynamicIntegration, { inputs: { configurations: table } });
  await expect(run(made([0.1, 0.2], [0, 0]))).rejects.toMatchObject({
    port: "configurations",
    message: "begins at beta 0.1: the integral begins at beta 0",
  });
  const { warnings, outputs } = await run(made([0, 0.2], [0, -8]));
  expect(warnings).toEqual([
    {
      code: "coarse-grid",
      message: "the step from beta 0 is wider than 0.05: the entropy is biased",
    },
  ]);
  expect([...outputs.by_beta.columns.entropy_se]).toEqual([0, null]);
});

test("thermodynamicIntegration() gives the same bits as ever for one input", async () => {
  const energies = Array.from({ length: 40 }, (_, i) => -8 + 8 * (i % 3 === 0 ? 1 : 0));
  const table = tableOf(
    { spins: bits(4), beta: f64, energy: i32 },
    {
      spins: new Uint8Array(20),
      beta: energies.map((_, i) => 0.04 * Math.floor(i / 10)),
      energy: energies,
    },
  ) as Table;
  const { outputs } = await runNode(thermodynamicIntegration, {
    inputs: { configurations: table },
  });
  // Output changed? Raise the node's version (now 1) and record the new digest.
  expect(digestOf(outputs)).toBe("f7135d4b68b76146");
});
