import { expect, test } from "vitest";
import { bits, f64, InvalidInput } from "../../src/engine/node-type.ts";
import { countBlocks } from "../../src/nodes/shared/entropy.ts";
import { piecesOf, readSample, type spinColumns } from "../../src/nodes/shared/sample.ts";
import type { Table } from "../../src/table/schema.ts";

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

test("more spins at one beta than an array can hold are an error of the port", () => {
  const all = sample(2 ** 18 + 4, 1);
  expect(() => all.spinsOf(all.betas[0]!.rows)).toThrow(InvalidInput);
});
