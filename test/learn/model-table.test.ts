import { expect, test } from "vitest";
import { codeLayer, type Model, until } from "../../src/learn/model.ts";
import { modelBatch, modelSchema, modelSizes, readModel } from "../../src/learn/model-table.ts";
import { tableOf } from "../harness/tables.ts";
import { convolution, dense, energy } from "./networks.ts";

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

test("readModel() gives back convolutions, energies and what was learned", () => {
  const windows = { rows: 3, columns: 2, stride: 2, side: 3, fine: 1, coarse: 5 };
  const layers = [
    convolution("conv", "code", windows),
    convolution("conv_transpose", "image", windows, "tanh", true),
    energy("energy", 36),
  ];
  const target = { column: "beta", from: 0.1, to: 0.7 };
  const given: Model = { layers: layers.slice(0, 2), loss: "mse", chains: [], target };
  for (const one of [given, { ...given, layers: layers.slice(2) }]) {
    const table = tableOf(modelSchema(one.layers), modelBatch(one));
    expect(readModel(table)).toEqual(one);
    const { activation: _, frozen: __, kernel: ___, bias: ____, ...size } = one.layers[0]!;
    expect(modelSizes(table.schema)?.[0]).toEqual(size);
  }
  const { columns, schema } = tableOf(modelSchema(layers), modelBatch({ ...given, layers }));
  expect(schema["windows_1_code"]).toMatchObject({ item: "bool", shape: [3, 2, 2, 2] });
  // Bits 0 and 2 of the rows 0, 2 and 4 of four sites.
  expect(columns["windows_1_code"]).toEqual(Uint8Array.of(0b0101, 0b0101, 0b0101));
  expect(columns["couplings_3_energy"]).toEqual(new Float32Array(72).fill(-1 / 36));
});

test("modelSizes() reads names and sizes from the columns' types alone", () => {
  const sizes = [
    { kind: "dense", name: "code", inputs: 16, outputs: 4 },
    { kind: "dense", name: "dense_2", inputs: 4, outputs: 16 },
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
