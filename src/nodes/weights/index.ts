/**
 * `weights`: how sparse and how local the weights of a network are, beside the values for independent
 * Gaussian weights. Does not know how the network was trained.
 */
import {
  type Columns,
  defineNode,
  f64,
  InvalidInput,
  InvalidParam,
  i32,
  nullable,
  Seed,
  type Static,
  Type,
  table,
  utf8,
} from "../../engine/node-type.ts";
import { modelColumns, modelSizes, readModel } from "../../learn/model-table.ts";
import { columnsOf } from "../shared/tables.ts";
import { notes, typical } from "./notes.ts";
import { distanceRows, kernelOf, layerRow, unitRows } from "./rows.ts";

const params = Type.Object(
  {
    layers: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: "Names of layers; else all." }),
    ),
    epsilon: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.1,
      description: "l0 is the share of weights below epsilon times the unit's largest.",
    }),
    shuffles: Type.Integer({
      minimum: 1,
      default: 4,
      description: "Shuffles of the sites that block_share_null is averaged over.",
    }),
    seed: Seed({ default: 1, description: "Seed of the shuffles." }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

const summaryColumns = {
  layer: utf8,
  units: i32,
  inputs: i32,
  hoyer: nullable(f64),
  hoyer_gaussian: f64,
  gini: nullable(f64),
  gini_gaussian: f64,
  participation_ratio: nullable(f64),
  participation_ratio_gaussian: f64,
  l0: nullable(f64),
  gyration_radius: nullable(f64),
  gyration_radius_uniform: nullable(f64),
  block_share: nullable(f64),
  block_share_uniform: nullable(f64),
  block_share_matched: nullable(f64),
  block_share_null: nullable(f64),
  zero_units: i32,
};

const unitColumns = {
  layer: utf8,
  unit: i32,
  norm: f64,
  hoyer: nullable(f64),
  gini: nullable(f64),
  participation_ratio: nullable(f64),
  l0: nullable(f64),
  gyration_radius: nullable(f64),
  block_share: nullable(f64),
  block_share_matched: nullable(f64),
};

const distanceColumns = { layer: utf8, distance: f64, sites: i32, share: f64, share_uniform: f64 };

export const weights = defineNode({
  type: "weights",
  version: 3,
  summary: "Sparsity and locality of a network's weights.",
  details: `
Of each layer's kernel W (units x inputs), biases excepted; of a convolution, the small kernel that its
windows share, which has no place on the lattice. Layers without weights are left out.

- hoyer: (sqrt n - |W|_1/|W|_2) / (sqrt n - 1) over the n entries of the whole matrix (Hoyer, JMLR 5,
  1457, 2004); Gaussian weights have 1 - sqrt(2/pi) = .202.
- gini: sum (2i - n - 1) |w|_(i) / (n sum |w|) over the whole matrix (Hurley & Rickard, IEEE Trans.
  Inf. Theory 55, 4723, 2009); Gaussian sqrt 2 - 1 = .414.
- participation_ratio: mean over units of (sum w^2)^2 / sum w^4, the number of inputs that a unit
  looks at; Gaussian: a third of the inputs.
- l0: mean over units of the share of inputs with |w| < epsilon max |w|, the unit's own largest.
- gyration_radius: mean over units of sqrt(sum w^2 d^2 / sum w^2) about the unit's centre, where
  the inputs are a square lattice (else null), in sites; evenly spread weights have L / sqrt 6. Of
  a decoder it means something only where the code is a lattice.
- block_share: mean over units of the share of w^2 inside the b x b block of the unit's own index, in
  row-major order, for networks that were taught a coarse lattice; evenly spread weights have b^2/n.
  block_share_matched: the same with units assigned to blocks, one each, so that the sum is largest
  (Hungarian method), in the best of the b^2 tilings, for networks that number their units as they
  like. The best of many is never small: block_share_null is the same with each unit's weights
  shuffled over the sites. Null unless there are as many units as blocks of some b > 1.

An untrained model (\`epochs: 0\`) is a second baseline: Glorot's uniform weights, for one, begin at
a Hoyer of .135, not at .202. Units without weights are left out of the means and counted.

\`distance\`: the share of w^2 at each distance from the unit's largest weight, a mean over units,
beside the share of evenly spread weights; no rows where the inputs are not a square lattice.`,
  notes,
  typical,
  params,
  inputs: { model: table(modelColumns) },
  outputs: (given: Params, types) => {
    checkLayers(given, types["model"]!);
    return {
      summary: table(summaryColumns, { main: true }),
      units: table(unitColumns, { description: "One row a unit." }),
      distance: table(distanceColumns, {
        description: "One row a layer and distance.",
        mayBeEmpty: true,
      }),
    };
  },

  figures: {
    sparsity: {
      port: "summary",
      title: "Sparsity of the weights",
      text: "Hoyer's measure by layer; the line is what Gaussian weights have.",
      layer: [
        {
          mark: { type: "point", opacity: 0.7 },
          encoding: { x: { field: "hoyer", title: "Hoyer" }, y: { field: "layer", title: null } },
        },
        {
          mark: { type: "rule", strokeDash: [4, 4] },
          encoding: {
            x: { field: "hoyer_gaussian", aggregate: "mean" },
            color: { value: "#5b6473" },
          },
        },
      ],
      height: 200,
    },
    locality: {
      port: "distance",
      title: "Where the weights are",
      text: "Share of the squared weights by distance from a unit's largest one.",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "distance" },
        y: { field: "share", scale: { type: "sqrt" } },
      },
    },
  },

  async run({ params, inputs, random }) {
    const { layers, shape } = readModel(await inputs.model.table());
    const chosen = layers
      .map((layer, i) => kernelOf(layer, i === 0 ? shape : undefined))
      .filter((kernel) => kernel !== undefined)
      .filter(({ name }) => params.layers?.includes(name) ?? true);
    const units = chosen.map((layer) => unitRows(layer, params.epsilon));
    const summary = chosen.map((layer, i) =>
      layerRow(layer, units[i]!, {
        shuffles: params.shuffles,
        random: random("shuffle", layer.name),
      }),
    );
    return {
      summary: columnsOf(summaryColumns, summary),
      units: columnsOf(unitColumns, units.flat()),
      distance: columnsOf(distanceColumns, chosen.flatMap(distanceRows)),
    };
  },
});

function checkLayers(given: Params, schema: Columns): void {
  const known = modelSizes(schema)?.map(({ name }) => name);
  if (!known) throw new InvalidInput("model", "holds no model");
  for (const [i, name] of (given.layers ?? []).entries()) {
    if (known.includes(name)) continue;
    const have = known.map((other) => JSON.stringify(other)).join(", ");
    const message = `must be a layer of the model (${have}), got ${JSON.stringify(name)}`;
    throw new InvalidParam(`layers.${i}`, message);
  }
}
