/** Seeds were chosen before the first run; tolerances say how often they would fail by chance. */
import { expect, test } from "vitest";
import { bits, f64, i8, i32, utf8 } from "../../src/engine/node-type.ts";
import { criticalBeta } from "../../src/lattice/exact/plane.ts";
import { torusThermodynamics } from "../../src/lattice/exact/torus.ts";
import { chainDiagnostics } from "../../src/nodes/chain-diagnostics/index.ts";
import { pool } from "../../src/nodes/chain-diagnostics/pooled.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { digestOf } from "./digest.ts";
import { isingSampler } from "./ising-sampler.ts";

async function sampled(params: object) {
  const { outputs } = await runNode(isingSampler, { params: { seed: 3, ...params } });
  return outputs as { configurations: Table; diagnostics: Table };
}

/** Rows of the 2x2 torus; energies and magnetizations are whatever is given. */
function rows(given: readonly { chain: string; time: number; m: number; sign?: number }[], e = 0) {
  return tableOf(
    {
      ...{ spins: bits(4), beta: f64, chain: utf8, time: i32 },
      ...{ energy: i32, magnetization: i32, sign: i8 },
    },
    {
      spins: given.map(() => [0, 0, 0, 0]),
      beta: given.map(() => 0.3),
      chain: given.map(({ chain }) => chain),
      time: given.map(({ time }) => time),
      energy: given.map(() => e),
      magnetization: given.map(({ m }) => m),
      sign: given.map(({ sign = 1 }) => sign),
    },
  );
}

test("chain-diagnostics holds Wolff's energies against Kaufman's, within 4 sigma", async () => {
  const betas = [0.3, criticalBeta, 0.5];
  for (const size of [8, 16, 32]) {
    // Nine comparisons at 4 sigma: a false alarm in 6e-4 of seeds.
    const params = { size, betas, samples: 4000 };
    const { configurations, diagnostics } = await sampled(params);
    const { outputs, warnings } = await runNode(chainDiagnostics, {
      inputs: { configurations, diagnostics },
    });
    const { columns } = outputs.by_beta;
    expect(warnings).toEqual([]);
    expect([...columns.beta]).toEqual(betas);
    for (const [i, beta] of betas.entries()) {
      const exact = torusThermodynamics(size, beta);
      expect(columns.energy_exact[i]).toBe(exact.energy);
      expect(Math.abs(columns.z[i]!)).toBeLessThan(4);
      expect(columns.z[i]).toBe((columns.energy[i]! - exact.energy) / columns.energy_se[i]!);
      // Independent samples would have sqrt(c / (beta^2 N n)); flips of 2 N spins are nearly that.
      const least = Math.sqrt(exact.specificHeat / size ** 2 / 4000) / beta;
      expect(columns.energy_se[i]! / least).toBeGreaterThan(0.9);
      expect(columns.energy_se[i]! / least).toBeLessThan(2.5);
      expect(columns.mean_cluster[i]!).toBeGreaterThan(1);
      expect(columns.acceptance[i]).toBeNull();
      expect(columns.chains[i]).toBe(8);
      expect(columns.samples[i]).toBe(4000);
    }
  }
});

test.each([
  ["swendsen-wang", 16, 4000],
  ["heat-bath", 8, 12_800],
  ["metropolis", 8, 12_800],
])(
  "chain-diagnostics holds the energies of %s against Kaufman's",
  async (algorithm, size, samples) => {
    const betas = [0.3, criticalBeta, 0.5];
    const { configurations } = await sampled({ size, betas, samples, algorithm });
    const { outputs } = await runNode(chainDiagnostics, { inputs: { configurations } });
    // Nine comparisons at 4 sigma in all three tests: a false alarm in 6e-4 of seeds.
    for (const z of outputs.by_beta.columns.z) expect(Math.abs(z!)).toBeLessThan(4);
  },
);

