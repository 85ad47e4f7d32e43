import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bits, f64, type Input, InvalidInput, utf8 } from "../../src/engine/node-type.ts";
import { openInput } from "../../src/engine/run/input.ts";
import { countBlocks } from "../../src/nodes/shared/entropy.ts";
import {
  openSample,
  piecesOf,
  readSample,
  type spinColumns,
} from "../../src/nodes/shared/sample.ts";
import { createGenerator } from "../../src/random/index.ts";
import { concatArtifacts } from "../../src/store/artifacts.ts";
import { Store } from "../../src/store/store.ts";
import { writeArtifact } from "../../src/store/tables.ts";
import type { Table } from "../../src/table/schema.ts";
import { sliceTable } from "../../src/table/slice.ts";
import { tableOf } from "../harness/tables.ts";

const side = 128;
const sites = side * side;

/** Rows that are all down, but for the last one, which is up. */
function sample(rows: number, betas: number) {
  const spins = new Uint8Array((rows * sites) / 8);
  spins.fill(255, spins.length - sites / 8);
  const beta = Float64Array.from({ length: rows }, (_, row) => row % betas);
  const schema = { spins: bits(sites, [side, side]), beta: f64 };
  const table = { rows, schema, columns: { spins, beta } } as Table;
  return readSample(table as Table<typeof spinColumns>, []);
}

test("a sample of more than 2^32 spins is read a few configurations at a time", () => {
  const rows = 2 ** 18 + 4;
  const all = sample(rows, 2 ** 16);
  const { rows: last } = all.betas.find(({ value }) => value === (rows - 1) % 2 ** 16)!;
  expect([...last].at(-1)).toBe(rows - 1);
  const pieces = [...piecesOf(all, last)];
  expect(pieces.reduce((sum, { rows: some }) => sum + some, 0)).toBe(last.length);
  expect([...all.spinsOf(last)].filter((spin) => spin === 1)).toHaveLength(sites);
  const settings = { name: "pattern2x2", correction: "plugin" } as const;
  const { blocks } = countBlocks(all, settings, last, [0, last.length - 1, last.length]);
  expect([blocks[0]![0], blocks[1]![15]]).toEqual([(last.length - 1) * sites, sites]);
});

// From Node 22 on, an array can hold more than a machine has.
const hasLimit = process.versions.node.startsWith("20.");

test.runIf(hasLimit)(
  "more spins at one beta than an array can hold are an error of the port",
  () => {
    const all = sample(2 ** 18 + 4, 1);
    expect(() => all.spinsOf(all.betas[0]!.rows)).toThrow(InvalidInput);
  },
);

test("openSample() reads the rows of several inputs from their chunks, in any order", async () => {
  // Rows of 9 bits, so that no chunk but the first begins at a byte; three seeds were collected.
  const columns = { spins: bits(9, [3, 3]), beta: f64, chain: utf8 };
  const random = createGenerator(BigUint64Array.of(1n, 2n, 3n, 4n));
  const members = [5, 70, 3].map((rows, i) => ({
    coordinate: { seed: i + 1 },
    table: tableOf(columns, {
      spins: Array.from({ length: rows }, () => Array.from({ length: 9 }, () => random.below(2))),
      beta: Array.from({ length: rows }, () => random.below(2)),
      chain: Array.from({ length: rows }, (_, row) => `chain ${row % 2} of ${i}`),
    }),
  }));
  const folder = mkdtempSync(join(tmpdir(), "blockspin-sample-"));
  try {
    const store = Store.open(folder);
    const written = [];
    for (const { coordinate, table } of members) {
      // Parts, as a node type that splits gives them.
      const cut = Math.floor(table.rows / 2);
      const parts = [sliceTable(table, 0, cut), sliceTable(table, cut, table.rows)];
      const artifacts = [];
      for (const part of parts) artifacts.push(await writeArtifact(store, columns, [part]));
      written.push({ coordinate, artifact: concatArtifacts(columns, artifacts) });
    }
    const input = openInput({ axes: ["seed"], members: written }, store);
    const opened = await openSample(input as unknown as Input<typeof spinColumns>);
    const whole = (await input.table()) as Table<typeof spinColumns>;
    const expected = readSample(whole, ["seed"]);
    expect(opened.sample.betas).toEqual(expected.betas);
    expect(opened.sample.chains).toEqual(expected.chains);
    expect(opened.table.columns.beta).toEqual(whole.columns.beta);
    for (const { rows } of expected.betas) {
      expect(opened.sample.spinsOf(rows)).toEqual(expected.spinsOf(rows));
    }
    for (const rows of [[77, 0, 5, 4, 6, 7, 8, 76], [40, 41, 42], []]) {
      expect(opened.sample.spinsOf(rows)).toEqual(expected.spinsOf(rows));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
