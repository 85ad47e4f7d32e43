import { expect, test } from "vitest";
import { codeLayer, type Model, until } from "../../src/learn/model.ts";
import { modelBatch, modelSchema, modelSizes, readModel } from "../../src/learn/model-table.ts";
import { tableOf } from "../harness/tables.ts";
import { dense } from "./networks.ts";

const model: Model = {
  layers: [dense("code", 16, 4, "sign", true), dense("dense_2", 4, 16)],
  loss: "bce",
  chains: ["1/train/0.4/0", "1/train/0.4/1"],
};

test("readModel() gives back what modelBatch() wrote, in whatever order the columns are", () => {
  const schema = modelSchema(model.layers);
  const table = tableOf(schema, modelBatch(model));
  expect(table.rows).toBe(1);
  expect(schema["kernel_1_code"]).toMatchObject({ size: 64, shape: [4, 16] });
  expect(readModel(table)).toEqual(model);
  const shuffled = Object.fromEntries(Object.entries(schema).reverse());
  expect(readModel({ schema: shuffled, columns: table.columns })).toEqual(model);
});

test("modelSizes() reads names and sizes from the columns' types alone", () => {
  const sizes = [
    { name: "code", inputs: 16, outputs: 4 },
    { name: "dense_2", inputs: 4, outputs: 16 },
  ];
  expect(modelSizes(modelSchema(model.layers))).toEqual(sizes);
  expect(modelSizes({ spins: { type: "fixed_size_list" } })).toBeUndefined();
});

test("readModel() refuses other tables and newer formats", () => {
  expect(() => readModel({ schema: {}, columns: {} })).toThrow("holds no model");
  const schema = modelSchema(model.layers);
  const columns = { ...modelBatch(model), spec: ['{"version":2}'] };
  expect(() => readModel({ schema, columns })).toThrow("holds a model of the unknown format 2");
});

test("until() and codeLayer() take a part of a network", () => {
  expect(until(model.layers, "code")).toEqual(model.layers.slice(0, 1));
  expect(() => until(model.layers, "kode")).toThrow(
    'must be a layer of the model ("code", "dense_2"), got "kode"',
  );
  const sizes = (...outputs: number[]) =>
    outputs.map((n, i) => ({ name: `${i}`, inputs: 9, outputs: n }));
  expect(codeLayer(sizes(5, 3, 3, 9)).name).toBe("1");
  expect(codeLayer(model.layers).name).toBe("code");
});
