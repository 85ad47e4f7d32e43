/** Every node type keeps what its traits promise: those that ship, and one's own. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadUserNodes } from "../../src/engine/modules/modules.ts";
import { f64, utf8 } from "../../src/engine/node-type.ts";
import { blockFilter } from "../../src/nodes/block-filter.ts";
import { nodeTypes } from "../../src/nodes/index.ts";
import { modelTrainer } from "../../src/nodes/model-trainer/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { checkTraits, type TraitCase } from "../harness/check-node.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { dense } from "../learn/networks.ts";
import { configurations } from "./configurations.ts";
import { tableOfModel } from "./models.ts";

const x = configurations({ samples: 12 });
const validation_x = configurations({ samples: 8, part: "validation" });
const lattices = configurations({ samples: 7 });
const model = tableOfModel({
  layers: [dense("code", 16, 4), dense("image", 4, 16)],
  loss: "mse",
  chains: [],
});

// Values on both sides of a multiple of the chains, and fewer than them.
const sampling = { size: 6, chains: 4, burn_in: 5, thinning: 1, betas: [0.3, 0.6] };
const training = {
  params: {
    layers: [
      { dense: 4, activation: "tanh", name: "code" },
      { dense: "x", activation: "tanh" },
    ],
    batch: 8,
    optimizer: { adam: 0.01 },
  },
  inputs: { x },
  values: [0, 1, 3, 7],
};

const convolutions = [
  { conv: 2, stride: 2, window: 3, activation: "tanh", name: "code" },
  { conv_transpose: 1, stride: 2, window: 4, activation: "tanh" },
];
const made = await runNode(modelTrainer, {
  params: { layers: convolutions, epochs: 0 },
  inputs: { x },
});
const convolution = made.outputs["model"] as unknown as Table;

const cases: Record<string, readonly TraitCase[]> = {
  "ising-sampler": [
    ...["wolff", "swendsen-wang", "heat-bath", "metropolis"].map((algorithm) => ({
      params: { ...sampling, algorithm },
      values: [3, 8, 11],
    })),
    { params: { ...sampling, betas: [0, 0.2], symmetrize: false }, values: [1, 4, 9] },
  ],
  "model-trainer": [
    training,
    {
      ...training,
      params: { ...training.params, optimizer: { sgd: { learning_rate: 0.1, momentum: 0.9 } } },
    },
    {
      ...training,
      params: { ...training.params, early_stopping: { patience: 2 }, optimizer: { adam: 0.5 } },
      inputs: { x, validation_x },
      values: [1, 2, 5, 30],
    },
    { ...training, params: { layers: convolutions, batch: 8 }, values: [1, 2, 4] },
    {
      params: {
        layers: [
          { use: "encoder", until: "code", frozen: true },
          { dense: "x", activation: "tanh", l1: 0.001 },
        ],
        batch: 8,
      },
      inputs: { x, encoder: model },
      values: [1, 2, 4],
    },
  ],
  decimator: [
    { rule: "decimation", offset: [1, 0] },
    { rule: "majority" },
    { rule: "average" },
    { rule: "sqrt-2", steps: 2 },
  ].map((params) => ({ params, inputs: { configurations: lattices } })),
  "model-apply": [
    { params: { store: "both" }, inputs: { configurations: lattices, model } },
    { params: { store: "values" }, inputs: { configurations: lattices, model: convolution } },
  ].map((given) => ({ ...given, params: { ...given.params, allow_training_chains: true } })),
};

const kinds = ["infinite-temperature", "shuffled-sites", "mean-field", "global-flip"];
cases["ensemble-control"] = kinds.map((kind) => ({
  params: { kind },
  inputs: { configurations: lattices },
}));
// Weights 1 leave ties, which a coin decides for each configuration.
const filter = await runNode(blockFilter, { params: { rule: "majority", size: 4 } });
cases["block-spins"] = [1, 2].map((steps) => ({
  params: { steps },
  inputs: { configurations: lattices, model: filter.outputs["model"] as Table },
}));
cases["upsampler"] = [{ inputs: { configurations: lattices } }];

const hasTraits = nodeTypes.filter(({ splits, grows, maps }) => splits ?? grows ?? maps);

test.each(hasTraits.map((type) => [type.type, type] as const))(
  "%s keeps its traits",
  async (name, type) => {
    await checkTraits(type, cases[name] ?? []);
  },
  240_000,
);

const own = fileURLToPath(new URL("../fixtures/trait-nodes.js", import.meta.url));
const path = tableOf(
  { name: utf8, position: f64 },
  { name: [..."abcdefg"], position: [1, 2, 3, 4, 5, 6, 7] },
) as Table;

test("one's own node types keep theirs", async () => {
  const { value, diagnostics } = await loadUserNodes([{ path: own, span: undefined as never }], []);
  expect(diagnostics).toEqual([]);
  const types = new Map(value!.map(({ type }) => [type.type, type]));
  await checkTraits(types.get("walks")!, [
    { params: { names: ["a", "b", "c"], turn_at: 2 }, values: [1, 2, 6] },
  ]);
  await checkTraits(types.get("squares")!, [{ inputs: { path } }]);
});
