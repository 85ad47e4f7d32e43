import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { criticalBeta } from "../../src/lattice/exact/plane.ts";
import { isingExact } from "../../src/nodes/ising-exact.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { digestOf } from "./digest.ts";

interface Reference {
  dos: Record<string, Record<string, string>>;
  kaufman: Record<string, Record<string, Record<"lnZ_per_site" | "u" | "c" | "s" | "M", number>>>;
}
const path = new URL("../reference/ising-exact.json", import.meta.url);
const reference = JSON.parse(readFileSync(path, "utf8")) as Reference;
const betas = Object.keys(reference.kaufman);

const run = async (params: object) =>
  (await runNode(isingExact, { params: params as Record<string, unknown> })).outputs as Record<
    string,
    Table
  >;
const column = (table: Table, name: string) =>
  (table.columns as unknown as Record<string, readonly number[]>)[name]!;

test("ising-exact gives the reference's thermodynamics, finite and infinite", async () => {
  for (const size of [4, 16, 64, "infinite"] as const) {
    const { thermodynamics } = await run({ size, betas: betas.map(Number) });
    const key = size === "infinite" ? "inf" : String(size);
    for (const [i, beta] of betas.entries()) {
      const want = reference.kaufman[beta]![key]!;
      expect(column(thermodynamics!, "log_z")[i]).toBeCloseTo(want.lnZ_per_site, 12);
      expect(column(thermodynamics!, "energy")[i]).toBeCloseTo(want.u, 12);
      expect(column(thermodynamics!, "entropy")[i]).toBeCloseTo(want.s, 12);
      const m = column(thermodynamics!, "magnetization")[i];
      if (size !== "infinite") expect(m).toBeNull();
      else if (want.M !== undefined) expect(m).toBeCloseTo(want.M, 12);
    }
  }
});

test("ising-exact leaves the specific heat out where it diverges", async () => {
  const { thermodynamics } = await run({ size: "infinite", betas: [0.4, criticalBeta, 0] });
  const [below, at, zero] = column(thermodynamics!, "specific_heat");
  expect(below).toBeCloseTo(0.8616983568, 9);
  expect(at).toBeNull();
  expect(zero).toBe(0);
  expect(column(thermodynamics!, "energy")[1]).toBeCloseTo(-Math.SQRT2, 13);
});

test("ising-exact gives the critical correlations", async () => {
  const { correlations } = await run({
    ...{ size: "infinite", quantities: ["correlations"], distance: 6 },
  });
  const offsets = [...column(correlations!, "dy")].map((dy, i) => [
    dy,
    column(correlations!, "dx")[i],
  ]);
  expect(offsets.slice(0, 4)).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 1],
  ]);
  const exact = [
    ...[1, Math.SQRT1_2, 0.594715265431, 0.636619772368, 0.540379646092],
    ...[0.489267722364, 0.455647094548, 0.4310722531, 0.41194225211],
  ];
  const g = column(correlations!, "g");
  expect(g).toHaveLength(exact.length);
  for (const [i, value] of exact.entries()) expect(g[i]).toBeCloseTo(value, 11);
});

test("ising-exact counts states, digit for digit", async () => {
  const { density_of_states: density } = await run({ size: 8, quantities: ["density-of-states"] });
  const { energy, states, log_states } = density!.columns as {
    [name: string]: readonly (number | string)[];
  };
  const found = Object.fromEntries([...energy!].map((e, i) => [e, states![i]]));
  const want = Object.entries(reference.dos["8"]!).filter(([, count]) => count !== "0");
  expect(found).toEqual(Object.fromEntries(want));
  expect(found["0"]).toBe("2627978003957146636");
  for (const [i, count] of states!.entries()) {
    expect(log_states![i]).toBeCloseTo(Math.log(Number(count)), 13);
  }
});

test("ising-exact gives several quantities at once, the first one as the main port", async () => {
  const quantities = ["correlations", "thermodynamics"];
  const outputs = await run({ size: "infinite", betas: [0.3], quantities });
  expect(Object.keys(outputs)).toEqual(quantities);
});

test.each([
  [{ size: 8 }, "thermodynamics needs betas"],
  [{ size: 8, betas: [0.1, -0.1] }, "must be >= 0"],
  [{ size: 8, betas: [Number.POSITIVE_INFINITY] }, "expected a finite number >= 0, got Infinity"],
  [{ size: 8, quantities: ["correlations"] }, "correlations needs size infinite, got 8"],
  [
    { size: 7, quantities: ["density-of-states"] },
    "density-of-states needs an even size up to 20, got 7",
  ],
  [
    { size: "infinite", quantities: ["density-of-states"] },
    "density-of-states needs an even size up to 20, got infinite",
  ],
])("ising-exact(%j) says %s", async (params, message) => {
  await expect(run(params)).rejects.toThrow(message);
});

test("ising-exact gives the bytes that it always gave", async () => {
  const finite = {
    size: 6,
    betas: [0, 0.3, 0.44],
    quantities: ["thermodynamics", "density-of-states"],
  };
  const infinite = {
    size: "infinite",
    betas: [0, 0.3, 0.5],
    quantities: ["thermodynamics", "correlations"],
  };
  expect([digestOf(await run(finite)), digestOf(await run(infinite))]).toEqual([
    "0be008fc56abdbb8",
    "5b7c17f03485d99f",
  ]);
});
