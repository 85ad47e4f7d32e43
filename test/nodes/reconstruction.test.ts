import { expect, test } from "vitest";
import { InvalidInput } from "../../src/engine/node-type.ts";
import type { Model } from "../../src/learn/model.ts";
import { reconstruction } from "../../src/nodes/reconstruction/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { dense } from "../learn/networks.ts";
import { configurations, decimated } from "./configurations.ts";
import { tableOfModel } from "./models.ts";

const test_set = configurations({ part: "test", samples: 50 });

function linear(weight: number, bias = 0, chains: string[] = []): Model {
  const layer = dense("image", 16, 16, "linear");
  layer.kernel.forEach((_, i) => {
    layer.kernel[i] = i % 17 === 0 ? weight : 0;
  });
  layer.bias.fill(bias);
  return { layers: [layer], loss: "mse", chains };
}

async function measure(model: Model, params: object = {}, chunkRows = 7) {
  const inputs = { configurations: test_set, model: tableOfModel(model) };
  const { outputs } = await runNode(reconstruction, { params: { ...params }, inputs, chunkRows });
  return outputs;
}

test("reconstruction of half the spins themselves has the values worked out by hand", async () => {
  const { summary, by_beta } = await measure(linear(0.5));
  expect(summary.columns).toMatchObject({
    configurations: Int32Array.of(100),
    mse: Float64Array.of(0.25),
    mse_se: [0],
    accuracy: Float64Array.of(1),
    overlap: Float64Array.of(1),
    z2_defect: Float64Array.of(0),
    overlap_baseline: Float64Array.of(Math.sqrt(2 / (Math.PI * 16))),
    nearest_mse: [null],
  });
  expect([...by_beta.columns.beta]).toEqual([0.2, 0.5]);
  expect([...by_beta.columns.configurations]).toEqual([50, 50]);
});

test("reconstruction forgives a global flip in the overlap alone, and sees a broken symmetry", async () => {
  const flipped = (await measure(linear(-1))).summary.columns;
  expect([flipped.mse[0], flipped.accuracy[0], flipped.overlap[0]]).toEqual([4, 0, 1]);
  const broken = (await measure(linear(1, 0.25))).summary.columns;
  expect([broken.mse[0], broken.z2_defect[0]]).toEqual([0.0625, 0.25]);
});

test("reconstruction gives the baselines of the configurations, chunk size aside", async () => {
  const [code, image] = [dense("code", 16, 4), dense("image", 4, 16)];
  const model: Model = { layers: [code, image], loss: "mse", chains: [] };
  const one = await measure(model);
  expect(await measure(model, {}, 100)).toEqual(one);
  const spins = test_set.columns["spins"] as Uint8Array;
  const coarse = decimated(test_set).columns["spins"] as Uint8Array;
  const bit = (bytes: Uint8Array, i: number) => (bytes[i >> 3]! >> (i & 7)) & 1;
  let [same, squares] = [0, 0];
  for (let row = 0; row < 100; row++) {
    let up = 0;
    for (let site = 0; site < 16; site++) {
      const unit = 2 * (site >> 3) + ((site & 3) >> 1);
      up += bit(spins, row * 16 + site);
      if (bit(spins, row * 16 + site) === bit(coarse, row * 4 + unit)) same++;
    }
    squares += (up / 8 - 1) ** 2;
  }
  const { nearest_accuracy, nearest_mse, constant_mse } = one.summary.columns;
  expect(nearest_accuracy[0]).toBeCloseTo(same / 1600, 12);
  expect(nearest_mse[0]).toBeCloseTo(4 * (1 - same / 1600), 12);
  expect(constant_mse[0]).toBeCloseTo(1 - squares / 100, 12);
});

test("reconstruction's errors are those of means of independent rows", async () => {
  const model: Model = { layers: [dense("image", 16, 16)], loss: "mse", chains: [] };
  const { by_beta, summary } = await measure(model);
  const errors = by_beta.columns.mse_se;
  // Two betas of 50 rows each: the mean's variance is the sum of theirs over four.
  expect(summary.columns.mse_se[0]!).toBeCloseTo(Math.hypot(errors[0]!, errors[1]!) / 2, 12);
  expect(errors.every((error) => error! > 0)).toBe(true);
});

test("reconstruction refuses a chain that the model was trained on, unless told otherwise", async () => {
  const model = linear(1, 0, ["test/0.5/1"]);
  await expect(measure(model)).rejects.toEqual(
    new InvalidInput("configurations", 'chain "test/0.5/1" is one that the model was trained on'),
  );
  const allowed = await measure(model, { allow_training_chains: true });
  expect(allowed.summary.columns.mse[0]).toBe(0);
});

test("reconstruction of given codes measures a decoder, as it does behind the encoder", async () => {
  const [code, image] = [dense("code", 16, 4, "linear"), dense("image", 4, 16)];
  code.bias.fill(0);
  const first = (unit: number) => 8 * (unit >> 1) + 2 * (unit & 1);
  code.kernel.forEach((_, i) => {
    code.kernel[i] = i % 16 === first(Math.floor(i / 16)) ? 1 : 0;
  });
  const whole = await measure({ layers: [code, image], loss: "mse", chains: [] });
  const decoder: Model = { layers: [image], loss: "mse", chains: [] };
  const run = (codes: Table) =>
    runNode(reconstruction, {
      inputs: { configurations: test_set, codes, model: tableOfModel(decoder) },
      chunkRows: 7,
    });
  const { outputs } = await run(decimated(test_set));
  expect(outputs).toEqual(whole);
  await expect(run(test_set)).rejects.toEqual(
    new InvalidInput("model", "takes 4 numbers, but the codes have 16"),
  );
  await expect(run(decimated(configurations({ samples: 50 })))).rejects.toEqual(
    new InvalidInput(
      "codes",
      'in row 0 the codes have chain "train/0.2/0", but the configurations "test/0.2/0"',
    ),
  );
});

test("reconstruction locates another lattice size and a model that gives no image", async () => {
  const run = (model: Model, configurations: Table) =>
    runNode(reconstruction, { inputs: { configurations, model: tableOfModel(model) } });
  await expect(run(linear(1), decimated(test_set))).rejects.toEqual(
    new InvalidInput("model", "takes 16 spins, but the configurations have 4"),
  );
  const encoder: Model = { layers: [dense("code", 16, 4)], loss: "mse", chains: [] };
  await expect(run(encoder, test_set)).rejects.toEqual(
    new InvalidInput("model", "gives 4 numbers for 16 spins: no reconstruction"),
  );
});

test("reconstruction warns of fewer configurations than jackknife blocks", async () => {
  const few = configurations({ part: "test", samples: 19 });
  const inputs = { configurations: few, model: tableOfModel(linear(1)) };
  const { warnings } = await runNode(reconstruction, { inputs, chunkRows: 7 });
  expect(warnings.map(({ message }) => message)).toEqual([
    "19 configurations at beta 0.2 and few at 1 more: " +
      "below 20, the blocks of the jackknife, errors are a guess",
  ]);
});
