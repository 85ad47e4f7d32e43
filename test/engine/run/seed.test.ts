/** The parameter that seeds a node type's streams is found by its mark, in runs as in tests. */
import { expect, test } from "vitest";
import { defineNode, f64, Seed, Type, table } from "../../../src/engine/node-type.ts";
import { runNode } from "../../harness/run-node.ts";
import { Workshop } from "../../harness/workshop.ts";

const diceOf = (properties: Parameters<typeof Type.Object>[0]) =>
  defineNode({
    ...{ type: "dice", version: 1, summary: "A test.", params: Type.Object(properties) },
    ...{ inputs: {}, outputs: { out: table({ x: f64 }) } },
    run: ({ random }) => ({ out: { x: [random("throw").float64()] } }),
  });

async function drawn(type: ReturnType<typeof diceOf>, params: Record<string, unknown>) {
  using workshop = new Workshop(type);
  const { record } = await workshop.make({ params });
  return [...((await workshop.read(record.outputs["out"]!)).columns["x"] as Float64Array)];
}

test("a seed parameter may have any name, and other parameters may be called seed", async () => {
  const named = diceOf({ lot: Seed({ default: 1 }), seed: Type.Optional(Type.String()) });
  const one = await drawn(named, {});
  expect(one).toEqual([...(await runNode(named)).outputs.out.columns.x]);
  expect(one).toEqual(await drawn(diceOf({ seed: Seed() }), { seed: 1 }));
  expect(one).toEqual(await drawn(diceOf({ seed: Type.Integer() }), { seed: 1 }));
  expect(one).toEqual(await drawn(named, { seed: "other" }));
  expect(one).not.toEqual(await drawn(named, { lot: 2 }));
});

test("without a seed, drawing is an error", async () => {
  const message = "draws random numbers but has no seed";
  await expect(drawn(diceOf({}), {})).rejects.toThrow(message);
  await expect(drawn(diceOf({ lot: Type.Optional(Seed()) }), {})).rejects.toThrow(message);
});
