import { expect, test } from "vitest";
import { bits, f64, i32 } from "../../src/engine/node-type.ts";
import { packSpins, unpackSpins } from "../../src/lattice/spins.ts";
import { decimator } from "../../src/nodes/decimator.ts";
import { upsampler } from "../../src/nodes/upsampler.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { configurations } from "./configurations.ts";

test("upsampler() copies each spin over its block and drops what is no longer true", async () => {
  const coarse = tableOf(
    { spins: bits(4, [2, 2]), beta: f64, energy: i32 },
    { spins: packSpins([1, -1, -1, 1, -1, -1, -1, 1]), beta: [0.1, 0.2], energy: [4, 0] },
  );
  const { outputs } = await runNode(upsampler, {
    inputs: { configurations: coarse },
    params: { factor: 3 },
    chunkRows: 1,
  });
  const { columns, schema, rows } = outputs.configurations;
  expect(Object.keys(schema)).toEqual(["spins", "beta"]);
  expect(schema["spins"]).toMatchObject({ size: 36, shape: [6, 6] });
  expect(Array.from(columns["beta"] as Float64Array)).toEqual([0.1, 0.2]);
  const spins = unpackSpins(columns["spins"] as Uint8Array, 36, 0, rows);
  for (let i = 0; i < 36; i++) {
    const block = 2 * Math.floor(i / 18) + Math.floor((i % 6) / 3);
    expect(spins[i]).toBe([1, -1, -1, 1][block]);
    expect(spins[36 + i]).toBe([-1, -1, -1, 1][block]);
  }
});

test("a decimation, or a majority, of its output gives the input back", async () => {
  const coarse = configurations({ side: 4, samples: 5 });
  const fine = await runNode(upsampler, { inputs: { configurations: coarse } });
  for (const rule of ["decimation", "majority"]) {
    const back = await runNode(decimator, {
      inputs: { configurations: fine.outputs.configurations },
      params: { rule },
    });
    expect(back.outputs.configurations.columns["spins"]).toEqual(coarse.columns["spins"]);
    expect(back.outputs.configurations.columns["chain"]).toEqual(coarse.columns["chain"]);
  }
});
