/**
 * `correlation`: G(r) of spin configurations, what another ensemble keeps of it, and the
 * correlation between sites and the units that encode them. Knows no network and no rule.
 */
import {
  type Batch,
  type Columns,
  defineNode,
  f64,
  InvalidInput,
  InvalidParam,
  i32,
  nullable,
  type Port,
  Seed,
  type Static,
  type Table,
  Type,
  table,
  vector,
} from "../../engine/node-type.ts";
import { axisLags, planeLags } from "../../lattice/correlation/lags.ts";
import { dataColumn, rowsOf } from "../../learn/columns.ts";
import { at } from "../../learn/misfit.ts";
import { requireSameRows } from "../../learn/training/examples.ts";
import { requireTwoConfigurations, warnOfFewConfigurations } from "../shared/few.ts";
import { sideOf } from "../shared/lattice.ts";
import { located } from "../shared/located.ts";
import { openSample, type Sample, spinColumns } from "../shared/sample.ts";
import { averaged, averagedError, columnsOf } from "../shared/tables.ts";
import { figures } from "./figures.ts";
import { notes, typical } from "./notes.ts";
import {
  chainsColumn,
  jackknifeBatch,
  jackknifeColumns,
  readOriginal,
  retentionRows,
  rowsOfJackknife,
} from "./retention.ts";
import { type Codes, hiddenRows, twoPoints } from "./rows.ts";

