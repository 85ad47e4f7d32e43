import { expect, test } from "vitest";
import {
  type AmbiguousRows,
  type MetricColumns,
  observe,
  type Source,
} from "../../src/compare/observations.ts";
import { Store } from "../../src/store/store.ts";
import { writeArtifact } from "../../src/store/tables.ts";
import type { Batch, Columns } from "../../src/table/schema.ts";
import { Space } from "../harness/space.ts";

const schema: Columns = {
  layer: { type: "utf8" },
  beta: { type: "float64" },
  step: { type: "int64" },
  x: { type: "float64", nullable: true },
  flag: { type: "bool" },
};
const rows: Batch = {
  layer: ["code", "code", "image", "image"],
  beta: [0.4, 0.5, 0.4, 0.5],
  step: [1n, 2n, 1n, 2n],
  x: [1, 2, 3, null],
  flag: [true, false, true, false],
};

async function read(space: Space, metric: Partial<MetricColumns>) {
  const store = Store.open(space.path("cache"));
  store.prepare();
  const artifact = await writeArtifact(store, schema, [rows]);
  const source: Source = { id: "m[rule=a,seed=7]", coordinate: { rule: "a", seed: 7 }, artifact };
  const whole = { column: "x", where: [], by: [], over: "seed", ...metric };
  const { observations } = await observe(store, [source], whole);
  return observations.map(({ coordinate, unit, value }) => [coordinate, unit, value]);
}

const one = (name: string, value: string | number | boolean) => ({
  ...{ name, values: [value], keeps: false },
});

test("observe() selects by columns and axes: one value removes, a list keeps", async () => {
  using space = new Space();
  expect(await read(space, { where: [one("layer", "code"), one("beta", 0.5)] })).toEqual([
    [{ rule: "a" }, 7, 2],
  ]);
  const betas = { name: "beta", values: [0.4, 0.5], keeps: true };
  expect(await read(space, { where: [one("layer", "code"), one("rule", "a"), betas] })).toEqual([
    [{ beta: 0.4 }, 7, 1],
    [{ beta: 0.5 }, 7, 2],
  ]);
  expect(await read(space, { where: [one("rule", "b")] })).toEqual([]);
});

test("observe() separates rows by columns; a null is not a number", async () => {
  using space = new Space();
  const where = [one("layer", "image")];
  expect(await read(space, { where, by: ["step"] })).toEqual([
    [{ rule: "a", step: 1 }, 7, 3],
    [{ rule: "a", step: 2 }, 7, Number.NaN],
  ]);
  expect(await read(space, { where: [one("flag", true), one("layer", "code")] })).toEqual([
    [{ rule: "a" }, 7, 1],
  ]);
});

test("observe() takes a column for the units as well as an axis", async () => {
  using space = new Space();
  expect(await read(space, { where: [one("layer", "code")], over: "step" })).toEqual([
    [{ rule: "a", seed: 7 }, 1, 1],
    [{ rule: "a", seed: 7 }, 2, 2],
  ]);
});

test("observe() refuses rows that nothing separates, and names the columns that would", async () => {
  using space = new Space();
  const wrong = read(space, { where: [one("layer", "code")] });
  await expect(wrong).rejects.toMatchObject({
    message: "several rows of m[rule=a,seed=7] are one observation",
    columns: ["beta", "step", "flag"],
  } satisfies Partial<AmbiguousRows>);
});

test("observe() names the sources whose bytes are gone", async () => {
  using space = new Space();
  const store = Store.open(space.path("cache"));
  store.prepare();
  const artifact = await writeArtifact(store, schema, [rows]);
  for (const { digest } of artifact.chunks) space.removePath(store.objectPath(digest));
  const source: Source = { id: "m", coordinate: {}, artifact };
  const metric = { column: "x", where: [], by: [], over: undefined };
  expect(await observe(store, [source], metric)).toEqual({ observations: [], missing: ["m"] });
});
