import { expect, test } from "vitest";
import { bits, f64 } from "../../src/engine/node-type.ts";
import { packSpins } from "../../src/lattice/spins.ts";
import { entropy } from "../../src/nodes/entropy.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { drawExactly, exactValues } from "../lattice/exact-ensembles.ts";
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
        "cond11 has 72000 windows for 4096 patterns at beta 0.3 and at 1 more: " +
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
    message: '"cond11" looks at 6 sites in a row, but the lattice has 4',
  });
});

test("entropy() gives the same bits as ever for one input", async () => {
  const { outputs } = await runNode(entropy, { inputs: { configurations }, params: all });
  // Output changed? Raise the node's version (now 1) and record the new digest.
  expect(digestOf(outputs)).toBe("ee0ac7824ae98c2c");
});
