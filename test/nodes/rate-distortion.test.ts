import { expect, test } from "vitest";
import type { Model } from "../../src/learn/model.ts";
import { compression } from "../../src/nodes/compression.ts";
import { modelApply } from "../../src/nodes/model-apply.ts";
import { rateDistortion } from "../../src/nodes/rate-distortion/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { dense } from "../learn/networks.ts";
import { configurations } from "./configurations.ts";
import { digestOf } from "./digest.ts";
import { tableOfModel } from "./models.ts";

const measured = configurations({ part: "test", samples: 1500 });
const bytes = measured.columns["spins"] as Uint8Array;
const spin = (i: number) => 2 * ((bytes[i >> 3]! >> (i & 7)) & 1) - 1;
const blockOf = (site: number) => 2 * Math.floor(site / 8) + Math.floor((site % 4) / 2);

/** Code a is `weight` times the sum over `sites` of block a; the decoder copies it, over `weight`. */
function blockModel(weight: number, sites: (site: number) => boolean): Model {
  const [code, image] = [dense("code", 16, 4, "linear"), dense("image", 4, 16, "linear")];
  code.kernel.fill(0);
  image.kernel.fill(0);
  code.bias.fill(0);
  image.bias.fill(0);
  for (let i = 0; i < 16; i++) {
    if (sites(i)) code.kernel[blockOf(i) * 16 + i] = weight;
    image.kernel[i * 4 + blockOf(i)] = 1 / weight;
  }
  return { layers: [code, image], loss: "mse", chains: [] };
}

async function measure(model: Model) {
  const inputs = { configurations: measured, model: tableOfModel(model) };
  const { outputs } = await runNode(rateDistortion, { inputs });
  return outputs;
}

test("a decimation decoded by copies is nearest-neighbour upsampling, at a quarter bit a site", async () => {
  const isFirst = (i: number) => i % 2 === 0 && Math.floor(i / 4) % 2 === 0;
  const { summary, by_beta } = await measure(blockModel(0.25, isFirst));
  const { columns } = by_beta;
  expect([...columns.beta]).toEqual([0.2, 0.5]);
  for (const i of [0, 1]) {
    expect(columns.rate[i]).toBe(0.25);
    expect(columns.mse[i]).toBeCloseTo(columns.nearest_mse[i]!, 12);
    expect(columns.accuracy[i]).toBeCloseTo(columns.nearest_accuracy[i]!, 12);
    // Codes of one size lose nothing with their size.
    expect(columns.mse_real[i]).toBeCloseTo(columns.mse[i]!, 12);
    expect(columns.accuracy_real[i]).toBe(columns.accuracy[i]);
    // Blocks are fair coins: 6000 bits that cannot be compressed.
    expect(columns.rate_coded[i]! / 0.25).toBeGreaterThan(0.97);
    expect(columns.rate_coded[i]! / 0.25).toBeLessThan(1.03);
  }
  // At beta .5 blocks are whole.
  expect(columns.mse[1]).toBe(0);
  expect(summary.columns.mse[0]).toBe(columns.mse[0]! / 2);
  expect(summary.columns.configurations[0]).toBe(3000);
});

