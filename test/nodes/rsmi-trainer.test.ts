/** Seeds were fixed before the first run. */
import { expect, test } from "vitest";
import { InvalidInput, InvalidParam } from "../../src/engine/node-type.ts";
import { filterLayer } from "../../src/learn/block-filter.ts";
import { readModel } from "../../src/learn/model-table.ts";
import { blockFilter } from "../../src/nodes/block-filter.ts";
import { rsmiTrainer } from "../../src/nodes/rsmi-trainer/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { sliceRows } from "../harness/tables.ts";
import { configurations } from "./configurations.ts";
import { digestOf } from "./digest.ts";
import { isingSampler } from "./ising-sampler.ts";

const criticalBeta = 0.44068679350977147;
const lattices = async (size: number, samples: number, seed: string) => {
  const params = { size, betas: [criticalBeta], samples, chains: 8, seed, algorithm: "wolff" };
  return (await runNode(isingSampler, { params })).outputs.configurations as Table;
};
const x = await lattices(8, 400, "train");
const validation_x = await lattices(8, 400, "validation");
const rule = async (params: object) =>
  (await runNode(blockFilter, { params: { size: 8, ...params } })).outputs.model as Table;

const train = (params: object = {}, inputs: Record<string, Table> = { x, validation_x }) =>
  runNode(rsmiTrainer, { params: { epochs: 10, seed: 5, ...params }, inputs: inputs as never });

const boundsOf = (table: Table) =>
  Object.fromEntries(
    (table.columns["block_spin"] as string[]).map((name, i) => [
      name,
      {
        value: (table.columns["information"] as Float64Array)[i]!,
        error: (table.columns["information_se"] as Float64Array)[i]!,
      },
    ]),
  );

test("rsmi-trainer finds that all sites of a block count, and beats the rules it is shown", async () => {
  const { outputs, log } = await train();
  const { layers, chains, loss } = readModel(outputs.model);
  const { kernel, windows, bias, activation } = filterLayer(layers);
  expect([windows.side, windows.stride, windows.rows, loss, activation, [...bias]]).toEqual([
    2,
    2,
    4,
    "mse",
    "tanh",
    [0],
  ]);
  expect(chains).toHaveLength(8);
  // By symmetry the sites are alike; a decimation would have three weights of 0.
  expect(Math.min(...kernel)).toBeGreaterThan(0.4 * Math.max(...kernel));
  const { epoch, information, validation_information } = outputs.history.columns;
  expect([...epoch]).toEqual(Array.from({ length: 11 }, (_, i) => i));
  expect(information[0]).toBe(0);
  expect(information[10]).toBeGreaterThan(information[1]!);
  // 16 numbers on 6400 blocks, which are worth 400 lattices at least: the optimism is below .04.
  expect(Math.abs(information[10]! - Number(validation_information[10]))).toBeLessThan(0.04);
  const own = boundsOf(outputs.bounds);
  expect(own["sample"]!.value).toBeCloseTo(Number(validation_information[10]), 12);
  const of = async (params: object) =>
    boundsOf((await train({}, { x, validation_x, encoder: await rule(params) })).outputs.bounds);
  const [decimation, majority] = [await of({ rule: "decimation" }), await of({ rule: "majority" })];
  expect(majority["sign"]!.value - decimation["sign"]!.value).toBeGreaterThan(
    3 * decimation["sign"]!.error,
  );
  expect(own["sign"]!.value).toBeGreaterThan(majority["sign"]!.value - 0.01);
  expect(own["sign"]!.value).toBeLessThan(Math.LN2);
  expect(log).toHaveLength(11);
});

test("rsmi-trainer keeps a given filter, and names the chains of both", async () => {
  const encoder = await rule({
    weights: [
      [1, 2],
      [3, 4],
    ],
  });
  const { outputs } = await train({ epochs: 2 }, { x, encoder });
  expect([...filterLayer(readModel(outputs.model).layers).kernel]).toEqual([1, 2, 3, 4]);
  expect(outputs.bounds.columns.measured_on).toEqual(["x"]);
  expect([...outputs.history.columns.validation_information]).toEqual([null, null, null]);
});

test("rsmi-trainer gives the bytes that are on record for its version", async () => {
  const few = configurations({ side: 8, samples: 20 });
  const params = { epochs: 2, batch: 64, blocks: 500, window: 4, buffer: 0 };
  const one = await train(params, { x: few });
  expect([rsmiTrainer.version, digestOf(one.outputs as never)]).toEqual([1, "47e91da50b71766f"]);
  const other = await train({ ...params, seed: 6 }, { x: few });
  expect(digestOf(other.outputs as never)).not.toBe(digestOf(one.outputs as never));
});

test("rsmi-trainer locates what does not fit", async () => {
  const fails = (params: object, error: Error, inputs?: Record<string, Table>) =>
    expect(train(params, inputs)).rejects.toEqual(error);
  await fails({ factor: 3 }, new InvalidParam("factor", "3 does not divide 8"));
  await fails(
    { window: 4, buffer: 2 },
    new InvalidParam(
      "environment",
      "a window of 4, buffer and environment span 10 sites, more than the 8 of a side",
    ),
  );
  await fails({ blocks: 100 }, new InvalidParam("batch", "256 is more than the blocks, 100"));
  await fails({}, new InvalidInput("validation_x", "has 4 sites a side, but x has 8"), {
    x,
    validation_x: await lattices(4, 10, "small"),
  });
  await fails(
    { window: 4 },
    new InvalidInput(
      "encoder",
      "has a filter of 2 sites a side, 2 apart: window and factor say otherwise",
    ),
    { x, encoder: await rule({ rule: "majority" }) },
  );
  await fails({}, new InvalidInput("x", "holds no configurations"), { x: sliceRows(x, 0, 0) });
});
