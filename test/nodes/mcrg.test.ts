/** Seeds were chosen before the first run. */
import { expect, test } from "vitest";
import { bits, f64 } from "../../src/engine/node-type.ts";
import { decimator } from "../../src/nodes/decimator.ts";
import { mcrg } from "../../src/nodes/mcrg/index.ts";
import { modelApply } from "../../src/nodes/model-apply.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { concatenate, sliceRows } from "../harness/tables.ts";
import { dense } from "../learn/networks.ts";
import { digestOf } from "./digest.ts";
import { isingSampler } from "./ising-sampler.ts";
import { tableOfModel } from "./models.ts";

/** The last bit below the shipped constant: the digests below were pinned at this beta. */
const criticalBeta = 0.44068679350977147;

async function sample(size: number, samples: number, more: object = {}): Promise<Table> {
  const params = { size, betas: [criticalBeta], samples, chains: 16, seed: 31, ...more };
  return (await runNode(isingSampler, { params })).outputs.configurations as Table;
}
const run = (params: object, inputs: Record<string, Table>) =>
  runNode(mcrg, { params: { ...params }, inputs: inputs as never });

/** The row of a result: y, its error, and the rest. */
function pick(table: Table, exponent: string, step: number, couplings: number) {
  const cells = table.columns as unknown as Record<string, ArrayLike<number | string>>;
  const row = Array.from({ length: table.rows }).findIndex(
    (_, i) =>
      cells["exponent"]![i] === exponent &&
      cells["step"]![i] === step &&
      cells["couplings"]![i] === couplings,
  );
  return { row, y: Number(cells["y"]![row]), se: Number(cells["y_se"]![row]) };
}

const sixteen = await sample(16, 24_000);

test("mcrg by majority agrees with published exponents of L = 16", async () => {
  const { exponents } = (await run({ steps: 2 }, { configurations: sixteen })).outputs;
  // 150,000 configurations; digits in brackets are errors of the last.
  const published = [
    ["y_t", 1, 1, 0.899, 0.002],
    ["y_t", 1, 3, 0.969, 0.001],
    ["y_t", 2, 1, 0.934, 0.003],
    ["y_t", 2, 3, 0.995, 0.004],
    ["y_h", 1, 1, 1.8795, 0.0002],
    ["y_h", 1, 2, 1.88, 0.0002],
    ["y_h", 2, 1, 1.872, 0.0002],
    ["y_h", 2, 2, 1.8749, 0.0002],
  ] as const;
  for (const [exponent, step, couplings, value, error] of published) {
    const { y, se } = pick(exponents, exponent, step, couplings);
    // Eight comparisons at 4.6 errors, mostly ours (t, 19 degrees of freedom): 2e-3. The published
    // errors come from correlated samples and are doubled.
    const tolerance = 4.6 * Math.hypot(se, 2 * error);
    expect(Math.abs(y - value), `${exponent} ${step} ${couplings}`).toBeLessThan(tolerance);
    expect(se).toBeLessThan(exponent === "y_t" ? 0.015 : 0.0015);
    expect(se).toBeGreaterThan(exponent === "y_t" ? 0.002 : 0.0002);
  }
});

test("mcrg by decimation drifts away from y_T = 1 and keeps y_h near 2", async () => {
  const params = { rule: "decimation", steps: 2 };
  const { exponents } = (await run(params, { configurations: sixteen })).outputs;
  const [first, second] = [1, 2].map((step) => pick(exponents, "y_t", step, 1));
  expect(first!.y - second!.y).toBeGreaterThan(5 * Math.hypot(first!.se, second!.se));
  expect(1 - second!.y).toBeGreaterThan(0.1 + 5 * second!.se);
  const field = pick(exponents, "y_h", 1, 1);
  expect(field.y - 15 / 8).toBeGreaterThan(0.05 + 5 * field.se);
  expect(field.y).toBeLessThan(2 + 5 * field.se);
});

test("mcrg reads a coarse ensemble as it makes one itself", async () => {
  const configurations = sliceRows(sixteen, 0, 400);
  const inputs = { configurations: configurations as never };
  const coarse = (await runNode(decimator, { params: { factor: 2 }, inputs })).outputs;
  const given = await run({}, { configurations, coarse: coarse["configurations"] as Table });
  const made = await run({ rule: "decimation" }, { configurations });
  expect(digestOf({ x: given.outputs.exponents })).toBe(digestOf({ x: made.outputs.exponents }));
});

/** Applies what one weight per site of a 2 x 2 block makes of the lattices, through model-apply. */
async function encoded(configurations: Table, block: readonly number[]) {
  const code = dense("code", 256, 64);
  code.bias.fill(0);
  code.kernel.fill(0);
  for (let unit = 0; unit < 64; unit++) {
    const first = 32 * Math.floor(unit / 8) + 2 * (unit % 8);
    for (const [i, w] of block.entries()) {
      code.kernel[256 * unit + first + 16 * (i >> 1) + (i & 1)] = w;
    }
  }
  const model = tableOfModel({ layers: [code], loss: "mse", chains: ["of the training"] });
  return (await runNode(modelApply, { inputs: { configurations, model } })).outputs.code;
}

