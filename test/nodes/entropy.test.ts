import { expect, test } from "vitest";
import { bits, f64 } from "../../src/engine/node-type.ts";
import { packSpins } from "../../src/lattice/spins.ts";
import { entropy } from "../../src/nodes/entropy/index.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { decimate, drawExactly, exactValues } from "../lattice/exact-ensembles.ts";
import { digestOf } from "./digest.ts";

const betas = [0.3, 0.5];
const n = 2000;
const draws = betas.flatMap((beta) => {
  const stream = { nodeType: "test", purpose: "draws", seed: 2, parts: [beta] };
  return drawExactly(6, beta, n, createGenerator(streamSeed(stream)));
});

function lattices(rows: readonly Int8Array[], beta: readonly number[]) {
  const spins = packSpins(rows.flatMap((spins) => [...spins]));
  return tableOf({ spins: bits(rows[0]!.length), beta: f64 }, { spins, beta });
}
const configurations = lattices(
  draws,
  draws.map((_, i) => betas[Math.floor(i / n)]!),
);
const all = {
  estimators: ["pattern2x2", "pattern3x3", "kikuchi2x2", "kikuchi3x3", "cond5", "cond11"],
};

test("entropy() agrees with the exact values of the 6x6 torus, within its own errors", async () => {
  const { outputs, warnings } = await runNode(entropy, { inputs: { configurations }, params: all });
  const { columns, rows } = outputs.by_beta;
  expect(rows).toBe(12);
  const exact: Record<string, string> = { kikuchi2x2: "", kikuchi3x3: "", cond5: "", cond11: "" };
  for (let i = 0; i < rows; i++) {
    const name = columns.estimator[i]!;
    const reference = exactValues[`L=6 beta=${columns.beta[i]}`]!;
    const value =
      name in exact ? reference[name]! : reference[name === "pattern2x2" ? "H22" : "H33"]!;
    const estimate = name in exact ? columns.entropy[i]! : columns.block_entropy[i]!;
    const scale = name === "pattern2x2" ? 4 : name === "pattern3x3" ? 9 : 1;
    // 12 comparisons at 4.2 errors (t, 19 degrees of freedom): a false alarm in 6e-3 of seeds;
    // and up to .002 of bias that Miller-Madow leaves with 72,000 windows for 4096 patterns.
    const tolerance = scale * (4.2 * columns.entropy_se[i]! + 0.002);
    expect(Math.abs(estimate - value), `${name} at ${columns.beta[i]}`).toBeLessThan(tolerance);
    expect(columns.entropy_se[i]).toBeLessThan(0.02);
  }
  expect(warnings).toEqual([
    {
      code: "few-windows",
      message:
        "cond11 at 2 betas: 72000 windows for 4096 patterns at worst; " +
        "below 50 a pattern the bias may exceed the error",
    },
  ]);
});

test("correction says what was added to the plug-in estimate", async () => {
  const by = async (correction: string) => {
    const params = { estimators: ["cond5"], correction };
    const { outputs } = await runNode(entropy, { inputs: { configurations }, params });
    return outputs.by_beta.columns;
  };
  const [plugin, corrected] = [await by("plugin"), await by("miller-madow")];
  expect([...plugin.correction]).toEqual([0, 0]);
  for (const i of [0, 1]) {
    expect(corrected.entropy[i]! - corrected.correction[i]!).toBeCloseTo(plugin.entropy[i]!, 14);
    // (64 - 32) / 2n with all patterns seen.
    expect(corrected.correction[i]!).toBeCloseTo(32 / (2 * 72_000), 6);
  }
});

test("collected tables share blocks, so copies add windows and no certainty", async () => {
  const { columns, rows } = configurations;
  const twice = tableOf(
    { offset: f64, spins: bits(36), beta: f64 },
    {
      offset: Array.from({ length: 2 * rows }, (_, i) => Math.floor(i / rows)),
      spins: packSpins([...draws, ...draws].flatMap((spins) => [...spins])),
      beta: [...columns.beta, ...columns.beta],
    },
  );
  const params = { estimators: ["cond5"], correction: "plugin" };
  const once = await runNode(entropy, { inputs: { configurations }, params });
  const both = await runNode(entropy, {
    inputs: { configurations: twice },
    axes: { configurations: ["offset"] },
    params,
  });
  const [one, two] = [once.outputs.by_beta.columns, both.outputs.by_beta.columns];
  for (const i of [0, 1]) {
    expect(two.windows[i]).toBe(2 * one.windows[i]!);
    expect(two.entropy[i]).toBeCloseTo(one.entropy[i]!, 12);
    expect(two.entropy_se[i]).toBeCloseTo(one.entropy_se[i]!, 12);
  }
});

