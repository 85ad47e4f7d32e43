/** `export --spins int8`: the spins as other programs know them. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeChunk } from "../../../src/table/arrow-reader.ts";
import { Space } from "../../harness/space.ts";

const space = new Space();
afterAll(() => space[Symbol.dispose]());
beforeAll(async () => {
  const yaml = `blockspin: 1
name: test
stages:
  lattices: { node: ising-sampler, with: { size: 4, betas: [0.5], samples: 3 } }
  moments: { node: order-parameter, inputs: { configurations: lattices.configurations }, with: { sites: 16 } }
`;
  space.write("p.yaml", yaml);
  expect((await space.run("p.yaml")).code).toBe(0);
});

async function exported(name: string, stage = "lattices.configurations") {
  const args = ["export", "p.yaml", stage, "--spins", "int8", "--out", name];
  return await space.cli(args);
}

/** As the artifact has them. */
async function spins(): Promise<number[][]> {
  const { stdout } = await space.cli(["show", "p.yaml", "lattices.configurations", "--json"]);
  const rows = JSON.parse(stdout) as { spins: number[] }[];
  return rows.map((row) => row.spins.flat().map((bit) => (bit ? 1 : -1)));
}

test("Arrow: a fixed-size list of int8, with its shape", async () => {
  expect((await exported("a.arrow")).code).toBe(0);
  const { schema, columns } = await decodeChunk(readFileSync(space.path("a.arrow")));
  expect(schema["spins"]).toEqual({
    type: "fixed_size_list",
    item: "int8",
    size: 16,
    shape: [4, 4],
  });
  expect([...(columns["spins"] as Int8Array)]).toEqual((await spins()).flat());
  const sums = (await spins()).map((row) => row.reduce((a, b) => a + b));
  expect([...(columns["magnetization"] as Int32Array)]).toEqual(sums);
});

test("NPY: int8, rows first", async () => {
  expect((await exported("a.npy")).code).toBe(0);
  const bytes = readFileSync(space.path("a.npy"));
  expect(bytes.toString("latin1", 10, 128)).toContain(
    "'descr': '|i1', 'fortran_order': False, 'shape': (3, 4, 4)",
  );
  expect([...new Int8Array(bytes.subarray(128))]).toEqual((await spins()).flat());
});

test("Parquet: a list of numbers", async () => {
  expect((await exported("a.parquet")).code).toBe(0);
  const { parquetReadObjects } = await import("hyparquet");
  const bytes = readFileSync(space.path("a.parquet"));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const rows = (await parquetReadObjects({ file: file as ArrayBuffer })) as { spins: number[] }[];
  expect(rows.map((row) => [...row.spins])).toEqual(await spins());
});

test("a table without spins is an error", async () => {
  const { code, stderr } = await exported("b.arrow", "moments.by_beta");
  expect([code, stderr]).toEqual([2, "error: no column holds spins\n  = leave out --spins int8\n"]);
});
