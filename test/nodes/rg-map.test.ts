/** Seeds were chosen before the first run. */
import { expect, test } from "vitest";
import { bits, f64 } from "../../src/engine/node-type.ts";
import { criticalBeta } from "../../src/lattice/exact/plane.ts";
import { decimator } from "../../src/nodes/decimator.ts";
import { rgMap } from "../../src/nodes/rg-map/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { sliceRows, tableOf } from "../harness/tables.ts";
import { digestOf } from "./digest.ts";
import { isingSampler } from "./ising-sampler.ts";

const run = async (params: object, inputs: Record<string, Table> = {}) =>
  (await runNode(rgMap, { params: { ...params }, inputs: inputs as never })).outputs as Record<
    string,
    Table
  >;
const column = (table: Table | undefined, name: string) =>
  Array.from(table!.columns[name] as unknown as ArrayLike<number>);

async function sample(size: number, betas: readonly number[], samples: number) {
  const params = { size, betas, samples, seed: 21 };
  return (await runNode(isingSampler, { params })).outputs.configurations as Table;
}
async function coarsen(configurations: Table, rule: string) {
  const params = { rule, factor: 2, seed: 21 };
  const inputs = { configurations: configurations as never };
  return (await runNode(decimator, { params, inputs })).outputs["configurations"] as Table;
}

test("energy-matched agrees with another program on L = 32 -> 16, decimation and majority", async () => {
  const known: Record<string, Record<number, number>> = {
    decimation: { 0.3: 0.137, 0.4: 0.307, [criticalBeta]: 0.4125, 0.5: 0.482 },
    majority: { 0.3: 0.199, 0.4: 0.355, [criticalBeta]: 0.4376, 0.5: 0.552 },
  };
  const betas = Object.keys(known["decimation"]!).map(Number).sort();
  const fine = await sample(32, betas, 1500);
  for (const [rule, exact] of Object.entries(known)) {
    const { map } = await run({}, { configurations: await coarsen(fine, rule) });
    expect(column(map, "beta")).toEqual(betas);
    const se = column(map, "beta_prime_se");
    for (const [i, found] of column(map, "beta_prime").entries()) {
      // The other program gives +-0.003. Eight comparisons at 4 sigma: 5e-4.
      const error = Math.hypot(se[i]!, 0.003);
      expect(Math.abs(found - exact[betas[i]!]!), `${rule} ${betas[i]}`).toBeLessThan(4 * error);
      expect(se[i]).toBeLessThan(0.006);
    }
  }
});

test("energy-matched gives an Ising ensemble its own beta, within the error that it states", async () => {
  const betas = [0.1, 0.25, 0.4, 0.5, 0.7];
  const { map } = await run({}, { configurations: await sample(8, betas, 2000) });
  const se = column(map, "beta_prime_se");
  // Five comparisons at 4.6 jackknife errors (t, 19 degrees of freedom): 1e-3.
  for (const [i, found] of column(map, "beta_prime").entries()) {
    expect(Math.abs(found - betas[i]!)).toBeLessThan(4.6 * se[i]!);
  }
  expect(Math.max(...se)).toBeLessThan(0.02);
});

test("closed maps are applied step by step, with their scale", async () => {
  const { map } = await run({ map: "wilson", steps: 2, betas: [0.4, criticalBeta] });
  expect(column(map, "beta_prime")[1]).toBeCloseTo(0.3717, 4);
  expect(column(map, "scale")[0]).toBeCloseTo(2, 14);
  expect(column(map, "beta_prime_se")).toEqual([0, 0]);
  const one = await run({ map: "wilson", betas: [0.4] });
  expect(column(one["map"], "beta_prime")[0]).toBeCloseTo(0.3550523072, 10);
  const chain = await run({ map: "chain", betas: [1] });
  expect(column(chain["map"], "beta_prime")[0]).toBeCloseTo(0.662501373679, 11);
  const same = await run({ map: "identity", steps: 3, betas: [0.4, 0] });
  expect(column(same["map"], "beta_prime")).toEqual([0.4, 0]);
  expect(Object.keys(same)).toEqual(["map"]);
});

test("targets has beta' for every row, of the configurations or of other rows", async () => {
  const configurations = await sample(8, [0.5, 0.3], 100);
  const { map, targets } = await run({ map: "migdal-kadanoff" }, { configurations });
  const primes = column(map, "beta_prime");
  expect(column(map, "beta")).toEqual([0.3, 0.5]);
  expect(targets!.rows).toBe(200);
  expect(targets!.columns["chain"]).toEqual(configurations.columns["chain"]);
  expect(column(targets, "beta")).toEqual(column(configurations, "beta"));
  const wanted = column(configurations, "beta").map((b) => Math.fround(primes[b === 0.3 ? 0 : 1]!));
  expect(column(targets, "values")).toEqual(wanted);

  const rows = tableOf({ beta: f64 }, { beta: [0.5, 0.3, 0.5] }) as Table;
  const others = await run({}, { configurations: await coarsen(configurations, "majority"), rows });
  const matched = column(others["map"], "beta_prime").map(Math.fround);
  expect(column(others["targets"], "values")).toEqual([matched[1], matched[0], matched[1]]);
  const unknown = tableOf({ beta: f64 }, { beta: [0.4] }) as Table;
  await expect(run({}, { configurations, rows: unknown })).rejects.toThrow(
    "beta 0.4 is not in the map; there is 0.3, 0.5",
  );
});

