import { expect, test } from "vitest";
import { InvalidInput, InvalidParam } from "../../src/engine/node-type.ts";
import type { Model } from "../../src/learn/model.ts";
import { modelApply } from "../../src/nodes/model-apply.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { convolution, dense } from "../learn/networks.ts";
import { configurations, decimated } from "./configurations.ts";
import { tableOfModel } from "./models.ts";

const x = configurations({ samples: 5 });

/** Decimation by 2 on a 4 x 4 lattice, and nearest-neighbour upsampling, as linear layers. */
function exact(): Model {
  const [code, image] = [dense("code", 16, 4, "linear"), dense("image", 4, 16, "linear")];
  const share = (site: number, unit: number) =>
    (site >> 3 === unit >> 1 ? 1 : 0) * ((site & 3) >> 1 === (unit & 1) ? 1 : 0);
  const first = (unit: number) => 8 * (unit >> 1) + 2 * (unit & 1);
  code.kernel.forEach((_, i) => {
    code.kernel[i] = i % 16 === first(Math.floor(i / 16)) ? 1 : 0;
  });
  image.kernel.forEach((_, i) => {
    image.kernel[i] = share(Math.floor(i / 4), i % 4);
  });
  code.bias.fill(0);
  image.bias.fill(0);
  return { layers: [code, image], loss: "mse", chains: [] };
}

async function apply(params: Record<string, unknown>, model: Model, chunkRows = 3) {
  const inputs = { configurations: x, model: tableOfModel(model) };
  const { outputs } = await runNode(modelApply, { params, inputs, chunkRows });
  return outputs as unknown as Record<"code" | "image", Table>;
}

test("model-apply of exact decimation gives the decimated lattices as code, chunk by chunk", async () => {
  const { code, image } = await apply({}, exact());
  const want = decimated(x);
  expect(code.columns).toEqual(want.columns);
  expect(code.schema["spins"]).toEqual({ type: "fixed_size_list", item: "bool", size: 4 });
  expect(decimated(image).columns["spins"]).toEqual(want.columns["spins"]);
  expect(image.schema["spins"]).toEqual(x.schema["spins"]);
  expect(image.columns["chain"]).toEqual(x.columns["chain"]);
});

test("model-apply stores numbers where asked to, and their signs beside them", async () => {
  const { code } = await apply({ store: "both" }, exact());
  const values = code.columns["values"] as Float32Array;
  const bytes = code.columns["spins"] as Uint8Array;
  expect(values).toHaveLength(40);
  for (const [i, value] of values.entries()) {
    expect(value).toBe((bytes[i >> 3]! >> (i & 7)) & 1 ? 1 : -1);
  }
  expect(Object.keys((await apply({ store: "values" }, exact())).image.columns)).toEqual([
    "values",
    "beta",
    "chain",
  ]);
});

test("model-apply of a convolution gives its code as a lattice", async () => {
  const blocks = { rows: 2, columns: 2, stride: 2, side: 2, fine: 1, coarse: 1 };
  const layer = convolution("conv", "code", blocks, "linear");
  layer.kernel.set([1, 0, 0, 0]);
  layer.bias.fill(0);
  const rest = { loss: "mse", chains: [] } as const;
  const { code } = await apply({}, { layers: [layer], ...rest });
  expect(code.schema["spins"]).toEqual(decimated(x).schema["spins"]);
  expect(code.columns["spins"]).toEqual(decimated(x).columns["spins"]);
  const wide = convolution("conv", "code", { ...blocks, coarse: 3 });
  const { code: channels } = await apply({ store: "values" }, { layers: [wide], ...rest });
  expect(channels.schema["values"]).toMatchObject({ size: 12, shape: [2, 2, 3] });
});

test("model-apply takes a sigmoid trained by bce as the mean of a spin", async () => {
  const layers = [dense("code", 16, 4, "sigmoid"), dense("image", 4, 16, "sigmoid")];
  const mse = await apply({ store: "both" }, { layers, loss: "mse", chains: [] });
  const bce = await apply({ store: "both" }, { layers, loss: "bce", chains: [] });
  const raw = mse.image.columns["values"] as Float32Array;
  expect(bce.image.columns["values"]).toEqual(raw.map((p) => 2 * p - 1));
  expect(bce.code.columns).toEqual(mse.code.columns);
  // Every probability is positive, so without bce every spin would be +1.
  expect(mse.image.columns["spins"]).toEqual(new Uint8Array(20).fill(255));
  expect(bce.image.columns["spins"]).not.toEqual(mse.image.columns["spins"]);
});

test("model-apply locates another lattice size, an unknown layer and a table that is not a model", async () => {
  const inputs = { configurations: decimated(x), model: tableOfModel(exact()) };
  await expect(runNode(modelApply, { inputs })).rejects.toEqual(
    new InvalidInput("model", "takes 16 numbers, but the configurations have 4"),
  );
  await expect(apply({ code_layer: "kode" }, exact())).rejects.toEqual(
    new InvalidParam("code_layer", 'must be a layer of the model ("code", "image"), got "kode"'),
  );
  const { kernel_1_code: _, kernel_2_image: __, ...schema } = inputs.model.schema;
  const model = { ...inputs.model, schema };
  await expect(runNode(modelApply, { inputs: { ...inputs, model } })).rejects.toEqual(
    new InvalidInput("model", "holds no model"),
  );
});

test("model-apply refuses a chain that the model was trained on, unless told otherwise", async () => {
  const model = { ...exact(), chains: ["train/0.5/1"] };
  // In the last of several chunks.
  await expect(apply({}, model)).rejects.toEqual(
    new InvalidInput("configurations", 'chain "train/0.5/1" is one that the model was trained on'),
  );
  const allowed = await apply({ allow_training_chains: true }, model);
  expect(allowed).toEqual(await apply({}, { ...model, chains: ["train/0.6/1"] }));
});
