/** The shape of a row decides what lattice it is, for every node type that minds. */
import { expect, test } from "vitest";
import {
  type AnyNodeType,
  bits,
  type Columns,
  f64,
  i8,
  i32,
  utf8,
} from "../../src/engine/node-type.ts";
import { modelSchema } from "../../src/learn/model-table.ts";
import { nodeTypes } from "../../src/nodes/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode, withDefaults } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";

const types = new Map<string, AnyNodeType>(nodeTypes.map((type) => [type.type, type]));

/** All that a sampler gives, with rows of this shape. */
const sampled = (shape?: readonly number[]): Columns => ({
  spins: bits(64, shape),
  beta: f64,
  chain: utf8,
  time: i32,
  energy: i32,
  magnetization: i32,
  sign: i8,
});
const jackknife: Columns = {
  ...{ beta: f64, dy: i32, dx: i32, g: f64 },
  g_se: { type: "float64", nullable: true },
  left_out: { type: "list", item: "float64" },
};
const dense = modelSchema([
  { kind: "dense", name: "code", inputs: 64, outputs: 16 },
  { kind: "dense", name: "image", inputs: 16, outputs: 64 },
]) as unknown as Columns;
const windows = { rows: 8, columns: 8, stride: 1, side: 3, fine: 1, coarse: 1 };
const convolution = modelSchema([
  { kind: "conv", name: "code", inputs: 64, outputs: 64, windows },
  { kind: "dense", name: "image", inputs: 64, outputs: 64 },
]) as unknown as Columns;
const critic = modelSchema([
  { kind: "energy", name: "energy", inputs: 64, outputs: 1 },
]) as unknown as Columns;

type Case = readonly [
  type: string,
  params: object,
  inputs: (columns: Columns) => Readonly<Record<string, Columns>>,
  port?: string,
];
const configurations = (columns: Columns) => ({ configurations: columns });

const named = (cases: readonly Case[]) =>
  cases.map((given) => ({ given, type: given[0], params: JSON.stringify(given[1]) }));

const particular: readonly Case[] = [
  ["correlation", {}, configurations],
  ["correlation", {}, (columns) => ({ configurations: columns, codes: sampled() })],
  ["correlation", {}, (columns) => ({ configurations: columns, original: jackknife })],
  ["entropy", {}, configurations],
  ["code-information", {}, (c) => ({ configurations: c, train: sampled([8, 8]), model: dense })],
  ["code-information", {}, (c) => ({ configurations: sampled(), train: c, model: dense }), "train"],
  ["denoising", {}, (columns) => ({ configurations: columns, original: sampled() })],
  ["denoising", {}, (columns) => ({ configurations: sampled(), original: columns }), "original"],
  ["rg-map", { map: "energy-matched" }, configurations],
  ["mcrg", {}, configurations],
  [
    "mcrg",
    { steps: 1 },
    (c) => ({ configurations: { ...sampled(), spins: bits(256) }, coarse: c }),
    "coarse",
  ],
  ["thermometer", {}, configurations],
  ["thermodynamic-integration", {}, configurations],
  ["chain-diagnostics", {}, configurations],
  ["ensemble-control", { kind: "global-flip" }, configurations],
  ["decimator", {}, configurations],
  ["upsampler", {}, configurations],
  [
    "model-trainer",
    { layers: [{ conv: 1 }, { dense: "x" }], epochs: 1 },
    (x) => ({ x }),
    "layers.0",
  ],
  [
    "model-trainer",
    { layers: [{ use: "c" }, { dense: "x" }], epochs: 1 },
    (x) => ({ x, c: critic }),
    "layers.0.use",
  ],
  [
    "model-trainer",
    { layers: [{ dense: "x" }], epochs: 1 },
    (columns) => ({ x: sampled([8, 8]), validation_x: columns }),
    "validation_x",
  ],
  [
    "rbm-trainer",
    { units: 2, epochs: 1 },
    (columns) => ({ x: sampled([8, 8]), validation_x: columns }),
    "validation_x",
  ],
  ["model-apply", {}, (c) => ({ configurations: c, model: convolution }), "model"],
  ["flow", { steps: [1] }, (c) => ({ configurations: c, model: convolution }), "model"],
  ["reconstruction", {}, (c) => ({ configurations: c, model: convolution }), "model"],
  ["rate-distortion", {}, (c) => ({ configurations: c, model: convolution }), "model"],
  ["thermometer", {}, (c) => ({ configurations: c, model: critic }), "model"],
];
const shapes = [[4, 4, 4], [2, 32], [64], [4, 4, 2, 2]];

