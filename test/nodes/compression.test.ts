import { expect, test } from "vitest";
import { bits, f64 } from "../../src/engine/node-type.ts";
import { packSpins } from "../../src/lattice/spins.ts";
import { compression } from "../../src/nodes/compression.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { deflatedSize } from "../../src/statistics/deflate.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { decimate, drawExactly, exactValues } from "../lattice/exact-ensembles.ts";
import { digestOf } from "./digest.ts";

const generator = (purpose: string) =>
  createGenerator(streamSeed({ nodeType: "test", purpose, seed: 4, parts: [] }));
const lattices = (rows: readonly Int8Array[], beta: readonly number[]) =>
  tableOf(
    { spins: bits(rows[0]!.length), beta: f64 },
    { spins: packSpins(rows.flatMap((spins) => [...spins])), beta },
  );
const n = 2000;
const draws = drawExactly(6, 0.4, n, generator("draws"));
const random = generator("noise");
const noise = draws.map((spins) => spins.map(() => 2 * random.below(2) - 1));

test("compression() places order between a constant stream and a random one", async () => {
  const up = draws.map((spins) => spins.map(() => -1));
  const configurations = lattices(
    [...noise, ...draws, ...up],
    Array.from({ length: 3 * n }, (_, i) => [0, 0.4, 1][Math.floor(i / n)]!),
  );
  const { outputs, warnings } = await runNode(compression, { inputs: { configurations } });
  const { columns } = outputs.by_beta;
  expect(warnings).toEqual([]);
  expect([...columns.bits]).toEqual([36 * n, 36 * n, 36 * n]);
  // Incompressible streams are stored whole, with 5 bytes a block.
  expect(columns.ratio[0]).toBeGreaterThan(0.999);
  expect(columns.ratio[0]).toBeLessThanOrEqual(1);
  // No code goes below the entropy; deflate finds part of the way there.
  expect(columns.ratio[1]).toBeGreaterThan(exactValues["L=6 beta=0.4"]!["s"]! / Math.LN2);
  expect(columns.ratio[1]).toBeLessThan(0.95);
  expect(columns.ratio[2]).toBe(0);
  expect(columns.ratio_se[2]).toBe(0);
  for (const i of [0, 1]) expect(columns.ratio_se[i]!).toBeLessThan(0.01);
  const { summary } = outputs;
  expect(summary.columns.ratio[0]).toBeCloseTo((columns.ratio[0]! + columns.ratio[1]!) / 3, 14);
});

test("compression() looks at rows back to back, and at the first bits alone", async () => {
  const whole = lattices(
    draws,
    draws.map(() => 0.4),
  );
  const params = { bits: 36 * 1000 };
  const part = await runNode(compression, { inputs: { configurations: whole }, params });
  const half = lattices(draws.slice(0, 1000), Array(1000).fill(0.4));
  const alone = await runNode(compression, { inputs: { configurations: half } });
  expect(part.outputs).toEqual(alone.outputs);
  expect(part.outputs.by_beta.columns.bytes[0]).toBe(
    deflatedSize(packSpins(draws.slice(0, 1000).flatMap((spins) => [...spins]))),
  );
  expect(part.outputs.by_beta.columns.configurations[0]).toBe(1000);
});

test("decimated lattices compress less than their originals at equal bits", async () => {
  const coarse = lattices(
    draws.map((spins) => decimate(spins, 6)),
    draws.map(() => 0.4),
  );
  const fine = lattices(
    draws,
    draws.map(() => 0.4),
  );
  const params = { bits: 9 * n };
  const ratio = async (configurations: typeof fine) => {
    const { outputs } = await runNode(compression, { inputs: { configurations }, params });
    return outputs.by_beta.columns;
  };
  const [before, after] = [await ratio(fine), await ratio(coarse)];
  const error = Math.hypot(before.ratio_se[0]!, after.ratio_se[0]!);
  expect(after.ratio[0]! - before.ratio[0]!).toBeGreaterThan(4.2 * error);
});

test("images compressed one by one are headers: more than a bit a site, whatever they show", () => {
  const perImage = (rows: readonly Int8Array[]) =>
    rows.reduce((sum, s) => sum + 8 * deflatedSize(packSpins(s)), 0) / (rows.length * 36);
  const up = draws.slice(0, 100).map((spins) => spins.map(() => 1));
  for (const rows of [draws.slice(0, 100), noise.slice(0, 100)]) {
    expect(perImage(rows)).toBeGreaterThan(1);
  }
  // Even without any entropy at all.
  expect(perImage(up)).toBeGreaterThan(0.5);
});

test("rows turned by the sign of their sum lose one bit each, whatever their size", async () => {
  // Lattices that are all up or all down: n coins, and nothing else.
  const coins = draws.map((spins) => {
    const sign = 2 * random.below(2) - 1;
    return spins.map(() => sign);
  });
  const beta = coins.map(() => 0.4);
  const inputs = { configurations: lattices(coins, beta) };
  const { by_beta } = (await runNode(compression, { inputs })).outputs;
  expect(by_beta.columns.ratio_aligned[0]).toBe(0);
  expect(by_beta.columns.bytes_aligned[0]).toBe(by_beta.columns.bytes_constant[0]);
  expect(by_beta.columns.ratio[0]! * 36).toBeGreaterThan(1);
  // A row and its negative are one, also where the sum is 0 and where a row begins within a byte.
  const flipped = draws.map((spins) => (random.below(2) ? spins.map((s) => -s) : spins));
  const ratios = async (rows: readonly Int8Array[]) => {
    const { outputs } = await runNode(compression, {
      inputs: { configurations: lattices(rows, beta) },
    });
    const { ratio, ratio_aligned, bytes_aligned } = outputs.by_beta.columns;
    return { ratio: ratio[0]!, aligned: [ratio_aligned[0]!, bytes_aligned[0]!] };
  };
  const [plain, turned] = [await ratios(draws), await ratios(flipped)];
  expect(turned.aligned).toEqual(plain.aligned);
  expect(plain.aligned[0]).toBeLessThan(plain.ratio);
  // By hand.
  const canonical = draws.map((spins) => {
    const sum = spins.reduce((total, s) => total + s, 0);
    const sign = sum === 0 ? spins[0]! : Math.sign(sum);
    return spins.map((s) => s * sign);
  });
  expect(draws.some((spins) => spins.reduce((total, s) => total + s, 0) === 0)).toBe(true);
  expect((await ratios(canonical)).ratio).toBe(plain.aligned[0]);
});

test("streams of unequal length are cut to the shortest; too few bits are refused or warned of", async () => {
  const uneven = lattices(draws.slice(0, 30), [...Array(10).fill(0.4), ...Array(20).fill(0.5)]);
  const { outputs, warnings } = await runNode(compression, { inputs: { configurations: uneven } });
  expect([...outputs.by_beta.columns.bits]).toEqual([360, 360]);
  expect(warnings).toEqual([
    {
      code: "short-stream",
      message: "360 bits per beta: below 16384 the size is largely overhead",
    },
  ]);
  await expect(
    runNode(compression, { inputs: { configurations: uneven }, params: { bits: 500 } }),
  ).rejects.toMatchObject({
    port: "configurations",
    message: "has 360 bits at beta 0.4, fewer than 500",
  });
});

test("compression() gives the same bits as ever for one input", async () => {
  const configurations = lattices(draws.slice(0, 1001), Array(1001).fill(0.4));
  const { outputs } = await runNode(compression, { inputs: { configurations } });
  // Output changed? Raise the node's version (now 2) and record the new digest.
  expect(digestOf(outputs)).toBe("ebfca4b463c8effd");
});
