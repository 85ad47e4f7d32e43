/** The same training on both backends, where `tensorflow` is there: see `scripts/build-tensorflow.mjs`. */
import { expect, test } from "vitest";
import { backendProblem } from "../../src/learn/backend/backend.ts";
import { parametersOf } from "../../src/learn/model.ts";
import { readModel } from "../../src/learn/model-table.ts";
import { modelTrainer } from "../../src/nodes/model-trainer/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { configurations } from "./configurations.ts";

const isMissing = (await backendProblem("tensorflow")) !== undefined;
const x = configurations();

const networks = {
  dense: [
    { dense: 4, activation: "tanh", name: "code" },
    { dense: "x", activation: "tanh" },
  ],
  convolutions: [
    { conv: 3, window: 3, stride: 2, activation: "tanh" },
    { conv_transpose: 1, window: 3, stride: 2, activation: "tanh" },
  ],
};

async function train(layers: object[], backend: "wasm" | "tensorflow") {
  const params = { layers, epochs: 3, batch: 16, optimizer: { adam: 0.01 }, seed: 3 };
  const { outputs } = await runNode(modelTrainer, { params, inputs: { x }, backend });
  const { layers: trained } = readModel(outputs["model"] as unknown as Table);
  const weights = trained.flatMap(parametersOf).flatMap((array) => [...array]);
  return { weights, loss: [...outputs["history"].columns.loss] };
}

test.skipIf(isMissing).each(Object.entries(networks))(
  "model-trainer agrees on both backends within its tolerance: %s",
  async (_, layers) => {
    const tolerance = modelTrainer.tolerance!["*"]!;
    const [wasm, native] = [await train(layers, "wasm"), await train(layers, "tensorflow")];
    for (const column of ["weights", "loss"] as const) {
      // Relative to the largest value of a column, as `cache verify --rerun` compares.
      const largest = Math.max(...wasm[column].map(Math.abs));
      for (const [i, value] of wasm[column].entries()) {
        expect(Math.abs(value - native[column][i]!)).toBeLessThanOrEqual(tolerance * largest);
      }
    }
  },
);