const outputsOf = (type: string, params: object, inputs: Readonly<Record<string, Columns>>) => {
  const node = types.get(type)!;
  const given = withDefaults(node, params);
  return typeof node.outputs === "function" ? node.outputs(given, inputs) : node.outputs;
};

test.each(named(particular))(
  "$type $params minds the shape of its rows",
  ({ given: [type, params, inputs, port = "configurations"] }) => {
    for (const shape of [[8, 8], [8, 8, 1], undefined]) {
      expect(() => outputsOf(type, params, inputs(sampled(shape))), `${shape}`).not.toThrow();
    }
    for (const shape of shapes) {
      // A convolution takes [4, 4, 4] as 4 x 4 sites of four channels, and [2, 32] as a torus.
      const isNewGrid = type === "model-trainer" && port === "layers.0" && shape.length < 4;
      if (isNewGrid && shape.length > 1) continue;
      let thrown: unknown;
      try {
        outputsOf(type, params, inputs(sampled(shape)));
      } catch (error) {
        thrown = error;
      }
      const { name, ...place } = thrown as { name: string; port?: string; path?: string };
      expect(["InvalidInput", "InvalidParam"], `${shape}`).toContain(name);
      expect(place.port ?? place.path?.split(".window")[0], `${shape}`).toBe(port);
    }
  },
);

const indifferent: readonly Case[] = [
  ["compression", {}, configurations],
  ["pca", { units: 2 }, (x) => ({ x })],
  ["rbm-trainer", { units: 2, epochs: 1 }, (x) => ({ x })],
  ["model-trainer", { layers: [{ dense: 2 }, { dense: "x" }], epochs: 1 }, (x) => ({ x })],
  ["model-apply", {}, (columns) => ({ configurations: columns, model: dense })],
  ["flow", { steps: [1] }, (columns) => ({ configurations: columns, model: dense })],
  ["reconstruction", {}, (columns) => ({ configurations: columns, model: dense })],
  ["rate-distortion", {}, (columns) => ({ configurations: columns, model: dense })],
  ["order-parameter", { sites: 64, column: "magnetization" }, configurations],
  ["chain-diagnostics", { exact: "none" }, configurations],
  ["rg-map", { map: "wilson" }, configurations],
  [
    "ensemble-control",
    { kind: "global-flip" },
    ({ spins, beta }) => ({ configurations: { spins: spins!, beta: beta! } }),
  ],
];

test.each(named(indifferent))(
  "$type $params takes rows of any shape",
  ({ given: [type, params, inputs] }) => {
    for (const shape of [...shapes, [8, 8], undefined]) {
      expect(() => outputsOf(type, params, inputs(sampled(shape))), `${shape}`).not.toThrow();
    }
  },
);

test("a cube stays one through a model that does not mind, and has no blocks and no distances", async () => {
  const schema = { spins: bits(64, [4, 4, 4]), beta: f64 };
  const spin = (row: number, site: number) => ((row * 7919 + site * 104729) >> 5) & 1;
  const rows = Array.from({ length: 40 }, (_, row) =>
    Array.from({ length: 64 }, (_, site) => spin(row, site)),
  );
  const cubes = tableOf(schema, { spins: rows, beta: rows.map(() => 0.4) }) as Table;
  const run = async (type: string, options: object) => {
    const { outputs } = await runNode(types.get(type)!, options);
    return outputs as unknown as Record<string, Table>;
  };
  const { model } = await run("pca", { params: { units: 16 }, inputs: { x: cubes } });
  const applied = await run("model-apply", { inputs: { configurations: cubes, model } });
  expect(applied["image"]!.schema["spins"]).toEqual(bits(64, [4, 4, 4]));
  expect(() => outputsOf("entropy", {}, { configurations: applied["image"]!.schema })).toThrow(
    "expected a square lattice, got shape [4, 4, 4]",
  );
  const { summary, distance } = await run("weights", { inputs: { model } });
  const first = Object.fromEntries(
    Object.entries(summary!.columns).map(([name, cells]) => [name, (cells as unknown[])[0]]),
  );
  expect(first).toMatchObject({ layer: "code", gyration_radius: null, block_share: null });
  expect([...(distance!.columns as unknown as { layer: string[] }).layer]).not.toContain("code");
  const kept = await run("reconstruction", { inputs: { configurations: cubes, model } });
  const { nearest_accuracy } = kept["summary"]!.columns as { nearest_accuracy?: unknown[] };
  expect(nearest_accuracy).toEqual([null]);
});
