import { expect, test } from "vitest";
import { bits, f64, vector } from "../../src/engine/node-type.ts";
import { packSpins } from "../../src/lattice/spins.ts";
import { correlation } from "../../src/nodes/correlation.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { decimate, drawExactly, exactValues } from "../lattice/exact-ensembles.ts";
import { digestOf } from "./digest.ts";

const betas = [0.3, 0.4406867935097715];
const n = 1000;
const draws = betas.flatMap((beta) => {
  const stream = { nodeType: "test", purpose: "draws", seed: 1, parts: [beta] };
  return drawExactly(6, beta, n, createGenerator(streamSeed(stream)));
});
const beta = Float64Array.from(draws, (_, i) => betas[Math.floor(i / n)]!);

function lattices(rows: readonly Int8Array[], at: ArrayLike<number> = beta) {
  const spins = packSpins(rows.flatMap((spins) => [...spins]));
  return tableOf({ spins: bits(rows[0]!.length), beta: f64 }, { spins, beta: Array.from(at) });
}
const configurations = lattices(draws);
const coarse = lattices(draws.map((spins) => decimate(spins, 6)));
const column = (table: { columns: object } | undefined, name: string) =>
  Array.from((table!.columns as Record<string, ArrayLike<number>>)[name]!);

test("two_point is G(r) of the 6x6 torus within four of its own errors", async () => {
  const { outputs } = await runNode(correlation, {
    inputs: { configurations },
    params: { lags: "plane" },
  });
  const [b, dy, dx] = ["beta", "dy", "dx"].map((name) => column(outputs["two_point"], name));
  const [g, se] = ["g", "g_se"].map((name) => column(outputs["two_point"], name));
  // 2 betas x 5 displacements, errors from 20 blocks: t with 19 degrees of freedom exceeds 4.2 in
  // 5e-4 of cases, so a false alarm in 5e-3 of all seeds.
  for (const at of betas) {
    for (const [y, x, name] of [
      [0, 1, "G10"],
      [1, 1, "G11"],
      [0, 2, "G20"],
      [1, 2, "G21"],
      [0, 3, "G30"],
    ] as const) {
      const i = b!.findIndex((_, k) => b![k] === at && dy![k] === y && dx![k] === x);
      expect(Math.abs(g![i]! - exactValues[`L=6 beta=${at}`]![name]!)).toBeLessThan(4.2 * se![i]!);
      // Independent draws: the error of 1000 means of 36 products is near the largest possible / sqrt n.
      expect(se![i]).toBeLessThan(2 / Math.sqrt(n));
    }
  }
});

test("g_connected is g less the squared mean spin", async () => {
  const up = [1, 1, 1, -1].map((s) => Int8Array.of(s, 1, 1, 1));
  const { outputs } = await runNode(correlation, {
    inputs: { configurations: lattices(up, [1, 1, 1, 1]) },
  });
  // Spins: 15 up, 1 down: <m> = 7/8. Pairs at r = 1, both axes: 1, 1, 1 and 0.
  expect(column(outputs["two_point"], "dx")).toEqual([0, 1]);
  expect(column(outputs["two_point"], "g")).toEqual([1, 0.75]);
  expect(column(outputs["two_point"], "g_connected")).toEqual([1 - 49 / 64, 0.75 - 49 / 64]);
});

test("codes that are kept spins correlate fully with them, and shuffled ones do not", async () => {
  const { outputs } = await runNode(correlation, { inputs: { configurations, codes: coarse } });
  const table = outputs["visible_hidden"];
  for (const c of column(table, "max_c")) expect(c).toBeCloseTo(1, 12);
  for (const c of column(table, "max_raw")) expect(c).toBe(1);
  const nulls = column(table, "max_c_null");
  // The largest of at most 36 |z| / sqrt n is on average below 2.5 / sqrt n = .079.
  for (const c of nulls) {
    expect(c).toBeGreaterThan(1 / Math.sqrt(n));
    expect(c).toBeLessThan(2.5 / Math.sqrt(n));
  }
  const excess = column(table, "max_c_excess");
  expect(column(outputs["summary"], "max_c_excess")[0]).toBeCloseTo(
    (excess[0]! + excess[1]!) / 2,
    15,
  );
  expect(column(table, "frozen_units")).toEqual([0, 0]);
});

