import { expect, test } from "vitest";
import { f64, vector } from "../../../src/engine/node-type.ts";
import { correlation } from "../../../src/nodes/correlation/index.ts";
import { createGenerator, streamSeed } from "../../../src/random/index.ts";
import { runNode } from "../../harness/run-node.ts";
import { concatenate, sliceRows, tableOf } from "../../harness/tables.ts";
import { exactValues } from "../../lattice/exact-ensembles.ts";
import { digestOf } from "../digest.ts";
import {
  beta,
  betas,
  coarse,
  column,
  configurations,
  draws,
  lattices,
  n,
  originals,
} from "./correlation-data.ts";

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

test("two_point alone needs no codes, and codes alone compute no G(r)", async () => {
  const plain = await runNode(correlation, { inputs: { configurations } });
  expect(Object.keys(plain.outputs)).toEqual(["two_point", "jackknife"]);
  const coded = await runNode(correlation, { inputs: { configurations, codes: coarse } });
  expect(Object.keys(coded.outputs)).toEqual(["summary", "visible_hidden", "by_distance"]);
});

test("max_c_se and mean_c_se cover the exact correlation of single-site codes", async () => {
  // A code that is one site, seen through noise: with probability 1/4 its sign is drawn anew, so
  // max |C| is 3/4, at that site.
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "noisy", seed: 1, parts: [] }),
  );
  const noisy = (s: Int8Array) => (random.below(4) === 0 ? 2 * random.below(2) - 1 : s[0]!);
  const codes = tableOf(
    { values: vector("float32", 1) },
    { values: Float32Array.from(draws, noisy) },
  );
  const { outputs } = await runNode(correlation, { inputs: { configurations, codes } });
  const [c, se] = ["max_c", "max_c_se"].map((name) => column(outputs["visible_hidden"], name));
  for (const b of [0, 1]) {
    expect(Math.abs(c![b]! - 0.75)).toBeLessThan(4.2 * se![b]!);
    // Spins without a mean: to first order C is the mean of v h, whose variance is 1 - C^2.
    const exact = Math.sqrt((1 - 0.75 * 0.75) / n);
    // From 20 blocks: a relative error of 1/sqrt(38) = .16; allow 4.
    expect(Math.abs(se![b]! / exact - 1)).toBeLessThan(0.65);
    expect(Math.abs(column(outputs["visible_hidden"], "max_raw_se")[b]! / exact - 1)).toBeLessThan(
      0.65,
    );
  }
  const rows = column(outputs["by_distance"], "distance").slice(0, 3);
  expect(rows).toEqual([0, 1, Math.SQRT2]);
});

test("errors of |C| and of products are those of the values without each block", async () => {
  const count = 200;
  const [few, codes] = [configurations, coarse].map((table) => sliceRows(table, 0, count));
  const without = async (from: number, to: number) => {
    const [visible, hidden] = [few!, codes!].map((table) =>
      concatenate(table.schema, [sliceRows(table, 0, from), sliceRows(table, to, count)]),
    );
    const inputs = { configurations: visible!, codes: hidden! };
    return (await runNode(correlation, { inputs })).outputs["visible_hidden"];
  };
  const whole = await without(0, 0);
  const blocks = [];
  for (let b = 0; b < 20; b++) blocks.push(await without(10 * b, 10 * b + 10));
  for (const name of ["mean_c", "max_c", "mean_raw", "max_raw"]) {
    const values = blocks.map((block) => column(block, name)[0]!);
    const center = values.reduce((sum, v) => sum + v, 0) / 20;
    const squares = values.reduce((sum, v) => sum + (v - center) ** 2, 0);
    expect(column(whole, `${name}_se`)[0]).toBeCloseTo(Math.sqrt((19 / 20) * squares), 12);
  }
  expect(column(whole, "mean_raw_se")[0]).toBeGreaterThan(1e-3);
  const [excess, own, shuffled] = ["max_c_excess_se", "max_c_se", "max_c_null_se"].map(
    (name) => column(whole, name)[0]!,
  );
  expect(shuffled).toBeGreaterThan(1e-4);
  expect(excess).toBeCloseTo(Math.hypot(own!, shuffled!), 14);
});