test("energy-matched says which energy no beta has", async () => {
  const frozen = await sample(4, [3], 50);
  await expect(run({}, { configurations: frozen })).rejects.toThrow(
    /^at beta 3 the mean energy per site is -2\.00000 \+- 0\.0: expected a value from -1\.99995 \(beta' 1\.5\) to 0$/,
  );
});

test("energy-matched takes an energy that noise led out of the range as its end, and warns", async () => {
  // 4 x 4 lattices: energy per site -2 all up, +2 in a checkerboard, -1.5 with one spin turned.
  const up = Array(16).fill(1);
  const board = up.map((_, i) => (i + (i >> 2)) & 1);
  const ensemble = (parts: Record<number, number[][]>) => {
    const rows = Object.entries(parts).flatMap(([beta, rows]) =>
      rows.map((spins) => ({ beta: Number(beta), spins })),
    );
    return tableOf(
      { spins: bits(16), beta: f64 },
      { spins: rows.map(({ spins }) => spins), beta: rows.map(({ beta }) => beta) },
    ) as Table;
  };
  // Mean .2 with an error of 2 / sqrt 19 = .46; below it one within the range.
  const hot = [...Array(11).fill(board), ...Array(9).fill(up)];
  const warm = [...Array(9).fill(board), ...Array(11).fill(up)];
  const configurations = ensemble({ 0: hot, 0.01: hot, 0.02: warm });
  const { outputs, warnings } = await runNode(rgMap, { inputs: { configurations } });
  const map = outputs["map"] as unknown as Table;
  expect(column(map, "beta_prime").slice(0, 2)).toEqual([0, 0]);
  expect(column(map, "beta_prime")[2]).toBeGreaterThan(0);
  for (const i of [0, 1]) {
    expect(column(map, "energy")[i]).toBeCloseTo(0.2, 12);
    // At beta = 0 the energy per site falls by 2 a unit of beta.
    expect(column(map, "beta_prime_se")[i]).toBeCloseTo(column(map, "energy_se")[i]! / 2, 6);
  }
  const message = (betas: string, list: string) =>
    `${betas} a mean energy that no beta' has, by 3 standard errors or less; ` +
    `set to the end of the range: ${list}`;
  expect(warnings).toEqual([
    { code: "energy-clipped", message: message("2 betas have", "0 -> 0, 0.01 -> 0") },
  ]);
  // u(1.5) = -1.99995. One turned spin in 20,000 lattices: a mean lower by its own error.
  const cold = ensemble({ 2: [up.with(3, 0), ...Array(19_999).fill(up)] });
  const frozen = await runNode(rgMap, { inputs: { configurations: cold } });
  expect(column(frozen.outputs["map"] as unknown as Table, "beta_prime")).toEqual([1.5]);
  expect(frozen.warnings.map((one) => one.message)).toEqual([message("1 beta has", "2 -> 1.5")]);
  // Mean 1.2 with an error of .37: beyond 3 errors.
  const wrong = ensemble({ 0: [...Array(16).fill(board), ...Array(4).fill(up)] });
  await expect(run({}, { configurations: wrong })).rejects.toThrow(
    /^at beta 0 the mean energy per site is 1\.20000 \+- 0\.37: expected a value from/,
  );
});

test("energy-matched warns of few configurations, and makes nothing of one", async () => {
  const configurations = await sample(4, [0.3, 0.4], 19);
  const { warnings } = await runNode(rgMap, { inputs: { configurations } });
  expect(warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    "few-configurations: 19 configurations at beta 0.3 and few at 1 more: " +
      "below 20, the blocks of the jackknife, errors are a guess",
  ]);
  await expect(run({}, { configurations: sliceRows(configurations, 18, 38) })).rejects.toThrow(
    "has 1 configuration at beta 0.3: expected 2 or more",
  );
});

test.each([
  [{}, "energy-matched needs the coarse configurations as an input"],
  [{ map: "wilson" }, "must be given where no configurations are connected"],
  [{ map: "wilson", betas: [0.2, 0.2] }, "duplicate beta 0.2"],
  [{ map: "wilson", betas: [Number.POSITIVE_INFINITY] }, "expected a finite number, got Infinity"],
  [{ map: "wilson", betas: [-1] }, "must be >= 0"],
])("rg-map(%j) says %s", async (params, message) => {
  await expect(run(params)).rejects.toThrow(message);
});

test("rg-map takes betas from the configurations alone, and matches an energy once", async () => {
  const configurations = await sample(4, [0.3], 20);
  const params = { map: "wilson", betas: [0.3] };
  await expect(run(params, { configurations })).rejects.toThrow("the configurations have betas");
  await expect(run({ steps: 2 }, { configurations })).rejects.toThrow(
    "energy-matched has one step whatever b, got 2",
  );
});

test("rg-map gives the bytes that it always gave", async () => {
  const matched = await run({}, { configurations: await sample(6, [0.2, 0.4], 60) });
  const closed = await run({ map: "wilson", steps: 2, betas: [0, 0.3, 5] });
  expect([digestOf(matched), digestOf(closed)]).toEqual(["094b71be67a3792b", "2f4d2bfa1ed5ccfd"]);
});