test("matrix holds C_ia of plain decimation: G(r_i - 2 r_a), connected", async () => {
  const { outputs } = await runNode(correlation, {
    inputs: { configurations, codes: coarse },
    params: { matrix: true },
  });
  const c = column(outputs["matrix"], "c");
  expect(column(outputs["matrix"], "unit")).toEqual([...Array(9).keys(), ...Array(9).keys()]);
  // At beta = .3, unit 4 is the site (2, 2); its neighbour (2, 3) is site 15. Within 4.2 errors of
  // a correlation coefficient, (1 - G^2) / sqrt n.
  const g = exactValues["L=6 beta=0.3"]!["G10"]!;
  expect(Math.abs(c[4 * 36 + 15]! - g)).toBeLessThan((4.2 * (1 - g * g)) / Math.sqrt(n));
});

test("constant codes are counted and give nulls, not numbers", async () => {
  const codes = tableOf(
    { values: vector("float32", 2) },
    {
      values: new Float32Array(2 * draws.length).fill(0.3),
    },
  );
  const { outputs } = await runNode(correlation, { inputs: { configurations, codes } });
  expect(column(outputs["visible_hidden"], "max_c")).toEqual([null, null]);
  expect(column(outputs["visible_hidden"], "frozen_units")).toEqual([2, 2]);
  expect(column(outputs["summary"], "max_c_excess")).toEqual([null]);
  expect(column(outputs["summary"], "frozen_units")).toEqual([4]);
});

test("rho_g is 1 for the original itself and near 0 for noise", async () => {
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "noise", seed: 1, parts: [] }),
  );
  const noise = lattices(draws.map((s) => s.map(() => 2 * random.below(2) - 1)));
  const rho = async (configurations: typeof noise) => {
    const inputs = { configurations, original: lattices(draws) };
    const { outputs } = await runNode(correlation, { inputs });
    return [column(outputs["summary"], "rho_g")[0]!, column(outputs["retention"], "energy_bias")];
  };
  expect(await rho(configurations)).toEqual([1, [0, 0]]);
  const [kept, bias] = await rho(noise);
  // G of 1000 noise lattices is below .01 at every lag, of the original above .2.
  expect(Math.abs(kept as number)).toBeLessThan(0.05);
  expect((bias as number[])[0]!).toBeCloseTo(2 * exactValues["L=6 beta=0.3"]!["G10"]!, 1);
});

test("inputs that do not belong together are refused", async () => {
  const run = (inputs: object) => runNode(correlation, { inputs: { configurations, ...inputs } });
  const some = lattices(draws.slice(0, 3), [0.3, 0.3, 0.3]);
  await expect(run({ codes: some })).rejects.toThrow("3 codes for 2000 configurations");
  const others = lattices(
    draws,
    beta.map((b) => b + 1),
  );
  await expect(run({ codes: others })).rejects.toThrow("row 0 is a code at beta 1.3 of a");
  await expect(run({ original: coarse })).rejects.toThrow("of another size than configurations");
  await expect(run({ original: some })).rejects.toThrow("no configurations at beta 0.44068679");
  await expect(run({ codes: tableOf({ x: f64 }, { x: [1] }) })).rejects.toThrow(/values/);
  const odd = lattices([Int8Array.of(1, 1, 1)], [1]);
  await expect(run({ configurations: odd })).rejects.toThrow("3 spins are no square lattice");
});

test("correlation() gives the same bits as ever for one input", async () => {
  const { outputs } = await runNode(correlation, {
    inputs: { configurations, codes: coarse, original: configurations },
    params: { matrix: true },
  });
  // Output changed? Raise the node's version (now 1) and record the new digest.
  expect(digestOf(outputs)).toBe("9955bdc59f28fe5b");
});