test("chain-diagnostics finds the autocorrelation times of heat bath at the critical point", async () => {
  // In sweeps, from another program: energy 4.8, |m| 7.5, two digits and some 3 % of error at L = 8.
  const params = { size: 8, betas: [criticalBeta], algorithm: "heat-bath", thinning: 1 };
  const { configurations, diagnostics } = await sampled({ ...params, samples: 128 * 1600 });
  const { outputs } = await runNode(chainDiagnostics, { inputs: { configurations, diagnostics } });
  const { columns } = outputs.quantities;
  expect(columns.quantity).toEqual(["energy", "abs_m", "m"]);
  for (const [i, tau] of [4.8, 7.5].entries()) {
    // Two comparisons at 4 errors, those of the other program's number among them.
    const error = Math.hypot(columns.tau_se[i]!, 0.03 * tau);
    expect(Math.abs(columns.tau[i]! - tau)).toBeLessThan(4 * error);
    expect(columns.tau_se[i]! / tau).toBeLessThan(0.05);
    expect(columns.effective_samples[i]).toBeCloseTo((128 * 1600) / (2 * columns.tau[i]!), 6);
  }
  // The sign of the magnetization turns far more slowly than its size.
  expect(columns.tau[2]!).toBeGreaterThan(2 * columns.tau[1]!);
  const { acceptance, mean_cluster, tau_abs_m } = outputs.by_beta.columns;
  expect(tau_abs_m[0]).toBe(columns.tau[1]);
  expect(acceptance[0]!).toBeGreaterThan(0);
  expect(acceptance[0]!).toBeLessThan(0.5);
  expect(mean_cluster[0]).toBeNull();
});

test("chain-diagnostics undoes the sign that symmetrize applied", async () => {
  const signs = [1, -1, -1, 1, 1, 1, -1, 1, -1, -1];
  const frozen = rows(signs.map((sign, time) => ({ chain: "a", time, m: 4 * sign, sign })));
  const { outputs } = await runNode(chainDiagnostics, { inputs: { configurations: frozen } });
  const { columns } = outputs.quantities;
  expect([...columns.mean]).toEqual([0, 1, 1]);
  expect(columns.tau).toEqual([null, null, null]);
});

test("chain-diagnostics puts chains in the order of time, whatever that of rows", async () => {
  const { configurations } = await sampled({ size: 4, betas: [0.4], samples: 400 });
  const at = (row: number) => ({
    chain: (configurations.columns["chain"] as string[])[row]!,
    time: (configurations.columns["time"] as Int32Array)[row]!,
    m: (configurations.columns["magnetization"] as Int32Array)[row]!,
  });
  const given = Array.from({ length: 400 }, (_, row) => at(row));
  const run = async (list: typeof given) =>
    (await runNode(chainDiagnostics, { inputs: { configurations: rows(list) } })).outputs.quantities
      .columns.tau;
  const ordered = await run(given);
  const reversed = await run([...given].reverse());
  for (const [i, tau] of ordered.entries()) {
    if (tau === null) expect(reversed[i]).toBeNull();
    else expect(reversed[i]).toBeCloseTo(tau, 10);
  }
});

test("chain-diagnostics warns of an energy that is off", async () => {
  const { configurations } = await sampled({ size: 8, betas: [0.4], samples: 1000 });
  const columns = { ...configurations.columns, beta: new Float64Array(1000).fill(0.42) };
  const mislabelled = { ...configurations, columns } as Table;
  const { warnings, outputs } = await runNode(chainDiagnostics, {
    inputs: { configurations: mislabelled },
  });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]!.code).toBe("energy-off");
  expect(warnings[0]!.message).toMatch(
    /^the energy is \d+\.\d sigmas off its exact value at beta 0\.42$/,
  );
  const none = await runNode(chainDiagnostics, {
    inputs: { configurations: mislabelled },
    params: { exact: "none" },
  });
  expect(none.warnings).toEqual([]);
  expect(none.outputs.by_beta.columns.z).toEqual([null]);
  expect(none.outputs.by_beta.columns.energy_exact).toEqual([null]);
  expect(none.outputs.by_beta.columns.energy).toEqual(outputs.by_beta.columns.energy);
});

