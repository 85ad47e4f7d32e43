import { expect, test } from "vitest";
import { bits, f64, InvalidInput, InvalidParam, i32, utf8 } from "../../src/engine/node-type.ts";
import { torusThermodynamics } from "../../src/lattice/exact/torus.ts";
import { energyPerSite } from "../../src/learn/layers/energy.ts";
import type { Layer, Model } from "../../src/learn/model.ts";
import { exactEnergyReading } from "../../src/nodes/thermometer/exact-energy.ts";
import { thermometer } from "../../src/nodes/thermometer/index.ts";
import { cramerRao, energyReadings } from "../../src/nodes/thermometer/rows.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { concatenate, sliceRows, tableOf } from "../harness/tables.ts";
import { enumerate4 } from "../lattice/exact-ensembles.ts";
import { dense, energy, random } from "../learn/networks.ts";
import { configurations, decimated } from "./configurations.ts";
import { digestOf } from "./digest.ts";
import { tableOfModel } from "./models.ts";

/** Reads `slope` times the energy per site of 16 sites plus `offset`. */
function reader(slope: number, offset: number, change: Partial<Model> = {}): Model {
  const layer: Layer = { ...dense("read", 1, 1, "linear"), bias: Float32Array.of(offset) };
  layer.kernel[0] = slope;
  return { layers: [energy("energy", 16), layer], loss: "mse", chains: [], ...change };
}

async function measure(
  configurations: Table,
  model?: Model,
  params: Record<string, unknown> = {},
  map?: Table,
) {
  const inputs = { configurations, model: model && tableOfModel(model), map };
  const { outputs, warnings } = await runNode(thermometer, { params, inputs });
  const rows = ({ rows, columns }: Table) =>
    Array.from({ length: rows }, (_, row) =>
      Object.fromEntries(
        Object.entries(columns).map(([name, cells]) => [
          name,
          (cells as ArrayLike<number | string | null>)[row]!,
        ]),
      ),
    );
  const { summary, by_beta } = outputs as unknown as Record<"summary" | "by_beta", Table>;
  return { summary: rows(summary), by_beta: rows(by_beta), warnings, outputs };
}

/** Independent draws from the exact distribution of the 4 x 4 torus. */
function boltzmann(betas: readonly number[], samples: number): Table {
  const spins: number[][] = [];
  const beta: number[] = [];
  for (const b of betas) {
    let sum = 0;
    const states = enumerate4(b);
    const cumulative = states.map(({ weight }) => {
      sum += weight;
      return sum;
    });
    const generator = random("boltzmann", b);
    for (let i = 0; i < samples; i++) {
      const at = generator.float64() * sum;
      let [low, high] = [0, 65535];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (cumulative[middle]! > at) high = middle;
        else low = middle + 1;
      }
      spins.push(Array.from(states[low]!.spins, (spin) => (spin + 1) / 2));
      beta.push(b);
    }
  }
  return tableOf({ spins: bits(16, [4, 4]), beta: f64 }, { spins, beta }) as Table;
}

test("energyReadings() solves u_L(beta) = e and clips what has no beta in the prior", () => {
  for (const size of [4, 6, 16]) {
    const betas = [0, 0.05, 0.3, 0.44, 0.7, 0.99];
    const energies = betas.map((beta) => torusThermodynamics(size, beta).energy);
    for (const [i, found] of energyReadings(energies, size, [0, 1]).entries()) {
      expect(Math.abs(found - betas[i]!)).toBeLessThan(1e-6);
    }
    // Ground state, antiferromagnet, and a prior that is narrower.
    expect([...energyReadings([-2, 2], size, [0, 1])]).toEqual([1, 0]);
    expect([...energyReadings([energies[2]!], size, [0.35, 0.4])]).toEqual([0.35]);
  }
});

