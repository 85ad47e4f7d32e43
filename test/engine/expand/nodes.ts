/** Small node types for tests of the document and expand phases. None of them is ever run. */
import type { RegisteredNode, Registry } from "../../../src/engine/graph.ts";
import {
  type AnyNodeType,
  bits,
  defineNode,
  File,
  f64,
  InvalidInput,
  InvalidParam,
  i32,
  nullable,
  type Ports,
  Seed,
  Step,
  Type,
  table,
  utf8,
} from "../../../src/engine/node-type.ts";

const run = () => {
  throw new Error("internal error: expanding must not run a node");
};

const strict = { additionalProperties: false };

/** No inputs; rows of spins. */
export const sampler = defineNode({
  type: "sampler",
  version: 1,
  summary: "Draws configurations.",
  params: Type.Object(
    {
      size: Type.Integer({ minimum: 2, description: "Side of the lattice, in sites." }),
      betas: Type.Array(Type.Number({ minimum: 0 }), { minItems: 1, default: [0.4] }),
      samples: Type.Integer({ minimum: 1, default: 10 }),
      cool_from: Type.Optional(Step()),
      algorithm: Type.Union([Type.Literal("wolff"), Type.Literal("metropolis")], {
        default: "wolff",
      }),
      seed: Seed({ default: 0 }),
    },
    strict,
  ),
  inputs: {},
  outputs: ({ size }) => ({
    configurations: table({ spins: bits(size * size), beta: f64, chain: utf8 }, { main: true }),
    diagnostics: table({ beta: f64, tau: nullable(f64) }),
  }),
  grows: { by: "samples", extends: ["configurations"] },
  run,
});

/** Changes the size of what comes in. */
export const decimator = defineNode({
  type: "decimator",
  version: 1,
  summary: "Coarse-grains configurations.",
  params: Type.Object(
    {
      factor: Type.Integer({ minimum: 1, default: 2 }),
      rule: Type.Union([Type.Literal("decimation"), Type.Literal("majority")], {
        default: "decimation",
      }),
    },
    strict,
  ),
  inputs: { configurations: table({ spins: bits("*"), beta: f64 }) },
  outputs: ({ factor }, { configurations }) => {
    const spins = configurations!["spins"]!;
    if (spins.type !== "fixed_size_list" || spins.size === "*") throw new Error("no size");
    const side = Math.sqrt(spins.size);
    if (factor === 13) throw new InvalidInput("configurations", "brings bad luck");
    if (side % factor !== 0) throw new InvalidParam("factor", `${factor} does not divide ${side}`);
    return { configurations: table({ spins: bits((side / factor) ** 2), beta: f64 }) };
  },
  run,
});

const Layer = Type.Union([
  Type.Object(
    {
      dense: Type.Union([Type.Integer({ minimum: 1 }), Type.Literal("y")]),
      activation: Type.Optional(Type.String()),
    },
    strict,
  ),
  Type.Object({ use: Type.String(), frozen: Type.Boolean({ default: false }) }, strict),
]);

export const trainer = defineNode({
  type: "trainer",
  version: 1,
  summary: "Fits a model.",
  params: Type.Object(
    {
      layers: Type.Array(Layer, { minItems: 1, "x-blockspin": "flatten" }),
      epochs: Type.Integer({ minimum: 0, default: 1 }),
      rate: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
      seed: Seed(),
    },
    strict,
  ),
  inputs: {
    x: table({ spins: bits("*") }),
    y: table({ spins: bits("*") }, { optional: true }),
  },
  moreInputs: table({ weights: f64 }),
  outputs: {
    model: table({ layer: i32, weights: f64 }, { main: true }),
    history: table({ epoch: i32, loss: f64 }),
  },
  run,
});

/** One input of any width, one table out. */
export const measure = defineNode({
  type: "measure",
  version: 1,
  summary: "Measures a model on configurations.",
  params: Type.Object(
    { label: Type.String({ default: "" }), weight: Type.Optional(Type.Number()) },
    strict,
  ),
  inputs: {
    model: table({ weights: f64 }, { optional: true }),
    configurations: table({ spins: bits("*") }, { optional: true }),
  },
  outputs: { summary: table({ value: f64, name: utf8 }) },
  run,
});

export const verdict = defineNode({
  type: "verdict",
  version: 1,
  summary: "Compares measurements.",
  params: Type.Object({ margin: Type.Number({ default: 0 }) }, strict),
  inputs: { metrics: table({ value: f64 }) },
  outputs: { table: table({ claim: utf8 }) },
  run,
});

export const importer = defineNode({
  type: "importer",
  version: 1,
  summary: "Reads files.",
  params: Type.Object(
    { file: File(), extra: Type.Array(File({ named: true }), { default: [] }) },
    strict,
  ),
  inputs: {},
  outputs: { rows: table({ value: f64 }) },
  run,
});

/** Wants 16 spins and says nothing sensible about its outputs with `fail`. */
export const picky = defineNode({
  type: "picky",
  version: 1,
  summary: "Takes 16 spins.",
  params: Type.Object({ fail: Type.Boolean({ default: false }) }, strict),
  inputs: { x: table({ spins: bits(16) }) },
  outputs: ({ fail }) => {
    if (fail) throw new TypeError("cannot read properties of undefined");
    return { rows: table({ value: f64 }) };
  },
  run,
});

/** Two output ports; one is the main one if asked. */
export const splitter = defineNode({
  type: "splitter",
  version: 1,
  summary: "Puts out two tables.",
  params: Type.Object({ main: Type.Boolean({ default: false }) }, strict),
  inputs: {},
  outputs: ({ main }): Ports => ({
    left: table({ value: nullable(f64) }, { main }),
    right: table({ value: f64 }),
  }),
  run,
});

/** Puts out the columns that it takes. */
export const echo = defineNode({
  type: "echo",
  version: 1,
  summary: "Passes on a table.",
  params: Type.Object({}, strict),
  inputs: { x: table({}) },
  outputs: (_, { x }): Ports => ({ all: table(x!) }),
  run,
});

export const nodeTypes: readonly AnyNodeType[] = [
  sampler,
  decimator,
  trainer,
  measure,
  verdict,
  importer,
  picky,
  splitter,
  echo,
];

export const registry: Registry = new Map(
  nodeTypes.map((type): [string, RegisteredNode] => [
    type.type,
    { type, module: "file:///test/nodes.js", code: null },
  ]),
);