test("chain-diagnostics pools the energies of all betas", async () => {
  const betas = Array.from({ length: 21 }, (_, i) => 0.2 + 0.025 * i);
  const { configurations } = await sampled({ size: 8, betas, samples: 1000 });
  const { outputs } = await runNode(chainDiagnostics, { inputs: { configurations } });
  const z = [...outputs.by_beta.columns.z] as number[];
  const { columns, rows } = outputs.pooled;
  const cell = (name: keyof typeof columns) => columns[name][0] as number;
  const sum = z.reduce((a, b) => a + b);
  expect([rows, cell("betas")]).toEqual([1, 21]);
  expect(cell("z_mean")).toBeCloseTo(sum / 21, 14);
  expect(cell("z_pooled")).toBeCloseTo(sum / Math.sqrt(21), 14);
  expect(cell("chi2")).toBeCloseTo(z.reduce((a, b) => a + b * b, 0) / 21, 14);
  // The sampler is right: a false alarm in 1e-3 of seeds each.
  expect(cell("z_p")).toBeGreaterThan(0.001);
  expect(cell("chi2_p")).toBeGreaterThan(0.001);
  // Half a sigma at every beta: 2.3 more in z_pooled.
  const off = pool(z.map((x) => ({ z: x + 0.5 })));
  expect(off.z_pooled! - cell("z_pooled")).toBeCloseTo(0.5 * Math.sqrt(21), 12);
  // P(|Z| > 1.96) is .05; P(chi2_3 > 7.815) is .05.
  expect(pool([{ z: 1.959963984540054 }]).z_p).toBeCloseTo(0.05, 12);
  const three = Math.sqrt(7.814727903251179 / 3);
  expect(pool([{ z: three }, { z: -three }, { z: three }, { z: null }])).toMatchObject({
    betas: 3,
    chi2_p: expect.closeTo(0.05, 10),
  });
  const none = { betas: 0, z_mean: null, z_pooled: null, z_p: null, chi2: null, chi2_p: null };
  expect(pool([{ z: null }])).toEqual(none);
});

test("chain-diagnostics takes the error from between chains that are too short", async () => {
  const params = { size: 8, betas: [criticalBeta], algorithm: "heat-bath", thinning: 1 };
  const { configurations } = await sampled({ ...params, samples: 128 * 5 });
  const { warnings, outputs } = await runNode(chainDiagnostics, { inputs: { configurations } });
  expect(warnings).toEqual([
    {
      code: "chains-too-short",
      message:
        `chains end before their autocorrelation does at beta ${criticalBeta}: ` +
        "tau is a lower bound there, and errors are those between chains",
    },
  ]);
  const { columns } = outputs.quantities;
  expect(columns.error_from).toEqual(["chains", "chains", "chains"]);
  expect([...columns.resolved]).toEqual([0, 0, 0]);
  // One comparison at 4 sigma, with 127 degrees of freedom: 1e-4.
  expect(Math.abs(outputs.by_beta.columns.z[0]!)).toBeLessThan(4);
});

test("chain-diagnostics warns of few samples, and gives no error for a single row", async () => {
  const { configurations } = await sampled({ size: 16, betas: [0.44], samples: 40, chains: 1 });
  const few = await runNode(chainDiagnostics, { inputs: { configurations } });
  expect(few.warnings.map(({ code }) => code)).toEqual(["few-samples"]);
  expect(few.warnings[0]!.message).toMatch(
    /^40 samples for an autocorrelation time of \d\.\d at beta 0\.44: below 100 tau its error/,
  );
  const one = await runNode(chainDiagnostics, {
    inputs: { configurations: rows([{ chain: "a", time: 0, m: 0 }]) },
  });
  expect(one.outputs.quantities.columns.error_from).toEqual(["none", "none", "none"]);
  expect(one.outputs.by_beta.columns.z).toEqual([null]);
});

test("chain-diagnostics rejects two rows of one chain and time", async () => {
  const twice = rows([
    { chain: "a", time: 0, m: 0 },
    { chain: "a", time: 1, m: 0 },
    { chain: "a", time: 1, m: 2 },
  ]);
  await expect(runNode(chainDiagnostics, { inputs: { configurations: twice } })).rejects.toThrow(
    'chain "a" has several rows at time 1',
  );
});

test("chain-diagnostics gives the bytes that it always gave", async () => {
  const { configurations, diagnostics } = await sampled({
    ...{ size: 6, betas: [0.3, 0.5], samples: 200 },
  });
  const inputs = { configurations, diagnostics };
  const { outputs } = await runNode(chainDiagnostics, { inputs, chunkRows: 64 });
  expect(digestOf(outputs as unknown as Record<string, Table>)).toBe("09583bf9c51c0054");
});
