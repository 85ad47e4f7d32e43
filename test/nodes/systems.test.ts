/** A second spin system goes through the nodes: a file, and a line in the table. */
import { beforeAll, expect, test } from "vitest";
import { expandPipeline } from "../../src/engine/expand/index.ts";
import type { Registry } from "../../src/engine/graph.ts";
import { renderDiagnostic } from "../../src/engine/language/diagnostic.ts";
import { systems } from "../../src/lattice/systems/index.ts";
import type { SpinSystem } from "../../src/lattice/systems/system.ts";
import { chainDiagnostics } from "../../src/nodes/chain-diagnostics/index.ts";
import { decimator } from "../../src/nodes/decimator.ts";
import { nodeTypes } from "../../src/nodes/index.ts";
import { orderParameter } from "../../src/nodes/order-parameter/index.ts";
import { samplerOf } from "../../src/nodes/sampler.ts";
import { upsampler } from "../../src/nodes/upsampler.ts";
import type { Table } from "../../src/table/schema.ts";
import { checkTraits } from "../harness/check-node.ts";
import { loadPipeline } from "../harness/load-pipeline.ts";
import { runNode } from "../harness/run-node.ts";
import { potts, totalsOf } from "../lattice/systems/potts.ts";

const pottsSampler = samplerOf(potts);

beforeAll(() => {
  (systems as Record<string, SpinSystem>)["potts"] = potts;
});

async function sample(params: object): Promise<{ configurations: Table; diagnostics: Table }> {
  const { outputs } = await runNode(pottsSampler, { params: { ...params } });
  return outputs as unknown as { configurations: Table; diagnostics: Table };
}
const small = { size: 6, betas: [0.5], samples: 20, chains: 4, burn_in: 5, thinning: 1 };
const spinsOf = ({ columns }: Table) => columns["spins"] as Uint8Array;

test("every system has a column of its own, by which readers know it", () => {
  const items = Object.values(systems).map(({ layout }) => layout.item);
  expect(new Set(items).size).toBe(items.length);
});

test("the sampler records a system's columns, and its configurations measure themselves", async () => {
  const { configurations, diagnostics } = await sample(small);
  expect(configurations.schema).toEqual({
    spins: { type: "fixed_size_list", item: "uint8", size: 36, shape: [6, 6] },
    beta: { type: "float64" },
    chain: { type: "utf8" },
    time: { type: "int32" },
    energy: { type: "int32" },
    order: { type: "float64" },
    shift: { type: "int8" },
  });
  const { energy, order, shift } = configurations.columns as Record<string, ArrayLike<number>>;
  for (let row = 0; row < 20; row++) {
    const spins = spinsOf(configurations).subarray(36 * row, 36 * (row + 1));
    expect({ energy: energy![row], order: order![row] }).toEqual(totalsOf(spins, 6));
  }
  expect(new Set(Array.from(shift!))).toEqual(new Set([0, 1, 2]));
  const means = diagnostics.columns as Record<string, ArrayLike<number>>;
  const ofChain = (chain: number) =>
    [0, 1, 2, 3, 4].reduce((sum, t) => sum + order![4 * t + chain]!, 0) / 5 / 36;
  expect(means["mean_order"]![1]).toBeCloseTo(ofChain(1), 12);
});

test("recording by the symmetry changes the states and nothing that is measured", async () => {
  const plain = (await sample({ ...small, symmetrize: false })).configurations;
  const turned = (await sample(small)).configurations;
  const { shift, energy, order } = turned.columns as Record<string, ArrayLike<number>>;
  expect([...spinsOf(turned)]).toEqual(
    [...spinsOf(plain)].map((state, i) => (state + shift![Math.floor(i / 36)]!) % 3),
  );
  expect(energy).toEqual(plain.columns["energy"]);
  expect(order).toEqual(plain.columns["order"]);
});

test("the sampler of a second system keeps the traits: it splits, grows and continues", async () => {
  const { samples: _, ...params } = { ...small, betas: [0.3, 0.9] };
  await checkTraits(pottsSampler, [{ params, values: [3, 8, 11] }]);
});

