import { expect, test } from "vitest";
import {
  bits,
  defineNode,
  f64,
  nullable,
  Seed,
  Type,
  table,
  utf8,
} from "../../src/engine/node-type.ts";
import { runNode } from "./run-node.ts";
import { tableOf } from "./tables.ts";

const columns = { spins: bits(3), beta: f64, name: nullable(utf8) };
const three = tableOf(columns, {
  spins: Uint8Array.of(0b10_001_101, 0b0), // rows 101, 100, 010 (least significant bit first)
  beta: [0.1, 0.2, 0.3],
  name: ["a", null, "c"],
});

const echo = defineNode({
  type: "echo",
  version: 1,
  summary: "Returns its input's chunks and a random number.",
  params: Type.Object({ times: Type.Integer({ default: 1 }), seed: Seed({ default: 1 }) }),
  inputs: { rows: table({ spins: bits("*") }) },
  outputs: { rows: table(columns), draws: table({ x: f64 }) },
  async run({ params, inputs, random, warn }) {
    if (params.times > 1) warn("many", `${params.times} times`);
    async function* again() {
      for (let i = 0; i < params.times; i++) {
        for await (const chunk of inputs.rows.chunks()) yield chunk.columns as never;
      }
    }
    return { rows: again(), draws: { x: [random("a").float64(), random("a", 0.5).float64()] } };
  },
});

test("runNode() gives chunks of packed bits and puts them together again", async () => {
  const { outputs } = await runNode(echo, { inputs: { rows: three }, chunkRows: 2 });
  expect(outputs.rows).toEqual(three);
});

test("runNode() fills in defaults, keeps warnings and draws equal streams for equal seeds", async () => {
  const inputs = { rows: three };
  const [one, two] = [await runNode(echo, { inputs }), await runNode(echo, { inputs })];
  const other = await runNode(echo, { inputs, params: { times: 2, seed: 2 } });
  expect(one.outputs.draws).toEqual(two.outputs.draws);
  expect(one.outputs.draws.columns.x).not.toEqual(other.outputs.draws.columns.x);
  expect(one.warnings).toEqual([]);
  expect(other.warnings).toEqual([{ code: "many", message: "2 times" }]);
  expect(other.outputs.rows.rows).toBe(6);
});

test("runNode() refuses parameters and inputs that do not fit", async () => {
  const inputs = { rows: three };
  await expect(runNode(echo, { inputs, params: { times: "x" } })).rejects.toThrow("integer");
  await expect(runNode(echo, {})).rejects.toThrow('missing input "rows"');
  const reals = tableOf({ spins: f64 }, { spins: [1] });
  await expect(runNode(echo, { inputs: { rows: reals } })).rejects.toThrow('"spins" does not fit');
});
