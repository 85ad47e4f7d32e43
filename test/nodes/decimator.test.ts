import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Table } from "../../src/engine/node-type.ts";
import { bits, f64, i32, utf8, vector } from "../../src/engine/node-type.ts";
import { packSpins, unpackSpins } from "../../src/lattice/spins.ts";
import { decimator } from "../../src/nodes/decimator.ts";
import { runNode } from "../harness/run-node.ts";
import { concatenate, sliceRows, tableOf } from "../harness/tables.ts";
import { decimate } from "../lattice/sites.ts";
import { isingSampler } from "./ising-sampler.ts";

type Params = Readonly<Record<string, unknown>>;

const { outputs } = await runNode(isingSampler, {
  params: { size: 12, betas: [0.3, 0.45], samples: 30, chains: 4, burn_in: 20 },
});
const lattices: Table = outputs.configurations;

async function coarsen(params: Params, configurations = lattices, chunkRows = 1e9) {
  return (await runNode(decimator, { params, inputs: { configurations }, chunkRows })).outputs
    .configurations;
}

const rules = [
  { rule: "decimation", offset: [1, 2] },
  { rule: "majority" },
  { rule: "majority", tie: "top-left", steps: 2 },
  { rule: "average", factor: 3 },
  { rule: "sqrt-2", steps: 2 },
];

test("every output row depends on its input row alone", async () => {
  for (const params of rules) {
    const all = await coarsen(params);
    expect(await coarsen(params, lattices, 7)).toEqual(all);
    // Rows 50 to 60 and 3 to 9, in that order.
    const picked = [sliceRows(lattices, 50, 60), sliceRows(lattices, 3, 9)];
    const some = await coarsen(params, concatenate(lattices.schema, picked));
    const expected = [sliceRows(all, 50, 60), sliceRows(all, 3, 9)];
    expect(some).toEqual(concatenate(all.schema, expected));
  }
});

test("columns are carried over except those that coarse-graining makes untrue", async () => {
  const coarse = await coarsen({ rule: "majority" });
  expect(coarse.schema).toEqual({
    spins: bits(36, [6, 6]),
    beta: f64,
    chain: utf8,
    time: i32,
    sign: { type: "int8" },
  });
  for (const name of ["beta", "chain", "time", "sign"]) {
    expect(coarse.columns[name]).toEqual(lattices.columns[name]);
  }
  const averages = await coarsen({ rule: "average", factor: 4 });
  expect(averages.schema["values"]).toEqual(vector("float32", 9, [3, 3]));
  expect(averages.schema["spins"]).toBeUndefined();
});

test("decimation keeps the first spin of every block, from the offset on", async () => {
  const fine = unpackSpins(lattices.columns["spins"] as Uint8Array, 144, 0, 60);
  const coarse = await coarsen({ rule: "decimation", factor: 3, offset: [2, 5] });
  const spins = unpackSpins(coarse.columns["spins"] as Uint8Array, 16, 0, 60);
  for (let i = 0; i < spins.length; i++) {
    const [row, y, x] = [Math.floor(i / 16), Math.floor((i % 16) / 4), i % 4];
    const at = ((3 * y + 2) % 12) * 12 + ((3 * x + 5) % 12);
    expect(spins[i]).toBe(fine[144 * row + at]);
  }
});

test("several steps are several decimators in a row, and sqrt-2 twice is decimation by 2", async () => {
  const once = await coarsen({ rule: "decimation" });
  const twice = await coarsen({ rule: "decimation" }, once);
  expect(await coarsen({ rule: "decimation", steps: 2 })).toEqual(twice);
  expect(await coarsen({ rule: "sqrt-2", steps: 2 })).toEqual(once);
  expect(await coarsen({ rule: "sqrt-2", steps: 4 })).toEqual(twice);
  const average = await coarsen({ rule: "average", steps: 2 });
  expect(average).toEqual(await coarsen({ rule: "average", factor: 4 }));
  const block = unpackSpins(lattices.columns["spins"] as Uint8Array, 144, 0, 1);
  const corner = [0, 1, 2, 3].flatMap((y) => [...block.subarray(12 * y, 12 * y + 4)]);
  expect((average.columns["values"] as Float32Array)[0]).toBe(
    corner.reduce((sum, s) => sum + s, 0) / 16,
  );
});