/** 1,000 independent chains; two comparisons at 4 sigma: a false alarm in 8,000. */
test("the energy and the order of the 3x3 torus are those of its 19,683 states", async () => {
  const beta = 0.7;
  let [z, energy, order] = [0, 0, 0];
  for (let state = 0; state < 3 ** 9; state++) {
    const totals = totalsOf(
      Uint8Array.from({ length: 9 }, (_, i) => (state / 3 ** i) % 3),
      3,
    );
    const weight = Math.exp(-beta * totals.energy);
    z += weight;
    energy += weight * totals.energy;
    order += weight * totals.order;
  }
  const { configurations } = await sample({
    ...{ size: 3, betas: [beta], chains: 1000, samples: 1000, burn_in: 60, thinning: 1, seed: 11 },
  });
  const measured = await runNode(orderParameter, {
    params: { column: "order", divide: 9, sites: 9 },
    inputs: { configurations },
  });
  const { mean, mean_se } = measured.outputs.by_beta.columns;
  expect(Math.abs(mean[0]! - order / z / 9)).toBeLessThan(4 * mean_se[0]!);
  const energies = Array.from(configurations.columns["energy"] as Int32Array);
  const average = energies.reduce((a, b) => a + b) / 1000;
  const variance = energies.reduce((sum, e) => sum + (e - average) ** 2, 0) / 999;
  expect(Math.abs(average - energy / z)).toBeLessThan(4 * Math.sqrt(variance / 1000));
});

test("rules that keep sites coarse-grain any system, and blocks are filled with any", async () => {
  const { configurations } = await sample(small);
  const run = async (node: typeof decimator | typeof upsampler, table: Table, params: object) => {
    const given = { params: { ...params }, inputs: { configurations: table } };
    return (await runNode(node as typeof decimator, given)).outputs.configurations as Table;
  };
  const coarse = await run(decimator, configurations, { offset: [1, 2] });
  expect(coarse.schema["spins"]).toEqual({
    ...{ type: "fixed_size_list", item: "uint8", size: 9, shape: [3, 3] },
  });
  expect(Object.keys(coarse.schema)).not.toContain("energy");
  const site = (row: number, y: number, x: number) =>
    spinsOf(configurations)[36 * row + 6 * ((2 * y + 1) % 6) + ((2 * x + 2) % 6)];
  const kept = Array.from({ length: 180 }, (_, i) =>
    site(Math.floor(i / 9), Math.floor((i % 9) / 3), i % 3),
  );
  expect([...spinsOf(coarse)]).toEqual(kept);
  expect(new Set(kept)).toEqual(new Set([0, 1, 2]));
  const copied = await run(upsampler, coarse, {});
  expect(spinsOf(await run(decimator, copied, {}))).toEqual(spinsOf(coarse));
  // Through the engine and its store, in one chunk and in several.
  await checkTraits(decimator, [{ inputs: { configurations } }]);
});

test("what a system does not have, and what a measure cannot treat, are located errors", () => {
  const registry: Registry = new Map(
    [...nodeTypes, pottsSampler].map((type) => [type.type, { type, module: "", code: null }]),
  );
  const text = `blockspin: 1
stages:
  lattices:
    node: potts-sampler
    with: { size: 8, betas: [0, 0.5], samples: 40 }
  blocks: { node: decimator, inputs: { configurations: lattices }, with: { rule: majority } }
  readings: { node: thermometer, inputs: { configurations: lattices } }
  entropies: { node: entropy, inputs: { configurations: lattices } }
  correlations: { node: correlation, inputs: { configurations: lattices } }
  map: { node: rg-map, inputs: { configurations: lattices } }
`;
  const { value } = loadPipeline("/project/p.yaml", { readFile: () => text });
  const { diagnostics } = expandPipeline(value!, registry, { hashFile: () => "" });
  expect(
    diagnostics.map(renderDiagnostic).map((d) => d.split("\n")[0]!.split(": ").slice(1).join(": ")),
  ).toMatchInlineSnapshot(`
    [
      "error[invalid-param]: "rule" potts spins have no majority: use decimation or sqrt-2",
      "error[invalid-input]: "configurations" has potts spins, whose energy is not that of ising spins: connect a model",
      "error[port-mismatch]: lattices.configurations has spins: uint8[8,8]; entropies.configurations expects spins: bool[*]",
      "error[port-mismatch]: lattices.configurations has spins: uint8[8,8]; correlations.configurations expects spins: bool[*]",
      "error[port-mismatch]: lattices.configurations has spins: uint8[8,8]; map.configurations expects spins: bool[*]",
    ]
  `);
});

test("a system without exact results has none to be held against", () => {
  const outputs = chainDiagnostics.outputs as (params: object, inputs: object) => unknown;
  const spins = { type: "fixed_size_list", item: "uint8", size: 16, shape: [4, 4] };
  const diagnose = (exact: string) => outputs({ exact }, { configurations: { spins } });
  expect(() => diagnose("none")).not.toThrow();
  expect(() => diagnose("torus")).toThrow("has potts spins, for which no exact results are known");
});

test("spins of no known system are an error that lists those there are", () => {
  const outputs = decimator.outputs as (params: object, inputs: object) => unknown;
  const spins = { type: "fixed_size_list", item: "int16", size: 16 };
  expect(() => outputs({ rule: "decimation" }, { configurations: { spins } })).toThrow(
    "expected spins of a known system, got int16; known: ising (bool), potts (uint8)",
  );
});
