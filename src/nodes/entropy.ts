/**
 * `entropy`: the entropy per site of spin configurations, estimated from local patterns.
 * Knows nothing of what made the configurations.
 */
import {
  defineNode,
  f64,
  InvalidParam,
  i32,
  nullable,
  type Static,
  Type,
  table,
  utf8,
} from "../engine/node-type.ts";
import { squareSide } from "../lattice/correlation-rows.ts";
import { type EstimatorName, entropyEstimators, smallestSide } from "../lattice/entropy.ts";
import { jackknifeBlocks } from "../statistics/jackknife.ts";
import { entropyRows } from "./measures/entropy.ts";
import { readSample, sitesOf, spinColumns } from "./measures/sample.ts";
import { columnsOf } from "./measures/tables.ts";

const names = Object.keys(entropyEstimators) as EstimatorName[];

const params = Type.Object(
  {
    estimators: Type.Array(
      Type.Unsafe<EstimatorName>({ enum: names, description: "One estimator; see the reference." }),
      {
        default: ["pattern2x2", "kikuchi3x3", "cond5"],
        minItems: 1,
        uniqueItems: true,
        description: "Which estimators; claims should use cond5.",
      },
    ),
    correction: Type.Unsafe<"plugin" | "miller-madow" | "grassberger">({
      enum: ["plugin", "miller-madow", "grassberger"],
      default: "miller-madow",
      description: "Of the bias of each window's entropy; plugin: none.",
    }),
    blocks: Type.Integer({
      minimum: 2,
      default: jackknifeBlocks,
      description: "Contiguous blocks of configurations for the jackknife error.",
    }),
  },
  { additionalProperties: false },
);

const byBetaColumns = {
  beta: f64,
  estimator: utf8,
  entropy: f64,
  entropy_se: nullable(f64),
  block_entropy: nullable(f64),
  correction: f64,
  patterns: i32,
  windows: f64,
  configurations: i32,
};

/** Windows per possible pattern below which even corrected estimates have come out in wrong order. */
const windowsPerPattern = 50;

export const entropy = defineNode({
  type: "entropy",
  version: 1,
  summary: "Entropy per site of spin configurations, from local patterns.",
  details: `
In nats per site of the lattice that is measured. H_ab is the entropy of overlapping a x b windows,
which wrap around; a window must fit the lattice.

- pattern2x2, pattern3x3: H_ab / (ab); \`block_entropy\` is H_ab itself.
- bethe: H_12 + H_21 - 3 H_11. Invalid below the critical temperature: it turns negative.
- kikuchi2x2: H_22 - H_12 - H_21 + H_11. At L = 8, beta = .6 it orders a lattice and its decimation
  wrongly without any sampling error: look at it, decide nothing by it.
- kikuchi3x3: H_33 - H_23 - H_32 + H_22.
- cond5, cond11: H(s | neighbours) of the half plane before s: with (dy, dx) = (0,-1) (0,-2) (-1,-1)
  (-1,0) (-1,1), and (0,-1..-3) (-1,-2..2) (-2,-1..1). Upper bounds on the infinite lattice; on a
  small torus they can lie below the entropy.

Estimates from few windows are biased low; \`correction\` is what was added (Miller-Madow:
(K - 1)/2n for K patterns seen among n windows, window by window). Compare lattices at equal numbers
of windows: a decimation by 2 has as many as its original with all four offsets, collected. Windows
overlap, so the error is a block jackknife over contiguous configurations; the k-th configurations
of collected tables share a block.`,
  params,
  inputs: { configurations: table(spinColumns) },
  outputs: (given: Static<typeof params>, types) => {
    const side = squareSide(sitesOf("configurations", types))!;
    for (const [i, name] of given.estimators.entries()) {
      const smallest = smallestSide(entropyEstimators[name]);
      if (side >= smallest) continue;
      const message = `"${name}" looks at ${smallest} sites in a row, but the lattice has ${side}`;
      throw new InvalidParam(`estimators.${i}`, message);
    }
    return { by_beta: table(byBetaColumns) };
  },

  async run({ params, inputs, warn }) {
    const sample = readSample(await inputs.configurations.table(), inputs.configurations.axes);
    const rows = entropyRows(sample, params);
    for (const name of params.estimators) {
      const patterns = 2 ** entropyEstimators[name].sites.length;
      const few = rows.filter(
        ({ estimator, windows }) => estimator === name && windows < windowsPerPattern * patterns,
      );
      if (few.length === 0) continue;
      const { beta, windows } = few[0]!;
      const more = few.length > 1 ? ` and at ${few.length - 1} more` : "";
      warn(
        "few-windows",
        `${name} has ${windows} windows for ${patterns} patterns at beta ${beta}${more}: ` +
          `below ${windowsPerPattern} a pattern the bias may exceed the error`,
      );
    }
    return { by_beta: columnsOf(byBetaColumns, rows) };
  },
});