const params = Type.Object(
  {
    lags: Type.Unsafe<"axes" | "plane">({
      enum: ["axes", "plane"],
      default: "axes",
      description: "axes: (0, r) averaged over both axes; plane: every (dy, dx) once.",
    }),
    code: Type.Optional(
      Type.String({ description: "Column of `codes` to read; else spins or values." }),
    ),
    shuffles: Type.Integer({
      minimum: 2,
      default: 4,
      description: "Shuffles of the configurations that the null of max |C| is averaged over.",
    }),
    matrix: Type.Boolean({ default: false, description: "Also give C_ia itself, per beta." }),
    seed: Seed({ default: 1, description: "Seed of the shuffles." }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

const inputs = {
  configurations: table(spinColumns, { description: "Spins: the visible units." }),
  codes: table(
    {},
    {
      optional: true,
      description: "What encodes each configuration, row by row: bits (signs) or numbers.",
    },
  ),
  original: table(jackknifeColumns, {
    optional: true,
    description: "`jackknife` of what the configurations are images of: the same rows and lags.",
  }),
};

const twoPointColumns = {
  beta: f64,
  dy: i32,
  dx: i32,
  g: f64,
  g_se: nullable(f64),
  g_connected: f64,
  g_connected_se: nullable(f64),
  configurations: i32,
};

const hiddenColumns = {
  mean_c: nullable(f64),
  mean_c_se: nullable(f64),
  max_c: nullable(f64),
  max_c_se: nullable(f64),
  max_c_null: nullable(f64),
  max_c_null_se: nullable(f64),
  max_c_excess: nullable(f64),
  max_c_excess_se: nullable(f64),
  mean_raw: f64,
  mean_raw_se: nullable(f64),
  max_raw: f64,
  max_raw_se: nullable(f64),
  frozen_units: i32,
  configurations: i32,
};
const visibleHiddenColumns = { beta: f64, ...hiddenColumns, frozen_sites: i32 };

const distanceColumns = {
  beta: f64,
  distance: f64,
  sites: i32,
  c: nullable(f64),
  c_se: nullable(f64),
  c_null: nullable(f64),
};

const retentionMetrics = {
  rho_g: nullable(f64),
  rho_g_se: nullable(f64),
  g_ratio: nullable(f64),
  g_ratio_se: nullable(f64),
};
const retentionColumns = { beta: f64, lags: i32, ...retentionMetrics };

export const correlation = defineNode({
  type: "correlation",
  version: 6,
  summary: "Two-point correlations of spins, and of spins with the units that encode them.",
  details: `
Errors (\`_se\`) are block jackknifes over configurations, 20 contiguous blocks per beta; they say
nothing about other seeds. The k-th configurations of collected tables share a block. Fewer than 20 at
a beta give a warning, fewer than 2 an error: two configurations correlate anything fully.

\`two_point\`, unless there are only \`codes\` to measure: G(r) = <s(x) s(x + r)> over sites and
configurations, per beta; connected: less the square of the mean spin. \`jackknife\` is G once more,
with the values that leave out each block.

\`retention\`, with \`original\`: rho_g = 1 - sum |G - G_orig| / sum |G_orig| over r = 1 .. L/2 along
the axes where |G_orig| is above 4 standard errors (null where none is). It counts correlation that is
added as it counts what is lost, so \`g_ratio\` stands beside it: sum G / sum G_orig over the same r, above
1 where images correlate more than their originals. The errors pair blocks: row by row, the configurations must be images of the original's. Where both have chains, \`jackknife\` has
a digest of them in their order, \`chains\`, and other chains are an error.

\`visible_hidden\`, with \`codes\`, which are taken as they are given, signs or real: C_ia = cov(v_i, h_a) /
(sigma_i sigma_a) per beta (never over all betas at once, which would mix the magnetization in). \`max_c\`
and \`mean_c\` are of single units, so they prefer codes whose units look like spins: \`code-information\`
does not. \`mean_c\` is the mean of |C| over pairs,
\`max_c\` the mean over units of max_i |C_ia|; sites and units that do not vary are left out and
counted. The largest of many correlations is never 0: \`max_c_null\` is max_c with the configurations
shuffled, a mean over \`shuffles\` (its error is that of their mean: blocks of shuffled configurations
mean nothing), and \`max_c_excess\` the difference, which claims should use (its error has both). \`mean_raw\` and \`max_raw\` are the same for <v_i h_a>;
under plain decimation that is G(r_i - b r_a). (C_ia as a diagnostic of coarse graining: de Mello
Koch, de Mello Koch and Cheng, IEEE Access 8, 2020, arXiv 1906.05212.)

\`matrix\` has NaN where a site or a unit does not vary.

\`by_distance\`: C_ia, turned to be positive at the site where |C_ia| is largest, against the distance
from there, a mean over units and sites; \`c_null\` is the same with the configurations shuffled. Of
plain decimation it is G of that distance.

\`summary\` is the mean over betas of each; frozen units are counted together.`,
  notes,
  typical,
  params,
  inputs,
  outputs: (given: Params, types): Record<string, Port> => {
    const sites = sideOf("configurations", types["configurations"]!) ** 2;
    const [codes, original] = [types["codes"], types["original"]];
    if (codes) codesColumn(given, codes);
    const summary = {
      ...(original ? retentionMetrics : {}),
      ...(codes ? hiddenColumns : { configurations: i32 }),
    };
    const isPlain = !codes && !original;
    return {
      ...(isPlain ? {} : { summary: table(summary, { main: true }) }),
      ...(codes
        ? { visible_hidden: table(visibleHiddenColumns), by_distance: table(distanceColumns) }
        : {}),
      ...(original ? { retention: table(retentionColumns) } : {}),
      ...(codes && !original
        ? {}
        : {
            two_point: table(twoPointColumns, { main: isPlain }),
            jackknife: table(
              { ...jackknifeColumns, ...(types["configurations"]!["chain"] && chainsColumn) },
              { description: "What `original` takes." },
            ),
          }),
      ...(codes && given.matrix
        ? { matrix: table({ beta: f64, unit: i32, c: vector("float32", sites) }) }
        : {}),
    };
  },

  figures,

  async run({ params, inputs, random, warn }) {
    const { configurations, codes, original } = inputs;
    const { sample, table: given } = await openSample(configurations);
    requireTwoConfigurations("configurations", sample.betas);
    warnOfFewConfigurations(sample.betas, warn);
    const result: Record<string, Batch> = {};
    const summary: Record<string, (number | null)[]> = { configurations: [sample.rows] };
    if (codes) {
      const read = readCodes(params, await codes.table(), given);
      const randomAt = (beta: number) => random("shuffle", beta);
      const measured = hiddenRows(sample, read, { shuffles: params.shuffles, randomAt });
      const rows = measured.map(({ row }) => row);
      result["visible_hidden"] = columnsOf(visibleHiddenColumns, rows);
      result["by_distance"] = columnsOf(
        distanceColumns,
        measured.flatMap(({ distances }) => distances),
      );
      const matrices = measured.map(({ matrix }) => matrix);
      if (params.matrix) result["matrix"] = matrixBatch(sample, read.units, matrices);
      for (const metric of Object.keys(hiddenColumns) as (keyof typeof hiddenColumns)[]) {
        const values = rows.map((row) => row[metric]);
        const isCount = metric === "frozen_units" || metric === "configurations";
        summary[metric] = [
          metric.endsWith("_se") ? averagedError(values) : averaged(values, isCount),
        ];
      }
    }
    if (original || !codes) {
      const lags = params.lags === "axes" ? axisLags : planeLags;
      const found = twoPoints(sample, lags(sample.side));
      const { left_out: _, chains: __, ...columns } = found;
      result["two_point"] = { ...columns };
      const jackknife = jackknifeBatch(found);
      result["jackknife"] = jackknife;
      if (original) {
        const rows = rowsOfJackknife(jackknife);
        const kept = retentionRows(rows, readOriginal(await original.table(), rows));
        result["retention"] = columnsOf(retentionColumns, kept);
        for (const name of ["rho_g", "g_ratio"] as const) {
          summary[name] = [averaged(kept.map((row) => row[name]))];
          summary[`${name}_se`] = [averagedError(kept.map((row) => row[`${name}_se`]))];
        }
      }
    }
    if (codes || original) result["summary"] = summary;
    return result;
  },
});

/** Rows of codes beside the configurations; an `InvalidInput` if they are of other ones. */
function readCodes(given: Params, codes: Table, configurations: Table): Codes {
  const names = ["configurations", "codes"] as const;
  located(() => at("port", "codes", () => requireSameRows(configurations, codes, names)));
  const column = codesColumn(given, codes.schema);
  if (column.spins) {
    return { values: codes.columns[column.name] as Uint8Array, units: column.width };
  }
  const values = new Float32Array(codes.rows * column.width);
  const { copy } = rowsOf(codes, column);
  for (let row = 0; row < codes.rows; row++) copy(row, values, row * column.width);
  return { values, units: column.width };
}

function matrixBatch(sample: Sample, units: number, matrices: readonly Float64Array[]): Batch {
  const sites = sample.side * sample.side;
  const c = new Float32Array(matrices.length * units * sites);
  for (const [b, matrix] of matrices.entries()) c.set(matrix, b * units * sites);
  const rows = sample.betas.flatMap(({ value: beta }) =>
    Array.from({ length: units }, (_, unit) => ({ beta, unit })),
  );
  return { ...columnsOf({ beta: f64, unit: i32 }, rows), c };
}

function codesColumn(given: Params, schema: Columns) {
  try {
    return dataColumn(schema, given.code);
  } catch (error) {
    const { message } = error as Error;
    throw given.code ? new InvalidParam("code", message) : new InvalidInput("codes", message);
  }
}