test("cramerRao() has the values of the torus, and a limit at beta = 0", () => {
  // beta / sqrt(N c), c by Kaufman's formula (test/reference).
  for (const [beta, want] of [
    [0.2, 0.04],
    [0.3, 0.035],
    [0.4, 0.0242],
    [0.5, 0.0367],
    [0.6, 0.067],
  ] as const) {
    expect(cramerRao(16, beta) / want).toBeCloseTo(1, 1);
  }
  for (const size of [2, 4, 16]) {
    expect(cramerRao(size, 0) / cramerRao(size, 1e-4)).toBeCloseTo(1, 5);
  }
});

test("thermometer's reading by energy has the mean square error that enumeration gives", async () => {
  const betas = [0.2, 0.45];
  const { by_beta } = await measure(boltzmann(betas, 4000));
  for (const [i, beta] of betas.entries()) {
    let [square, share] = [0, 0];
    const states = enumerate4(beta);
    const energies = states.map(({ spins }) => energyPerSite(spins, 4));
    for (const [k, read] of energyReadings(energies, 4, [0, 1]).entries()) {
      square += states[k]!.weight * (read - beta) ** 2;
      if (read <= 0 || read >= 1) share += states[k]!.weight;
    }
    const row = by_beta[i] as Record<string, number>;
    expect(row["estimator"]).toBe("energy");
    // Two comparisons at 4 sigma and two at 5: false alarms once in 10^4.
    expect(Math.abs(row["rmse"]! - Math.sqrt(square))).toBeLessThan(4 * row["rmse_se"]!);
    expect(Math.abs(row["outside"]! - share)).toBeLessThan(
      5 * Math.sqrt((share * (1 - share)) / 4000),
    );
    expect(row["cramer_rao"]).toBe(cramerRao(4, beta));
  }
});

test("exactly, the reading by energy is what enumeration gives, and .033 too much at 8 x 8", async () => {
  for (const beta of [0.2, 0.45, 0.7]) {
    const states = enumerate4(beta);
    const readings = energyReadings(
      states.map(({ spins }) => energyPerSite(spins, 4)),
      4,
      [0, 1],
    );
    let [mean, squares] = [0, 0];
    for (const [k, read] of readings.entries()) mean += states[k]!.weight * read;
    for (const [k, read] of readings.entries()) squares += states[k]!.weight * (read - mean) ** 2;
    const exact = exactEnergyReading(4, [0, 1])(beta)!;
    expect(exact.mean).toBeCloseTo(mean, 10);
    expect(exact.spread).toBeCloseTo(Math.sqrt(squares), 10);
  }
  // Of an independent computation from g(E).
  expect(exactEnergyReading(8, [0, 1])(0.4406867935097715)!.mean).toBeCloseTo(0.4738, 4);
  for (const side of [undefined, 5, 32])
    expect(exactEnergyReading(side, [0, 1])(0.3)).toBeUndefined();
});

test("response is the slope of the mean reading, and no spread is below what it allows", async () => {
  const betas = [0.2, 0.45];
  const model = reader(-0.25, 0.1);
  const { by_beta } = await measure(boltzmann(betas, 4000), model);
  expect(by_beta).toHaveLength(4);
  for (const cells of by_beta) {
    const row = cells as Record<string, number>;
    const isEnergy = cells["estimator"] === "energy";
    const slope = (d: number) => {
      const states = enumerate4(row["beta"]! + d);
      const energies = states.map(({ spins }) => energyPerSite(spins, 4));
      const readings = isEnergy
        ? [...energyReadings(energies, 4, [0, 1])]
        : energies.map((e) => 0.1 - 0.25 * e);
      return readings.reduce((sum: number, read, k) => sum + states[k]!.weight * read, 0);
    };
    const exact = (slope(1e-4) - slope(-1e-4)) / 2e-4;
    // Four comparisons at 4 sigma: false alarms once in 10^3.
    expect(Math.abs(row["response"]! - exact)).toBeLessThan(4 * row["response_se"]!);
    expect(row["least_spread"]).toBeCloseTo(Math.abs(row["response"]!) * row["cramer_rao"]!, 12);
    // Exactly spread >= least_spread; the sample's Var E differs from the exact one by 5 % or less.
    expect(row["spread"]).toBeGreaterThan(0.9 * row["least_spread"]!);
    if (!isEnergy) expect(row["exact_bias"]).toBeNull();
    else expect(Math.abs(row["bias"]! - row["exact_bias"]!)).toBeLessThan(4 * row["bias_se"]!);
  }
});

