/** Parameters and data at their ends: a number that is right, or an error that says where. */
import { expect, test } from "vitest";
import {
  type AnyNodeType,
  bits,
  f64,
  InvalidInput,
  InvalidParam,
  vector,
} from "../../src/engine/node-type.ts";
import { nodeTypes } from "../../src/nodes/index.ts";
import type { Batch, Columns, Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { configurations } from "./configurations.ts";

const types = new Map<string, AnyNodeType>(nodeTypes.map((type) => [type.type, type]));
const run = async (type: string, params: object, inputs: Readonly<Record<string, Table>> = {}) =>
  (await runNode(types.get(type)!, { params: { ...params }, inputs })).outputs as unknown as Record<
    string,
    Table
  >;
const made = (columns: Columns, batch: Batch) => tableOf(columns, batch) as Table;
const cells = (table: Table | undefined, name: string) =>
  Array.from(table!.columns[name as never] as ArrayLike<number | null>);

test("ising-exact has numbers up to the largest beta whose ln Z is one", async () => {
  const betas = [400, 1e6, 1e300];
  for (const size of [2, 16, 4096, "infinite"]) {
    const { thermodynamics } = await run("ising-exact", { size, betas });
    expect(cells(thermodynamics, "specific_heat")).toEqual([0, 0, 0]);
    expect(cells(thermodynamics, "energy")).toEqual([-2, -2, -2]);
    const perSite = size === "infinite" ? 0 : Math.LN2 / Number(size) ** 2;
    expect(cells(thermodynamics, "entropy")).toEqual([perSite, perSite, perSite]);
    expect(cells(thermodynamics, "log_z")).toEqual([800 + perSite, 2e6 + perSite, 2e300]);
  }
  await expect(run("ising-exact", { size: 4, betas: [0, 1.5e308] })).rejects.toEqual(
    new InvalidParam("betas.1", "is 1.5e+308, at which ln Z exceeds what float64 holds"),
  );
});

test("rg-map refuses steps that lead beyond all numbers", async () => {
  const { map } = await run("rg-map", { map: "wilson", betas: [300, 1e300] });
  expect(cells(map, "beta_prime").every(Number.isFinite)).toBe(true);
  for (const params of [{ betas: [1e308] }, { betas: [0.9], steps: 5000 }]) {
    await expect(run("rg-map", { map: "wilson", ...params })).rejects.toThrow(
      /steps? take beta .* or the scale beyond what float64 holds/,
    );
  }
});

test("thermometer needs a model or a lattice", async () => {
  const given = made(
    { values: vector("float32", 3), beta: f64 },
    { values: [[1, 2, 3]], beta: [1] },
  );
  await expect(run("thermometer", {}, { configurations: given })).rejects.toEqual(
    new InvalidInput(
      "configurations",
      "expected a square lattice where no model is connected, got 3 numbers",
    ),
  );
  const column = { column: "beta" };
  await expect(run("thermometer", column, { configurations: given })).rejects.toEqual(
    new InvalidParam(
      "column",
      '"beta": expected a square lattice where no model is connected, got 1 number',
    ),
  );
});

test("thermometer knows no bound where the energy never varies", async () => {
  const up = (beta: number) =>
    made(
      { spins: bits(16, [4, 4]), beta: f64 },
      { spins: [1, 1].map(() => new Array(16).fill(1)), beta: [beta, beta] },
    );
  const { by_beta, summary } = await run("thermometer", {}, { configurations: up(500) });
  for (const table of [by_beta, summary]) expect(cells(table, "cramer_rao")).toEqual([null]);
  expect(cells(summary, "ratio")).toEqual([null]);
  await expect(run("thermometer", {}, { configurations: up(1e308) })).rejects.toThrow(
    "at beta 1e+308 the energy reads",
  );
});

test("compression and rate-distortion refuse streams that are all overhead", async () => {
  const few = configurations({ samples: 1 });
  await expect(run("compression", {}, { configurations: few })).rejects.toEqual(
    new InvalidInput("configurations", "has too few bits at beta 0.2 to be compressed: 16"),
  );
  const { model } = await run("pca", { units: 1 }, { x: few });
  const inputs = { configurations: few, model: model! };
  await expect(run("rate-distortion", { allow_training_chains: true }, inputs)).rejects.toEqual(
    new InvalidInput("configurations", "has too few bits at beta 0.2 to be compressed: 1"),
  );
});

test("order-parameter refuses numbers whose squares are none", async () => {
  const given = made({ z: f64, beta: f64 }, { z: [1, 2, 3], beta: [1, 1, 1] });
  const params = { column: "z", sites: 4 };
  for (const divide of [5e-324, 1e-200]) {
    await expect(
      run("order-parameter", { ...params, divide }, { configurations: given }),
    ).rejects.toEqual(
      new InvalidInput(
        "configurations",
        'has at beta 1 numbers whose squares float64 cannot hold: see "divide"',
      ),
    );
  }
});

test("pca finds the one component of two configurations, whatever is left is rounding", async () => {
  const rows = configurations({ side: 8, samples: 2, betas: [0.3] });
  const { components } = await run("pca", { units: 4 }, { x: rows });
  const [first, ...rest] = cells(components, "share") as number[];
  expect(first).toBeCloseTo(1, 14);
  expect(Math.max(...rest)).toBeLessThan(1e-15);
});

test.each([
  ["model-trainer", { layers: [{ dense: 2 }, { dense: "x" }], optimizer: { sgd: 1e30 } }],
  ["model-trainer", { layers: [{ dense: "x", l2: 1.7e308 }] }],
  ["rbm-trainer", { units: 2, deviation: 1e300 }],
])("%s fails with a sentence where training diverges, not with a stack", async (type, params) => {
  const given = { ...params, epochs: 3, batch: 4 };
  await expect(run(type, given, { x: configurations() })).rejects.toMatchObject({
    name: "ActionError",
    message: expect.stringContaining("the training diverged: in epoch"),
  });
});