test("random ties depend on the seed, on the chain and on the time, and on nothing else", async () => {
  // Columns of alternating spins: every block of 2x2 ties.
  const size = 8;
  const stripes = packSpins(Int8Array.from({ length: 64 * 6 }, (_, i) => (i % 2 ? 1 : -1)));
  const schema = { spins: bits(64, [size, size]), chain: utf8, time: i32, label: f64 };
  const rows = tableOf(schema, {
    spins: stripes,
    chain: ["a", "a", "b", "b", "a", "a"],
    time: [0, 1, 0, 1, 0, 0],
    label: [1, 2, 3, 4, 5, 6],
  });
  const ties = async (params: Params, table: Table = rows) => {
    const { columns } = await coarsen({ rule: "majority", ...params }, table);
    const bytes = columns["spins"] as Uint8Array;
    return [0, 1, 2, 3, 4, 5].map((i) =>
      Buffer.from(bytes.subarray(2 * i, 2 * i + 2)).toString("hex"),
    );
  };
  const one = await ties({});
  expect(new Set(one.slice(0, 4)).size).toBe(4);
  expect(one.slice(4)).toEqual([one[0], one[0]]);
  expect(await ties({ seed: [1] })).toEqual(one);
  const two = await ties({ seed: 2 });
  expect(new Set([...one, ...two]).size).toBe(8);
  // Without such columns, the spins name the row.
  const bare = await ties({}, tableOf({ spins: schema.spins }, { spins: stripes }));
  expect(new Set(bare).size).toBe(1);
});

test("ties that break a symmetry warn", async () => {
  const warnings = async (params: Params) =>
    (await runNode(decimator, { params, inputs: { configurations: lattices } })).warnings;
  expect(await warnings({ rule: "majority", tie: "up" })).toEqual([
    { code: "tie-breaks-symmetry", message: 'tie "up" breaks the symmetry between up and down' },
  ]);
  expect(await warnings({ rule: "majority" })).toEqual([]);
  expect(await warnings({ rule: "decimation", tie: "up" })).toEqual([]);
});

test("parameters and inputs that do not fit are located errors", async () => {
  const refuse = (params: Params, table: Table = lattices) =>
    expect(coarsen(params, table)).rejects;
  await refuse({ factor: 5 }).toMatchObject({
    path: "factor",
    message: "5 does not divide 12",
  });
  await refuse({ steps: 3 }).toMatchObject({
    path: "factor",
    message: "2 does not divide 3 (the size after 2 steps)",
  });
  await refuse({ rule: "sqrt-2" }).toMatchObject({
    path: "steps",
    message: "must be even for the sqrt-2 rule, got 1",
  });
  await refuse({ offset: [0, 12] }).toMatchObject({
    path: "offset.1",
    message: "expected less than 12, got 12",
  });
  const wide = tableOf({ spins: bits(16, [2, 8]) }, { spins: new Uint8Array(2) });
  await refuse({}, wide).toMatchObject({
    port: "configurations",
    message: "expected a square lattice, got shape [2, 8]",
  });
  const odd = tableOf({ spins: bits(8) }, { spins: new Uint8Array(1) });
  await refuse({}, odd).toMatchObject({ message: "expected a square lattice, got 8 sites" });
});

test("lattices whose rows are not byte aligned come out as the kernel has them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 108, maxLength: 108 }), async (list) => {
      const spins = Int8Array.from(list, (up) => (up ? 1 : -1));
      const table = tableOf({ spins: bits(36) }, { spins: packSpins(spins) });
      const coarse = await coarsen({}, table, 2);
      expect(coarse.columns["spins"]).toEqual(packSpins(decimate(spins, 6, 2)));
    }),
    { seed: 1, numRuns: 30 },
  );
});

test("the same input gives the same bits everywhere (pinned)", async () => {
  const hash = createHash("sha256");
  for (const params of rules) {
    const { columns } = await coarsen(params);
    hash.update((columns["spins"] ?? columns["values"]) as Uint8Array);
  }
  expect(hash.digest("hex")).toMatchInlineSnapshot(
    `"fc76363b6b7729e6757ecfc535975b290928ea7597825b99d86bcc2667247f3c"`,
  );
});
