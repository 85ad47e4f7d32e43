import { expect, test } from "vitest";
import { bits, InvalidInput, InvalidParam } from "../../src/engine/node-type.ts";
import { readModel } from "../../src/learn/model-table.ts";
import { pca } from "../../src/nodes/pca.ts";
import { reconstruction } from "../../src/nodes/reconstruction/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { configurations } from "./configurations.ts";
import { digestOf } from "./digest.ts";

const x = configurations({ samples: 100 });

async function components(units: number, rows: Table = x) {
  const { outputs } = await runNode(pca, { params: { units }, inputs: { x: rows } });
  return outputs as unknown as Record<"model" | "components", Table>;
}

test("pca leaves as mean square error the variance that it leaves out", async () => {
  for (const units of [1, 4, 9, 16]) {
    const { model, components: table } = await components(units);
    const { outputs } = await runNode(reconstruction, {
      params: { allow_training_chains: true },
      inputs: { configurations: x, model },
    });
    const variances = [...(table.columns["variance"] as Float64Array)];
    const left = variances.slice(units).reduce((sum, v) => sum + v, 0) / 16;
    // The image is computed in float32.
    expect(Math.abs(outputs.summary.columns.mse[0]! - left)).toBeLessThan(1e-5);
    expect(variances.reduce((sum, v) => sum + v, 0)).toBeGreaterThan(15);
    expect((table.columns["cumulative"] as Float64Array).at(-1)).toBeCloseTo(1, 12);
  }
});

test("pca's code has the variances as its covariance, and lists the chains", async () => {
  const { model, components: table } = await components(3);
  const { layers, chains, loss } = readModel(model);
  expect([chains.length, loss]).toEqual([4, "mse"]);
  const [code, image] = layers;
  expect(layers.map(({ name, inputs, outputs }) => [name, inputs, outputs])).toEqual([
    ["code", 16, 3],
    ["image", 3, 16],
  ]);
  const spins = x.columns["spins"] as Uint8Array;
  const codes = Array.from({ length: x.rows }, (_, row) =>
    [0, 1, 2].map((k) => {
      let sum = code!.bias[k]!;
      for (let i = 0; i < 16; i++) {
        const at = row * 16 + i;
        sum += code!.kernel[k * 16 + i]! * (((spins[at >> 3]! >> (at & 7)) & 1) * 2 - 1);
      }
      return sum;
    }),
  );
  for (const k of [0, 1, 2]) {
    for (const l of [0, 1, 2]) {
      const covariance = codes.reduce((sum, c) => sum + c[k]! * c[l]!, 0) / x.rows;
      const want = k === l ? (table.columns["variance"] as Float64Array)[k]! : 0;
      expect(Math.abs(covariance - want)).toBeLessThan(1e-5);
    }
    for (let i = 0; i < 16; i++) expect(image!.kernel[i * 3 + k]).toBe(code!.kernel[k * 16 + i]);
  }
});

test("pca gives the bytes that are on record for its version", async () => {
  expect([pca.version, digestOf(await components(4))]).toEqual([1, "dbde8c302a6f6317"]);
});

test("pca refuses more components than numbers, and no rows", async () => {
  await expect(components(17)).rejects.toEqual(
    new InvalidParam("units", "17 components of 16 numbers"),
  );
  const empty = tableOf({ spins: bits(16) }, { spins: [] }) as Table;
  await expect(components(4, empty)).rejects.toEqual(new InvalidInput("x", "holds no rows"));
});
