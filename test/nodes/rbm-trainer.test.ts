import { expect, test } from "vitest";
import { InvalidInput, InvalidParam } from "../../src/engine/node-type.ts";
import { readModel } from "../../src/learn/model-table.ts";
import { rbmTrainer } from "../../src/nodes/rbm-trainer.ts";
import { weights } from "../../src/nodes/weights/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { configurations, decimated } from "./configurations.ts";
import { digestOf } from "./digest.ts";

const x = configurations();

async function train(params: object = {}, inputs: Record<string, Table> = { x }) {
  const given = { units: 4, epochs: 3, batch: 16, seed: 3, ...params };
  const { outputs, log } = await runNode(rbmTrainer, { params: given, inputs });
  return { outputs: outputs as unknown as Record<"model" | "history", Table>, log };
}

test("rbm-trainer gives its mean field as a model, with history and chains", async () => {
  const validation_x = configurations({ part: "validation" });
  const { outputs, log } = await train({ epochs: 20 }, { x, validation_x });
  const { layers, loss, chains } = readModel(outputs.model);
  expect([loss, chains]).toEqual([
    "likelihood",
    ["train/0.2/0", "train/0.2/1", "train/0.5/0", "train/0.5/1"],
  ]);
  const [code, image] = layers;
  expect([code!.kernel.length, code!.activation, image!.activation]).toEqual([64, "tanh", "tanh"]);
  expect(image!.kernel[4 * 5 + 2]).toBe(code!.kernel[2 * 16 + 5]);
  const columns = outputs.history.columns as Record<string, ArrayLike<number>>;
  expect(Array.from(columns["epoch"]!)).toEqual(Array.from({ length: 21 }, (_, i) => i));
  expect(columns["reconstruction"]![20]).toBeLessThan(columns["reconstruction"]![0]!);
  expect(Number.isFinite(columns["validation_free_energy"]![20])).toBe(true);
  expect(log).toHaveLength(21);
  const measured = await runNode(weights, { inputs: { model: outputs.model } });
  expect([...measured.outputs.summary.columns.layer]).toEqual(["code", "image"]);
});

test("rbm-trainer gives the bytes that are on record for its version", async () => {
  const one = await train();
  expect([rbmTrainer.version, digestOf(one.outputs)]).toEqual([2, "d3a3f1ca16b7286b"]);
  expect(digestOf((await train()).outputs)).toBe(digestOf(one.outputs));
  expect(digestOf((await train({ seed: 4 })).outputs)).not.toBe(digestOf(one.outputs));
});

test("rbm-trainer locates what does not fit", async () => {
  await expect(train({ batch: 81 })).rejects.toEqual(
    new InvalidParam("batch", "81 is more than the rows of the data, 80"),
  );
  await expect(train({}, { x, validation_x: decimated(x) })).rejects.toEqual(
    new InvalidInput("validation_x", "has 4 spins, expected 16"),
  );
});
