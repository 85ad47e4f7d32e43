/**
 * `denoising`: how much noise is left in images of spin configurations: entropy, single spins, domain
 * walls and correlation length, each compared with the original. Does not know what made the images.
 */
import {
  defineNode,
  f64,
  i32,
  nullable,
  type Static,
  Type,
  table,
} from "../../engine/node-type.ts";
import type { EstimatorName } from "../../lattice/entropy.ts";
import {
  checkEstimator,
  correctionParam,
  estimatorNames,
  warnOfFewWindows,
} from "../shared/entropy.ts";
import { warnOfFewConfigurations } from "../shared/few.ts";
import { sideOf } from "../shared/lattice.ts";
import { readSample, spinColumns } from "../shared/sample.ts";
import { averaged, averagedError, columnsOf, unchecked } from "../shared/tables.ts";
import { notes, typical } from "./notes.ts";
import { denoisingRows, requireImages } from "./rows.ts";

const params = Type.Object(
  {
    estimator: Type.Unsafe<EstimatorName>({
      enum: estimatorNames,
      default: "cond5",
      description: "The estimator of the entropy per site, as in the node type `entropy`.",
    }),
    correction: correctionParam,
  },
  { additionalProperties: false },
);

/** Changes with their errors, which the summary averages. */
const changes = {
  entropy_change: f64,
  entropy_change_se: nullable(f64),
  isolated_change: f64,
  isolated_change_se: nullable(f64),
  walls_change: f64,
  walls_change_se: nullable(f64),
  energy_bias: f64,
  energy_bias_se: nullable(f64),
};

const byBetaColumns = {
  beta: f64,
  ...changes,
  xi_ratio: nullable(f64),
  xi_ratio_se: nullable(f64),
  entropy: f64,
  entropy_original: f64,
  isolated: f64,
  isolated_original: f64,
  walls: f64,
  walls_original: f64,
  xi: nullable(f64),
  xi_original: nullable(f64),
  windows: f64,
  windows_original: f64,
  configurations: i32,
};

export const denoising = defineNode({
  type: "denoising",
  version: 2,
  summary: "Compares images of configurations with their originals: entropy, walls, single spins.",
  details: `
Image less original, per beta:

- entropy_change: s_est(image) - s_est(original), in nats per site of either's own lattice.
- isolated_change: of the share of spins all four of whose neighbours disagree.
- walls_change: of the domain-wall density, the share of unequal neighbours (1 - G(1)) / 2.
- energy_bias: of the energy per site, u = -2 G(1): four times walls_change.
- xi_ratio: xi(image) / xi(original), with the second-moment correlation length
  xi = sqrt(chi/F - 1) / (2 sin(pi/L)), chi = N <m^2>, F = <|sum s exp(i k x)|^2> / N at |k| = 2 pi/L
  over both axes (Cooper, Freedman and Preston, Nucl. Phys. B 210, 210, 1982; at criticality xi/L tends
  to .9050: Salas and Sokal, J. Stat. Phys. 98, 551, 2000); each in sites of its own lattice, null where chi < F or nothing varies. Below the critical temperature the mean is not
  subtracted, and xi grows with the size.

The images may be of another size, and k of each original (say, all offsets of a decimation,
collected), but in the originals' order, beta by beta: where both have a column \`chain\` (and \`time\`),
another one is an error. Errors (\`_se\`) are block jackknifes over
configurations that leave out the same block on both sides; they say nothing about other seeds.
Entropy estimates are biased by few windows: \`windows\` should equal \`windows_original\`.

A network that is trained to small squared error and read by its sign smooths whatever it was trained
on: hold a change against that of images by other means (nearest-neighbour copies by \`upsampler\`, a
decoder of coarse-grained lattices, PCA, an untrained model). \`summary\` is the mean over betas of all
but xi.`,
  notes,
  typical,
  params,
  inputs: {
    configurations: table(spinColumns, { description: "The images." }),
    original: table(spinColumns, { description: "The originals of the images, row by row." }),
  },
  outputs: (given: Static<typeof params>, types) => {
    for (const port of ["configurations", "original"]) {
      checkEstimator("estimator", given.estimator, sideOf(port, types[port]!));
    }
    return {
      summary: table({ ...changes, configurations: i32 }, { main: true }),
      by_beta: table(byBetaColumns),
    };
  },

  figures: {
    isolated: {
      port: "by_beta",
      title: "Change of isolated spins",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "beta", title: "β", scale: { zero: false } },
        y: { field: "isolated_change", title: "change of their share" },
      },
    },
  },

  async run({ params, inputs, warn }) {
    const { configurations, original } = inputs;
    const [imageTable, originalTable] = [await configurations.table(), await original.table()];
    const images = readSample(imageTable, configurations.axes);
    const originals = readSample(originalTable, original.axes);
    requireImages([images, imageTable], [originals, originalTable]);
    warnOfFewConfigurations(originals.betas, warn);
    const rows = denoisingRows(images, originals, params);
    const { estimator } = params;
    warnOfFewWindows(
      rows.map((row) => ({
        ...{ beta: row.beta, estimator },
        windows: Math.min(row.windows, row.windows_original),
      })),
      warn,
    );
    const names = Object.keys(changes) as (keyof typeof changes)[];
    const summary = names.map((name) => {
      const values = rows.map((row) => row[name]);
      return [name, [name.endsWith("_se") ? averagedError(values) : averaged(values)]] as const;
    });
    return {
      summary: unchecked({ ...Object.fromEntries(summary), configurations: [images.rows] }),
      by_beta: columnsOf(byBetaColumns, rows),
    };
  },
});
