import { expect, test } from "vitest";
import { InvalidInput, InvalidParam } from "../../src/engine/node-type.ts";
import type { Activation, Model } from "../../src/learn/model.ts";
import { flow } from "../../src/nodes/flow.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { sliceRows } from "../harness/tables.ts";
import { dense } from "../learn/networks.ts";
import { configurations, decimated } from "./configurations.ts";
import { digestOf } from "./digest.ts";
import { tableOfModel } from "./models.ts";

const x = configurations({ samples: 6 });

/** Shifts a row of 16 numbers by one, and multiplies. */
function shift(factor: number, activation: Activation = "linear"): Model {
  const layer = dense("image", 16, 16, activation);
  layer.kernel.forEach((_, i) => {
    layer.kernel[i] = Math.floor(i / 16) === ((i % 16) + 1) % 16 ? factor : 0;
  });
  layer.bias.fill(0);
  return { layers: [layer], loss: "mse", chains: [] };
}

async function iterated(params: object, model: Model, from: Table = x) {
  const inputs = { configurations: from, model: tableOfModel(model) };
  const { outputs } = await runNode(flow, { params: { ...params }, inputs });
  return outputs["configurations"] as unknown as Table;
}

const spin = (table: Table, row: number, site: number) => {
  const at = row * 16 + site;
  return ((table.columns["spins"] as Uint8Array)[at >> 3]! >> (at & 7)) & 1;
};

test("flow records the steps asked for, with where each row came from", async () => {
  const table = await iterated({ steps: [0, 2, 5] }, shift(-0.5));
  const step = table.columns["step"] as Int32Array;
  expect([...step]).toEqual([0, 2, 5].flatMap((n) => Array(12).fill(n)));
  for (const [block, n] of [0, 2, 5].entries()) {
    const part = sliceRows(table, 12 * block, 12 * block + 12);
    expect(part.columns["beta"]).toEqual(x.columns["beta"]);
    expect(part.columns["chain"]).toEqual(x.columns["chain"]);
    for (let row = 0; row < 12; row++) {
      for (let site = 0; site < 16; site++) {
        const before = spin(x, row, (site - n + 16) % 16);
        expect(spin(part, row, site)).toBe(n % 2 ? 1 - before : before);
      }
    }
  }
  expect(table.schema["spins"]).toEqual(x.schema["spins"]);
});

test("flow without binarization feeds the image itself back", async () => {
  const table = await iterated({ steps: [3], binarize: "none" }, shift(-0.5));
  const values = table.columns["values"] as Float32Array;
  for (let site = 0; site < 16; site++) {
    expect(values[site]).toBe(-0.125 * (2 * spin(x, 0, (site + 13) % 16) - 1));
  }
});

test("flow by sampling draws every spin from its mean", async () => {
  const many = configurations({ samples: 500 });
  // tanh(artanh(0.6) s) = 0.6 s: a spin follows its neighbour with probability 0.8.
  const table = await iterated(
    { steps: [1, 2], binarize: "sample" },
    shift(Math.atanh(0.6), "tanh"),
    many,
  );
  for (const [block, want] of [0.8, 0.8 * 0.8 + 0.2 * 0.2].entries()) {
    let same = 0;
    for (let row = 0; row < 1000; row++) {
      for (let site = 0; site < 16; site++) {
        const before = spin(many, row, (site - block - 1 + 16) % 16);
        if (spin(table, 1000 * block + row, site) === before) same++;
      }
    }
    // 4 sigma of 16000 independent draws.
    const error = Math.sqrt((want * (1 - want)) / 16_000);
    expect(Math.abs(same / 16_000 - want)).toBeLessThan(4 * error);
  }
  const other = await iterated(
    { steps: [1, 2], binarize: "sample", seed: 2 },
    shift(Math.atanh(0.6), "tanh"),
    many,
  );
  expect(other.columns["spins"]).not.toEqual(table.columns["spins"]);
});

test("flow to a later step passes through the earlier ones", async () => {
  const machine: Model = {
    layers: [dense("code", 16, 4), dense("image", 4, 16)],
    loss: "likelihood",
    chains: [],
  };
  const all = await iterated({ steps: [0, 1, 4], binarize: "sample" }, machine);
  const last = await iterated({ steps: [4], binarize: "sample" }, machine);
  expect(sliceRows(all, 24, 36)).toEqual(last);
  expect([flow.version, digestOf({ all })]).toEqual([2, "08466ee3471399e1"]);
});

test("flow locates what does not fit", async () => {
  await expect(iterated({ steps: [1] }, shift(1), decimated(x))).rejects.toEqual(
    new InvalidInput("model", "takes 16 numbers, but the configurations have 4"),
  );
  const encoder: Model = { layers: [dense("code", 16, 4)], loss: "mse", chains: [] };
  await expect(iterated({ steps: [1] }, encoder)).rejects.toEqual(
    new InvalidInput("model", "gives 4 numbers for 16: it cannot be applied to its own image"),
  );
  await expect(iterated({ steps: [1, 1] }, shift(1))).rejects.toEqual(
    new InvalidParam("steps.1", "expected more than 1, got 1"),
  );
  await expect(iterated({ steps: [1], binarize: "sample" }, shift(1))).rejects.toEqual(
    new InvalidParam("binarize", '"sample" needs tanh in every layer, but image has linear'),
  );
  await expect(iterated({ steps: [1] }, shift(1), sliceRows(x, 0, 0))).rejects.toEqual(
    new InvalidInput("configurations", "holds no configurations"),
  );
});

test("flow refuses a chain that the model was trained on, unless told otherwise", async () => {
  const model = { ...shift(1), chains: ["train/0.5/1"] };
  await expect(iterated({ steps: [1] }, model)).rejects.toEqual(
    new InvalidInput("configurations", 'chain "train/0.5/1" is one that the model was trained on'),
  );
  const allowed = await iterated({ steps: [1], allow_training_chains: true }, model);
  expect(allowed).toEqual(await iterated({ steps: [1] }, shift(1)));
});