test("the summary's errors are the spread of what it states between ensembles", async () => {
  const betas = [0.2, 0.45];
  const [replicates, samples] = [100, 200];
  const all = boltzmann(betas, replicates * samples);
  const measured: Record<string, unknown>[] = [];
  for (let r = 0; r < replicates; r++) {
    const parts = betas.map((_, b) => {
      const from = (b * replicates + r) * samples;
      return sliceRows(all, from, from + samples);
    });
    measured.push((await measure(concatenate(all.schema, parts))).summary[0]!);
  }
  const of = (key: string) => measured.map((row) => Number(row[key]));
  const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  for (const key of ["rmse", "mean_bias", "mean_spread", "ratio"]) {
    const center = mean(of(key));
    const spread = Math.sqrt(mean(of(key).map((v) => (v - center) ** 2)));
    // A spread of 100 has a relative error of 1 / sqrt 200 = .07: four of them, 2.5e-4 of seeds.
    expect(Math.abs(mean(of(`${key}_se`)) / spread - 1), key).toBeLessThan(0.29);
  }
});

const x = configurations({ part: "test", samples: 30 });

test("thermometer measures a network by its bias, spread and rmse", async () => {
  const { by_beta, summary } = await measure(x, reader(-0.25, 0.1));
  const spins = x.columns["spins"] as Uint8Array;
  const read = Array.from({ length: x.rows }, (_, row) => {
    const one = Array.from({ length: 16 }, (_, i) => {
      const at = row * 16 + i;
      return ((spins[at >> 3]! >> (at & 7)) & 1) * 2 - 1;
    });
    return 0.1 - 0.25 * energyPerSite(one, 4);
  });
  const networks = by_beta.filter((row) => row["estimator"] === "network");
  let total = 0;
  for (const [i, beta] of [0.2, 0.5].entries()) {
    const errors = read.slice(30 * i, 30 * i + 30).map((value) => value - beta);
    const bias = errors.reduce((sum, d) => sum + d, 0) / 30;
    const square = errors.reduce((sum, d) => sum + d * d, 0) / 30;
    total += square / 2;
    const row = networks[i] as Record<string, number>;
    expect(row).toMatchObject({ beta, target: beta, configurations: 30 });
    expect(row["bias"]).toBeCloseTo(bias, 6);
    expect(row["estimate"]).toBeCloseTo(beta + bias, 6);
    expect(row["spread"]).toBeCloseTo(Math.sqrt(square - bias * bias), 6);
    expect(row["rmse"]).toBeCloseTo(Math.sqrt(square), 6);
  }
  expect(summary.map(({ estimator }) => estimator)).toEqual(["network", "energy"]);
  expect(summary[0]!["rmse"]).toBeCloseTo(Math.sqrt(total), 6);
  const bound = Math.sqrt((cramerRao(4, 0.2) ** 2 + cramerRao(4, 0.5) ** 2) / 2);
  expect(summary[0]!["cramer_rao"]).toBeCloseTo(bound, 12);
  const ratios = networks.map((row) => Number(row["rmse"]) / Number(row["cramer_rao"]));
  expect(summary[0]!["ratio"]).toBeCloseTo(Math.hypot(...ratios) / Math.SQRT2, 12);
});

test("mean_bias has its sign, and mean_abs_bias has none", async () => {
  // It reads .3 whatever it is shown, where .2 and .5 are to be read.
  const { summary } = await measure(x, reader(0, 0.3));
  expect(summary[0]!["mean_bias"]).toBeCloseTo((0.1 - 0.2) / 2, 6);
  expect(summary[0]!["mean_abs_bias"]).toBeCloseTo((0.1 + 0.2) / 2, 6);
});

