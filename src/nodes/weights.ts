/**
 * `weights`: how sparse and how local the weights of a network are, beside what independent
 * Gaussian weights would give. Knows nothing of how it was trained.
 */
import {
  type Columns,
  defineNode,
  f64,
  InvalidInput,
  InvalidParam,
  i32,
  nullable,
  type Static,
  Type,
  table,
  utf8,
} from "../engine/node-type.ts";
import { squareSide } from "../lattice/correlation-rows.ts";
import type { Layer } from "../learn/model.ts";
import { modelColumns, modelSizes, readModel } from "../learn/model-table.ts";
import { gyrationRadius, gyrationRadiusUniform } from "../statistics/locality.ts";
import {
  gini,
  giniGaussian,
  hoyer,
  hoyerGaussian,
  nearZeroShare,
  participationRatio,
  participationRatioGaussian,
} from "../statistics/sparsity.ts";
import { averaged, columnsOf, defined } from "./measures/tables.ts";

const params = Type.Object(
  {
    layers: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: "Names of layers; else all." }),
    ),
    epsilon: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.1,
      description: "l0 is the share of weights below epsilon times the largest.",
    }),
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
  zero_units: i32,
};

const unitColumns = {
  layer: utf8,
  unit: i32,
  norm: f64,
  hoyer: nullable(f64),
  gini: nullable(f64),
  participation_ratio: nullable(f64),
  gyration_radius: nullable(f64),
};

export const weights = defineNode({
  type: "weights",
  version: 1,
  summary: "Sparsity and locality of a network's weights.",
  details: `
Of each layer's kernel W (units x inputs), biases excepted.

- hoyer: (sqrt n - |W|_1/|W|_2) / (sqrt n - 1) over the n entries of the whole matrix; Gaussian
  weights have 1 - sqrt(2/pi) = .202.
- gini: sum (2i - n - 1) |w|_(i) / (n sum |w|) over the whole matrix; Gaussian sqrt 2 - 1 = .414.
- participation_ratio: mean over units of (sum w^2)^2 / sum w^4, the number of inputs that a unit
  looks at; Gaussian: a third of the inputs.
- l0: the share of entries with |w| < epsilon max |w|, in the whole matrix.
- gyration_radius: mean over units of sqrt(sum w^2 d^2 / sum w^2) about the unit's centre, where
  the inputs are a square lattice (else null), in sites; evenly spread weights have L / sqrt 6. Of
  a decoder it means something only where the code is a lattice.

An untrained model (\`epochs: 0\`) is a second baseline: Glorot's uniform weights, for one, begin at
.135, not at .202. Units without weights are left out of the means and counted.`,
  params,
  inputs: { model: table(modelColumns) },
  outputs: (given: Params, types) => {
    checkLayers(given, types["model"]!);
    return {
      summary: table(summaryColumns, { main: true }),
      units: table(unitColumns, { description: "One row a unit." }),
    };
  },

  async run({ params, inputs }) {
    const { layers } = readModel(await inputs.model.table());
    const chosen = layers.filter(({ name }) => params.layers?.includes(name) ?? true);
    const measured = chosen.map((layer) => ({ layer, units: measureUnits(layer) }));
    return {
      summary: columnsOf(
        summaryColumns,
        measured.map(({ layer, units }) => summarize(layer, units, params.epsilon)),
      ),
      units: columnsOf(
        unitColumns,
        measured.flatMap(({ units }) => units),
      ),
    };
  },
});

function checkLayers(given: Params, schema: Columns): void {
  const known = modelSizes(schema)?.map(({ name }) => name);
  if (!known) throw new InvalidInput("model", "expected a model");
  for (const [i, name] of (given.layers ?? []).entries()) {
    if (known.includes(name)) continue;
    const have = known.map((other) => JSON.stringify(other)).join(", ");
    const message = `unknown layer ${JSON.stringify(name)}: the model has ${have}`;
    throw new InvalidParam(`layers.${i}`, message);
  }
}

function measureUnits({ name, kernel, inputs, outputs }: Layer) {
  const side = squareSide(inputs);
  return Array.from({ length: outputs }, (_, unit) => {
    const row = kernel.subarray(unit * inputs, (unit + 1) * inputs);
    return {
      layer: name,
      unit,
      norm: Math.sqrt(row.reduce((sum, w) => sum + w * w, 0)),
      hoyer: defined(hoyer(row)),
      gini: defined(gini(row)),
      participation_ratio: defined(participationRatio(row)),
      gyration_radius: side ? defined(gyrationRadius(row, side)) : null,
    };
  });
}

function summarize(layer: Layer, units: ReturnType<typeof measureUnits>, epsilon: number) {
  const { name, kernel, inputs, outputs } = layer;
  const side = squareSide(inputs);
  return {
    layer: name,
    units: outputs,
    inputs,
    hoyer: defined(hoyer(kernel)),
    hoyer_gaussian: hoyerGaussian,
    gini: defined(gini(kernel)),
    gini_gaussian: giniGaussian,
    participation_ratio: averaged(units.map((unit) => unit.participation_ratio)),
    participation_ratio_gaussian: participationRatioGaussian(inputs),
    l0: defined(nearZeroShare(kernel, epsilon)),
    gyration_radius: averaged(units.map((unit) => unit.gyration_radius)),
    gyration_radius_uniform: side ? gyrationRadiusUniform(side) : null,
    zero_units: units.filter(({ norm }) => norm === 0).length,
  };
}