test("a decimation's four offsets give as many windows as the original, and more entropy", async () => {
  const [beta, n] = [0.6, 2000];
  const stream = { nodeType: "test", purpose: "eights", seed: 1, parts: [] };
  const draws = drawExactly(8, beta, n, createGenerator(streamSeed(stream)));
  const offsets = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const;
  const shifted = (spins: Int8Array, [dy, dx]: readonly [number, number]) =>
    Int8Array.from(spins, (_, i) => spins[((Math.floor(i / 8) + dy) % 8) * 8 + ((i + dx) % 8)]!);
  const coarse = offsets.flatMap((o) => draws.map((spins) => decimate(shifted(spins, o), 8)));
  const collected = tableOf(
    { offset: f64, spins: bits(16), beta: f64 },
    {
      offset: coarse.map((_, i) => Math.floor(i / n)),
      spins: packSpins(coarse.flatMap((spins) => [...spins])),
      beta: coarse.map(() => beta),
    },
  );
  const params = { estimators: ["cond5", "kikuchi2x2"] };
  const run = (configurations: typeof collected, axes: string[]) =>
    runNode(entropy, { inputs: { configurations }, axes: { configurations: axes }, params });
  const fine = (
    await run(
      lattices(
        draws,
        draws.map(() => beta),
      ) as typeof collected,
      [],
    )
  ).outputs;
  const rough = (await run(collected, ["offset"])).outputs;
  const [one, two] = [fine.by_beta.columns, rough.by_beta.columns];
  expect([...two.windows]).toEqual([...one.windows]);
  const exact = exactValues[`L=8 beta=${beta}`]!;
  for (const [i, name] of params.estimators.entries()) {
    // 4 comparisons at 4.2 (t, 19 degrees of freedom): a false alarm in 2e-3 of seeds.
    const near = (found: typeof one, value: number) =>
      expect(Math.abs(found.entropy[i]! - value)).toBeLessThan(4.2 * found.entropy_se[i]!);
    near(one, exact[name]!);
    near(two, exact[`decimated_${name}`]!);
  }
  // Exactly, cond5 rises by .0047, while Kikuchi 2x2 falls by .0027: it orders them wrongly.
  expect(two.entropy[0]!).toBeGreaterThan(one.entropy[0]!);
});

test("bootstrap covers the exact entropy, and knows replicates apart", async () => {
  // The 2000 draws of beta = .3 as five seeds of 400.
  const five = tableOf(
    { seed: f64, spins: bits(36), beta: f64 },
    {
      seed: draws.slice(0, n).map((_, i) => Math.floor(i / 400)),
      spins: packSpins(draws.slice(0, n).flatMap((spins) => [...spins])),
      beta: draws.slice(0, n).map(() => 0.3),
    },
  );
  const params = { estimators: ["cond5"], bootstrap: { over: "seed", resamples: 400 } };
  const inputs = { configurations: five };
  const run = await runNode(entropy, { inputs, axes: { configurations: ["seed"] }, params });
  const { bootstrap } = run.outputs as unknown as Record<string, typeof run.outputs.by_beta>;
  const row = Object.fromEntries(
    Object.entries(bootstrap!.columns).map(([name, values]) => [name, (values as number[])[0]!]),
  );
  expect(row["replicates"]).toBe(5);
  const exact = exactValues["L=6 beta=0.3"]!["cond5"]!;
  // 1.96 errors and more on either side; equal in all seeds, so both levels see the same spread,
  // and the error is up to sqrt 2 times that of one level.
  expect(row["lo"]).toBeLessThan(exact);
  expect(row["hi"]).toBeGreaterThan(exact);
  const one = run.outputs.by_beta.columns.entropy_se[0]!;
  expect(row["bootstrap_se"]).toBeGreaterThan(0.7 * one);
  expect(row["bootstrap_se"]).toBeLessThan(2 * one);
  const other = { ...params, bootstrap: { over: "sede" } };
  await expect(runNode(entropy, { inputs, params: other })).rejects.toMatchObject({
    path: "bootstrap.over",
    message: 'is "sede", which is not a column',
  });
});

/** Shannon's entropy of one image's share of up spins, in bits: a trap, not a measure. */
const imageEntropy = (spins: Int8Array) => {
  const up = spins.reduce((count, s) => count + (s > 0 ? 1 : 0), 0) / spins.length;
  return up === 0 || up === 1 ? 0 : -(up * Math.log2(up) + (1 - up) * Math.log2(1 - up));
};

test("the entropy of an image's up spins cannot see what cond5 sees", async () => {
  // Shuffling the sites of every configuration destroys all order but the magnetization.
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "trap", seed: 1, parts: [] }),
  );
  const shuffled = draws.map((spins) => random.shuffle(spins.slice()));
  const average = (rows: readonly Int8Array[]) =>
    rows.reduce((sum, spins) => sum + imageEntropy(spins), 0) / rows.length;
  expect(average(shuffled)).toBe(average(draws));
  const by = async (rows: readonly Int8Array[]) => {
    const inputs = { configurations: lattices(rows, [...configurations.columns.beta]) };
    return (await runNode(entropy, { inputs, params: { estimators: ["cond5"] } })).outputs.by_beta;
  };
  const [plain, mixed] = [(await by(draws)).columns, (await by(shuffled)).columns];
  // At beta = .3; at .5 nearly all there is to so small a lattice is its magnetization.
  const errors = mixed.entropy_se[0]! + plain.entropy_se[0]!;
  expect(mixed.entropy[0]! - plain.entropy[0]!).toBeGreaterThan(5 * errors);
});

test("ordered lattices have no entropy, and one configuration has no error", async () => {
  const inputs = { configurations: lattices([new Int8Array(16).fill(-1)], [1]) };
  const { outputs } = await runNode(entropy, { inputs });
  const { columns } = outputs.by_beta;
  expect(columns.estimator).toEqual(["pattern2x2", "kikuchi3x3", "cond5"]);
  expect([...columns.entropy]).toEqual([0, 0, 0]);
  expect([...columns.entropy_se]).toEqual([null, null, null]);
  expect([...columns.patterns]).toEqual([1, 1, 1]);
});

test("an estimator too wide for the lattice is an error at its place in the list", async () => {
  const inputs = { configurations: lattices([new Int8Array(16).fill(1)], [1]) };
  await expect(runNode(entropy, { inputs, params: all })).rejects.toMatchObject({
    name: "InvalidParam",
    path: "estimators.5",
    message: "is cond11, which looks at 6 sites in a row: the lattice has 4",
  });
});

test("entropy() gives the same bits as ever for one input", async () => {
  const { outputs } = await runNode(entropy, { inputs: { configurations }, params: all });
  // Output changed? Raise the node's version (now 2) and record the new digest.
  expect(digestOf(outputs)).toBe("ee0ac7824ae98c2c");
});