test("by_distance of plain decimation is G of the distance", async () => {
  const { outputs } = await runNode(correlation, { inputs: { configurations, codes: coarse } });
  const [at, c, se] = ["beta", "c", "c_se"].map((name) => column(outputs["by_distance"], name));
  const distance = column(outputs["by_distance"], "distance");
  for (const beta of betas) {
    for (const [d, name] of [
      [1, "G10"],
      [Math.SQRT2, "G11"],
      [2, "G20"],
    ] as const) {
      const i = at!.findIndex((b, k) => b === beta && distance[k] === d);
      // 6 comparisons at 4.2 (t, 19 degrees of freedom): a false alarm in 3e-3 of seeds.
      const exact = exactValues[`L=6 beta=${beta}`]![name]!;
      expect(Math.abs(c![i]! - exact), `${beta} ${name}`).toBeLessThan(4.2 * se![i]!);
    }
  }
  expect(column(outputs["by_distance"], "sites").slice(0, 3)).toEqual([1, 4, 4]);
});

test("few configurations warn, and from a single one nothing follows", async () => {
  const few = (counts: readonly number[]) => {
    const at = counts.flatMap((count, b) => Array<number>(count).fill(betas[b]!));
    return lattices(draws.slice(0, at.length), at);
  };
  const warningsOf = async (table: typeof configurations, codes?: typeof configurations) =>
    (await runNode(correlation, { inputs: { configurations: table, codes } })).warnings;
  const two = few([2, 20]);
  const warning = (message: string) => [
    {
      code: "few-configurations",
      message: `${message}: below 20, the blocks of the jackknife, errors are a guess`,
    },
  ];
  expect(await warningsOf(two, two)).toEqual(warning("2 configurations at beta 0.3"));
  const both = warning(`18 configurations at beta ${betas[1]} and few at 1 more`);
  expect(await warningsOf(few([19, 18]))).toEqual(both);
  expect(await warningsOf(few([20, 20]))).toEqual([]);
  await expect(warningsOf(few([30, 1]))).rejects.toMatchObject({
    port: "configurations",
    message: `has 1 configuration at beta ${betas[1]}: expected 2 or more`,
  });
  await expect(warningsOf(sliceRows(two, 0, 0) as never)).rejects.toThrow(
    "holds no configurations",
  );
});

test("inputs that do not belong together are refused", async () => {
  const run = (inputs: object) => runNode(correlation, { inputs: { configurations, ...inputs } });
  const some = lattices(draws.slice(0, 3), [0.3, 0.3, 0.3]);
  await expect(run({ codes: some })).rejects.toThrow(
    "the codes have 3 rows, but the configurations have 2000",
  );
  const others = lattices(
    draws,
    beta.map((b) => b + 1),
  );
  await expect(run({ codes: others })).rejects.toThrow(
    "in row 0 the codes have beta 1.3, but the configurations 0.3",
  );
  const original = async (table: typeof some) => run({ original: await originals(table) });
  await expect(original(coarse)).rejects.toThrow("has other lags: another size, or another param");
  await expect(original(lattices(draws.slice(0, n), beta.slice(0, n)))).rejects.toThrow(
    "has no beta 0.44068679",
  );
  await expect(original(some)).rejects.toThrow("has 3 blocks where configurations has 20");
  await expect(run({ codes: tableOf({ x: f64 }, { x: [1] }) })).rejects.toThrow(/values/);
  const odd = lattices([Int8Array.of(1, 1, 1)], [1]);
  await expect(run({ configurations: odd })).rejects.toThrow(
    "expected a square lattice, got 3 sites",
  );
});

test("correlation() gives the same bits as ever for one input", async () => {
  const { outputs } = await runNode(correlation, {
    inputs: { configurations, codes: coarse, original: await originals(configurations) },
    params: { matrix: true },
  });
  // Output changed? Raise the node's version (now 6) and record the new digest.
  expect(digestOf(outputs)).toBe("7da48a853ee66e4e");
});