test("mcrg of an encoder that does what a rule does gives the rule's exponents", async () => {
  const configurations = sliceRows(sixteen, 0, 400);
  const measured = async (params: object, coarse?: Table) => {
    const inputs = { configurations, ...(coarse && { coarse }) };
    return digestOf({ x: (await run(params, inputs)).outputs.exponents });
  };
  const decimation = await measured({ rule: "decimation" });
  expect(await measured({}, await encoded(configurations, [1, 0, 0, 0]))).toBe(decimation);
  // The first site outvotes the others where two stand against two.
  const majority = await measured({ tie: "top-left" });
  expect(await measured({}, await encoded(configurations, [0.15, 0.1, 0.1, 0.1]))).toBe(majority);
  expect(majority).not.toBe(decimation);
  // The test is sharp: another site of the block is another rule.
  const other = await measured({}, await encoded(configurations, [0, 1, 0, 0]));
  expect(other).not.toBe(decimation);
});

test("a row's ties do not depend on the other rows", async () => {
  // Sums over configurations are whole numbers: whatever the order of the rows, the eigenvalues are
  // the same to the last bit, if every row has the same block spins.
  const some = sliceRows(sixteen, 0, 300);
  const turned = concatenate(some.schema, [sliceRows(some, 101, 300), sliceRows(some, 0, 101)]);
  const values = async (configurations: Table, params: object = {}) => {
    const { eigenvalue } = (await run({ steps: 2, ...params }, { configurations })).outputs
      .exponents.columns;
    return [...eigenvalue];
  };
  const found = await values(some);
  expect(await values(turned)).toEqual(found);
  expect(await values(some, { seed: 2 })).not.toEqual(found);
});

test("mcrg treats every beta alone, and lists every number of couplings", async () => {
  const two = await sample(8, 300, { betas: [0.3, 0.5] });
  const both = (await run({}, { configurations: two })).outputs.exponents;
  const one = (await run({}, { configurations: sliceRows(two, 300, 600) })).outputs.exponents;
  expect(both.rows).toBe(22);
  expect(digestOf({ x: sliceRows(both, 11, 22) })).toBe(digestOf({ x: one }));
  const { beta, exponent, couplings, size, configurations } = both.columns;
  expect([...beta.slice(0, 12)]).toEqual([...new Array(11).fill(0.3), 0.5]);
  expect([...couplings.slice(0, 11)]).toEqual([1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4]);
  expect(exponent.slice(5, 9)).toEqual(["y_t", "y_t", "y_h", "y_h"]);
  expect([size[0], configurations[0]]).toEqual([4, 300]);
});

test("mcrg gives no exponent where T cannot be found", async () => {
  // All up: no operator ever varies.
  const frozen = await sample(8, 100, { betas: [4], start: "cold", symmetrize: false });
  const { y, y_se, eigenvalue } = (await run({}, { configurations: frozen })).outputs.exponents
    .columns;
  expect(y).toEqual(new Array(11).fill(null));
  expect(y_se).toEqual(y);
  expect(eigenvalue).toEqual(y);
});

test("mcrg warns of ties that tell up from down", async () => {
  const configurations = sliceRows(sixteen, 0, 100);
  const { warnings } = await run({ tie: "up" }, { configurations });
  expect(warnings).toEqual([
    {
      code: "tie-breaks-symmetry",
      message: 'tie "up" tells up from down: even and odd operators then mix',
    },
  ]);
  expect((await run({}, { configurations })).warnings).toEqual([]);
});

const rows = (table: Table, size: number): Table => ({
  ...table,
  schema: { ...table.schema, spins: bits(size * size) },
});

test("mcrg says what does not fit", async () => {
  const configurations = sliceRows(sixteen, 0, 100);
  const few = sliceRows(sixteen, 0, 99);
  const fails = async (params: object, inputs: Record<string, Table>, message: string) =>
    expect(run(params, inputs)).rejects.toThrow(message);
  await fails({ factor: 3 }, { configurations }, "3 does not divide 16");
  await fails(
    { steps: 3 },
    { configurations },
    "3 would leave 2 sites a side of 16: expected at least 4",
  );
  await fails(
    {},
    { configurations: few },
    `99 configurations at beta ${criticalBeta}: expected 100`,
  );
  const coarse = sliceRows(await sample(8, 100), 0, 100);
  await fails(
    { steps: 2 },
    { configurations, coarse },
    "must be 1 where coarse is connected, got 2",
  );
  await fails(
    {},
    { configurations, coarse: rows(coarse, 3) },
    "3 sites a side for 16: expected fewer",
  );
  await fails(
    {},
    { configurations, coarse: configurations },
    "16 sites a side for 16: expected fewer",
  );
  const short = sliceRows(coarse, 0, 50);
  await fails(
    {},
    { configurations, coarse: short },
    "the coarse lattices have 50 rows, but the configurations have 100",
  );
  const columns = { ...coarse.columns, beta: new Float64Array(100).fill(0.3) };
  const other = { ...coarse, columns, schema: { ...coarse.schema, beta: f64 } } as Table;
  const message = "in row 0 the coarse lattices have beta 0.3, but the configurations 0.44";
  await fails({}, { configurations, coarse: other }, message);
});

test("mcrg gives the bytes that it always gave", async () => {
  const configurations = await sample(12, 200);
  const { outputs } = await run({ factor: 3 }, { configurations });
  const majority = await run({ blocks: 7 }, { configurations });
  expect([digestOf(outputs as never), digestOf(majority.outputs as never)]).toEqual([
    "e11a383e2f1b5f21",
    "1b521c7143a87baf",
  ]);
});