test("errors of what is decoded and of the coded rate are those of their neighbours", async () => {
  const isFirst = (i: number) => i % 2 === 0 && Math.floor(i / 4) % 2 === 0;
  const model = blockModel(0.25, isFirst);
  const { summary, by_beta } = await measure(model);
  const { columns } = by_beta;
  const { outputs } = await runNode(modelApply, {
    inputs: { configurations: measured, model: tableOfModel(model) },
  });
  const { code } = outputs as unknown as Record<string, Table>;
  const { by_beta: compressed } = (
    await runNode(compression, { inputs: { configurations: code }, params: { bits: 6000 } })
  ).outputs;
  for (const i of [0, 1]) {
    // Decoded as they are, these codes are what one bit makes of them.
    expect(columns.mse_real_se[i]).toBeCloseTo(columns.mse_se[i]!, 12);
    expect(columns.accuracy_real_se[i]).toBeCloseTo(columns.accuracy_se[i]!, 12);
    // The same bits against other random bits, whose size hardly differs.
    const ratio = columns.rate_coded_se[i]! / (0.25 * compressed.columns.ratio_se[i]!);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
  }
  // Spins at beta .2 are turned with probability .3. Of a block's three other sites n differ from the
  // first, 3 x .7 of them on average where it was turned, 3 x .3 else: Var n = 3 x .21 + .21 x 1.2^2.
  // A row's error is the sum of n over four blocks, over 4.
  const exact = Math.sqrt((4 * (0.63 + 0.3024)) / 16 / 1500);
  // From 20 blocks: a relative error of 1/sqrt(38) = .16; allow 4.
  expect(Math.abs(columns.mse_real_se[0]! / exact - 1)).toBeLessThan(0.65);
  for (const name of ["rate_coded_se", "mse_real_se", "accuracy_real_se"] as const) {
    const [a, b] = columns[name] as readonly number[];
    expect(summary.columns[name][0]).toBeCloseTo(Math.hypot(a!, b!) / 2, 12);
  }
});

test("a bit stands for the mean code on its side of zero", async () => {
  const { columns } = (await measure(blockModel(0.25, () => true))).by_beta;
  // By hand: the codes are means of blocks; a mean of 0 counts as +1.
  const codes = Array.from({ length: 3000 * 4 }, (_, k) => {
    const [row, block] = [Math.floor(k / 4), k % 4];
    let sum = 0;
    for (let i = 0; i < 16; i++) if (blockOf(i) === block) sum += spin(16 * row + i);
    return sum / 4;
  });
  const levels = [0, 1, 2, 3].map((block) => {
    const own = codes.filter((_, k) => k % 4 === block);
    const mean = (side: number[]) => side.reduce((sum, c) => sum + c, 0) / side.length;
    return [mean(own.filter((c) => c < 0)), mean(own.filter((c) => c >= 0))] as const;
  });
  const expected = (decode: (code: number, block: number) => number, row0: number) => {
    let squares = 0;
    for (let row = row0; row < row0 + 1500; row++) {
      for (let i = 0; i < 16; i++) {
        // The decoder takes the mean of a block for each of its sites, over weight .25.
        const f = 4 * decode(codes[4 * row + blockOf(i)]!, blockOf(i));
        squares += (f - spin(16 * row + i)) ** 2;
      }
    }
    return squares / (1500 * 16);
  };
  for (const i of [0, 1]) {
    const oneBit = expected((c, block) => levels[block]![c >= 0 ? 1 : 0], 1500 * i);
    expect(columns.mse[i]).toBeCloseTo(oneBit, 5);
    expect(columns.mse_real[i]).toBeCloseTo(
      expected((c) => c, 1500 * i),
      5,
    );
  }
});

test("a model without a decoder, or of another size, is refused", async () => {
  const [code, image] = [dense("code", 16, 16), dense("image", 16, 15)];
  const only: Model = { layers: [code], loss: "mse", chains: [] };
  await expect(measure(only)).rejects.toMatchObject({
    port: "model",
    message: "has no layer behind its code",
  });
  await expect(measure({ ...only, layers: [code, image] })).rejects.toThrow(
    "gives 15 numbers for 16 spins: no reconstruction",
  );
  const model = blockModel(1, () => true);
  await expect(measure({ ...model, chains: ["test/0.2/1"] })).rejects.toThrow(
    "is one that the model was trained on",
  );
});

test("rateDistortion() gives the same bits as ever for one input", async () => {
  const layers = [dense("code", 16, 4, "tanh"), dense("image", 4, 16, "tanh")];
  // Output changed? Raise the node's version (now 3) and record the new digest.
  expect(digestOf(await measure({ layers, loss: "mse", chains: [] }))).toBe("cc9bd7aedc088d9a");
});