test("thermometer warns when a model is asked for betas that it did not learn", async () => {
  const target = (from: number, to: number) => ({ target: { column: "beta", from, to } });
  const within = await measure(x, reader(-0.25, 0, target(0.2, 0.5)));
  expect(within.warnings).toEqual([]);
  const beyond = await measure(x, reader(-0.25, 0, target(0.3, 0.6)));
  expect(beyond.warnings).toEqual([
    {
      code: "extrapolation",
      message:
        "the model at port model is asked to read from 0.2 to 0.5, but learned beta from 0.3 to 0.6",
    },
  ]);
});

test("thermometer takes its targets from a map, and then knows no bound", async () => {
  const map = tableOf({ beta: f64, beta_prime: f64 }, { beta: [0.2, 0.5], beta_prime: [0.1, 0.4] });
  const { by_beta, summary } = await measure(x, reader(0, 0.3), {}, map as Table);
  expect(by_beta[0]).toMatchObject({ beta: 0.2, target: 0.1, cramer_rao: null, spread: 0 });
  expect(by_beta[0]!["bias"]).toBeCloseTo(0.2, 6);
  expect(summary[0]).toMatchObject({ cramer_rao: null, ratio: null, ratio_se: null });
});

test("thermometer keeps the steps of a flow apart", async () => {
  const twice = tableOf(
    { spins: bits(16, [4, 4]), beta: f64, step: i32 },
    {
      spins: Array.from({ length: 8 }, (_, row) => Array(16).fill(row < 4 ? 1 : 0)),
      beta: Array(8).fill(0.4),
      step: [0, 0, 5, 5, 0, 0, 5, 5],
    },
  ) as Table;
  const { by_beta, warnings } = await measure(twice);
  expect(warnings.map(({ message }) => message)).toEqual([
    "4 configurations at beta 0.4 and few at 1 more: " +
      "below 20, the blocks of the jackknife, errors are a guess",
  ]);
  const cut = sliceRows(twice, 0, 3);
  await expect(measure(cut)).rejects.toEqual(
    new InvalidInput("configurations", "has 1 configuration at beta 0.4: expected 2 or more"),
  );
  expect(by_beta.map(({ step, configurations }) => [step, configurations])).toEqual([
    [0, 4],
    [5, 4],
  ]);
});

test("thermometer gives the bytes that are on record for its version", async () => {
  const { outputs } = await measure(x, reader(-0.25, 0.1));
  expect([thermometer.version, digestOf(outputs as unknown as Record<string, Table>)]).toEqual([
    4,
    "6b7d16692d0675db",
  ]);
});

test("thermometer locates what does not fit", async () => {
  await expect(measure(decimated(x), reader(1, 0))).rejects.toEqual(
    new InvalidInput("model", "takes 16 numbers, but the configurations have 4"),
  );
  const wide: Model = { layers: [dense("code", 16, 4)], loss: "mse", chains: [] };
  await expect(measure(x, wide)).rejects.toEqual(
    new InvalidInput("model", "gives 4 numbers, but a thermometer gives one"),
  );
  await expect(measure(x, reader(1, 0, { chains: ["test/0.5/1"] }))).rejects.toEqual(
    new InvalidInput("configurations", 'chain "test/0.5/1" is one that the model was trained on'),
  );
  await expect(measure(x, undefined, { column: "chain" })).rejects.toEqual(
    new InvalidParam("column", 'has a column "chain" without spins or numbers'),
  );
  await expect(measure(x, undefined, { prior: [0.5, 0.5] })).rejects.toEqual(
    new InvalidParam("prior", "from 0.5 to 0.5 there is nothing"),
  );
  const empty = tableOf(
    { spins: bits(16), beta: f64, chain: utf8 },
    { spins: [], beta: [], chain: [] },
  );
  await expect(measure(empty as Table)).rejects.toEqual(
    new InvalidInput("configurations", "holds no configurations"),
  );
});
