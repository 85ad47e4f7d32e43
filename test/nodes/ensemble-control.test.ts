import { expect, test } from "vitest";
import { f64 } from "../../src/engine/node-type.ts";
import { measureSpins, unpackSpins } from "../../src/lattice/spins.ts";
import { ensembleControl } from "../../src/nodes/ensemble-control.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { sliceRows, tableOf } from "../harness/tables.ts";
import { digestOf } from "./digest.ts";
import { isingSampler } from "./ising-sampler.ts";

const kinds = ["infinite-temperature", "shuffled-sites", "mean-field", "global-flip"] as const;
const samples = 4000;
const size = 6;
const sites = size * size;

const original = (
  await runNode(isingSampler, { params: { size, betas: [0.42], samples, seed: 5 } })
).outputs.configurations as Table;

async function control(kind: string, table = original, more: object = {}): Promise<Table> {
  const { outputs } = await runNode(ensembleControl, {
    params: { kind, seed: 9 },
    inputs: { configurations: table as never },
    ...more,
  });
  return outputs["configurations"] as Table;
}

const spinsOf = (table: Table) =>
  unpackSpins(table.columns["spins"] as Uint8Array, sites, 0, table.rows);

/** Mean and standard error over configurations of a function of one. */
function average(table: Table, f: (spins: Int8Array) => number) {
  const spins = spinsOf(table);
  const values = Array.from({ length: table.rows }, (_, i) => {
    return f(spins.subarray(i * sites, (i + 1) * sites));
  });
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares) / values.length };
}
const m = (spins: Int8Array) => spins.reduce((sum, s) => sum + s, 0) / sites;
const m2 = (spins: Int8Array) => m(spins) ** 2;
/** A pair of sites at (1, 0) and one at (3, 2). */
const near = (spins: Int8Array) => spins[0]! * spins[size]!;
const far = (spins: Int8Array) => spins[7]! * spins[4 * size + 3]!;

test.each(kinds)(
  "%s keeps every label, and measures energy and magnetization anew",
  async (kind) => {
    const made = await control(kind);
    expect(made.rows).toBe(samples);
    for (const name of ["beta", "chain", "time"]) {
      expect(made.columns[name]).toEqual(original.columns[name]);
    }
    const measured = measureSpins(made.columns["spins"] as Uint8Array, size, samples);
    expect(made.columns["energy"]).toEqual(measured.energy);
    expect(made.columns["magnetization"]).toEqual(measured.magnetization);
  },
);

test.each(kinds)("%s makes a row from that row alone", async (kind) => {
  const all = await control(kind);
  const chunked = await control(kind, original, { chunkRows: 7 });
  expect(digestOf({ chunked })).toBe(digestOf({ chunked: all }));
  const some = await control(kind, sliceRows(original, 11, 30));
  expect(digestOf({ some })).toBe(digestOf({ some: sliceRows(all, 11, 30) }));
});

test("equal spins of two chains have controls of their own, and another seed has others", async () => {
  const ground = { spins: new Uint8Array(9).fill(255), beta: [1, 1], time: [0, 0] };
  const { spins, beta, chain, time } = original.schema as Record<string, never>;
  const columns = { spins: spins!, beta: beta!, chain: chain!, time: time! };
  const two = tableOf(columns, { ...ground, chain: ["a", "b"] }) as Table;
  const made = spinsOf(await control("infinite-temperature", two));
  expect(made.subarray(0, sites)).not.toEqual(made.subarray(sites));
  const params = { kind: "infinite-temperature", seed: 10 };
  const inputs = { configurations: two as never };
  const other = (await runNode(ensembleControl, { params, inputs })).outputs;
  expect(spinsOf(other["configurations"] as Table)).not.toEqual(made);
});

test("infinite-temperature has fair and independent spins", async () => {
  const made = await control("infinite-temperature");
  // Variances are exact: 1/N of m, 1 of a pair, 2 (N - 1) / N^3 of m^2. Four comparisons at 4 sigma.
  const four = 4 / Math.sqrt(samples);
  expect(Math.abs(average(made, m).mean)).toBeLessThan(four / size);
  expect(Math.abs(average(made, near).mean)).toBeLessThan(four);
  expect(Math.abs(average(made, far).mean)).toBeLessThan(four);
  const spread = Math.sqrt((2 * (sites - 1)) / sites ** 3);
  expect(Math.abs(average(made, m2).mean - 1 / sites)).toBeLessThan(four * spread);
});

test("shuffled-sites keeps every magnetization and forgets distances", async () => {
  const made = await control("shuffled-sites");
  expect(made.columns["magnetization"]).toEqual(original.columns["magnetization"]);
  const squares = average(original, m2).mean;
  const expected = (sites * squares - 1) / (sites - 1);
  // Two comparisons at 4 sigma; the original's own pairs are far off.
  for (const pair of [near, far]) {
    const { mean, error } = average(made, pair);
    expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
  }
  expect(average(original, near).mean - expected).toBeGreaterThan(4 / Math.sqrt(samples));
});

test("mean-field has the input's mean m^2 at every distance", async () => {
  const made = await control("mean-field");
  const squares = average(original, m2).mean;
  for (const pair of [near, far]) {
    const { mean, error } = average(made, pair);
    expect(Math.abs(mean - squares)).toBeLessThan(4 * error);
  }
  // <m'^2> = m^2 + (1 - m^2) / N, row by row, so the two are strongly correlated: 4 sigma of
  // independent samples is wide.
  const { mean, error } = average(made, m2);
  expect(Math.abs(mean - (squares + (1 - squares) / sites))).toBeLessThan(4 * error);
});

test("mean-field leaves the ground states as they are", async () => {
  const columns = { spins: original.schema["spins"]!, beta: f64 };
  const spins = [new Array(sites).fill(1), new Array(sites).fill(0)];
  const ground = tableOf(columns, { spins, beta: [1, 1] }) as Table;
  expect(spinsOf(await control("mean-field", ground))).toEqual(spinsOf(ground));
});

test("global-flip reverses all spins and the sign, and twice is once back", async () => {
  const made = await control("global-flip");
  expect(spinsOf(made)).toEqual(spinsOf(original).map((s) => -s));
  expect(made.columns["energy"]).toEqual(original.columns["energy"]);
  expect(made.columns["sign"]).toEqual((original.columns["sign"] as Int8Array).map((s) => -s));
  expect(digestOf({ x: await control("global-flip", made) })).toBe(digestOf({ x: original }));
});

test("ensemble-control measures square lattices only", async () => {
  const columns = { spins: { ...original.schema["spins"], size: 8, shape: [8] }, energy: f64 };
  const odd = { rows: 0, schema: columns, columns: {} } as unknown as Table;
  await expect(control("global-flip", odd)).rejects.toThrow(
    "expected a square lattice, got shape [8]",
  );
});

test("ensemble-control gives the bytes that it always gave", async () => {
  const digests: Record<string, string> = {};
  for (const kind of kinds) digests[kind] = digestOf({ x: await control(kind) });
  expect(digests).toEqual({
    "infinite-temperature": "f437a76a535a9f96",
    "shuffled-sites": "2415e92e9be1f362",
    "mean-field": "c8f1e039ea7ed7da",
    "global-flip": "79da3d2e2c92db4b",
  });
});
