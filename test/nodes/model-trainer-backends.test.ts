/** The same training on both backends, where `tensorflow` is there: see `scripts/build-tensorflow.mjs`. */
import { expect, test } from "vitest";
import { tableDifferences } from "../../src/engine/commands/difference.ts";
import { backendProblem } from "../../src/learn/backend/backend.ts";
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
  return outputs as unknown as Record<"model" | "history", Table>;
}

test.skipIf(isMissing).each(Object.entries(networks))(
  "model-trainer agrees on both backends within its tolerance: %s",
  async (_, layers) => {
    const [wasm, native] = [await train(layers, "wasm"), await train(layers, "tensorflow")];
    for (const port of ["model", "history"] as const) {
      expect(wasm[port].rows).toBeGreaterThan(0);
      for (const { column, relative } of tableDifferences(wasm[port], native[port])) {
        expect(relative, column).toBeLessThanOrEqual(modelTrainer.tolerance!["*"]!);
      }
    }
  },
);
