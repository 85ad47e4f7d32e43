/**
 * `correlation`: G(r) of spin configurations, what another ensemble keeps of it, and the
 * correlation between sites and the units that encode them. Knows no network and no rule.
 */
import {
  type Batch,
  type Columns,
  defineNode,
  f64,
  type Input,
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
} from "../engine/node-type.ts";
import { axisLags, planeLags } from "../lattice/correlation-lags.ts";
import { dataColumn, rowsOf } from "../learn/columns.ts";
import { hiddenRows, retentionRows, twoPointRows } from "./measures/correlation.ts";
import { readSample, type Sample, sitesOf, spinColumns } from "./measures/sample.ts";
import { averaged, columnsOf } from "./measures/tables.ts";

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
      minimum: 1,
      default: 1,
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
      description: "What encodes each configuration: bits or numbers, row by row.",
    },
  ),
  original: table(spinColumns, {
    optional: true,
    description: "What the configurations were made from, of the same size and betas.",
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

const visibleHiddenColumns = {
  beta: f64,
  mean_c: nullable(f64),
  max_c: nullable(f64),
  max_c_null: nullable(f64),
  max_c_excess: nullable(f64),
  mean_raw: f64,
  max_raw: f64,
  frozen_sites: i32,
  frozen_units: i32,
  configurations: i32,
};

const retentionColumns = {
  beta: f64,
  lags: i32,
  rho_g: nullable(f64),
  energy: f64,
  energy_original: f64,
  energy_bias: f64,
};

const codeMetrics = {
  mean_c: nullable(f64),
  max_c: nullable(f64),
  max_c_null: nullable(f64),
  max_c_excess: nullable(f64),
  mean_raw: f64,
  max_raw: f64,
  frozen_units: i32,
};
const retentionMetrics = { rho_g: nullable(f64), energy_bias: f64 };

export const correlation = defineNode({
  type: "correlation",
  version: 1,
  summary: "Two-point correlations of spins, and of spins with the units that encode them.",
  details: `
\`two_point\`: G(r) = <s(x) s(x + r)> over sites and configurations, per beta, with block jackknife
errors over configurations (20 contiguous blocks); connected: less the square of the mean spin.

\`visible_hidden\`, with \`codes\`: C_ia = cov(v_i, h_a) / (sigma_i sigma_a) per beta. \`mean_c\` is
the mean of |C| over pairs, \`max_c\` the mean over units of max_i |C_ia|; sites and units that do
not vary are left out and counted. The largest of many correlations is never 0: \`max_c_null\` is
max_c with the configurations shuffled, and \`max_c_excess\` the difference, which claims should
use. \`mean_raw\` and \`max_raw\` are the same for <v_i h_a>; under plain decimation that is
G(r_i - b r_a).

\`retention\`, with \`original\`: rho_g = 1 - sum |G - G_orig| / sum |G_orig| over r = 1 .. L/2 along
the axes where |G_orig| is above 4 standard errors (null where none is), and the bias of the energy
per site, u = -2 G(1).

\`summary\` is the mean over betas of each.`,
  params,
  inputs,
  outputs: (given: Params, types): Record<string, Port> => {
    const sites = sitesOf("configurations", types);
    if (types["original"] && sitesOf("original", types) !== sites) {
      throw new InvalidInput("original", "holds lattices of another size than configurations");
    }
    const codes = types["codes"] ? codesColumn(given, types["codes"]) : undefined;
    const summary = {
      ...(codes ? codeMetrics : {}),
      ...(types["original"] ? retentionMetrics : {}),
    };
    const measured = Object.keys(summary).length > 0;
    return {
      ...(measured ? { summary: table({ ...summary, configurations: i32 }, { main: true }) } : {}),
      two_point: table(twoPointColumns, { main: !measured }),
      ...(codes ? { visible_hidden: table(visibleHiddenColumns) } : {}),
      ...(types["original"] ? { retention: table(retentionColumns) } : {}),
      ...(codes && given.matrix
        ? { matrix: table({ beta: f64, unit: i32, c: vector("float32", sites) }) }
        : {}),
    };
  },

  async run({ params, inputs, random }) {
    const { configurations, codes, original } = inputs;
    const sample = readSample(await configurations.table(), configurations.axes);
    const lags = params.lags === "axes" ? axisLags : planeLags;
    const result: Record<string, Batch> = {
      two_point: columnsOf(twoPointColumns, twoPointRows(sample, lags(sample.side))),
    };
    const summary: Record<string, (number | null)[]> = {};
    if (codes) {
      const read = readCodes(params, await codes.table(), sample);
      const randomAt = (beta: number) => random("shuffle", beta);
      const { rows, matrices } = hiddenRows(sample, read, { shuffles: params.shuffles, randomAt });
      result["visible_hidden"] = columnsOf(visibleHiddenColumns, rows);
      if (params.matrix) result["matrix"] = matrixBatch(sample, read.units, matrices);
      for (const metric of Object.keys(codeMetrics) as (keyof typeof codeMetrics)[]) {
        const values = rows.map((row) => row[metric]);
        summary[metric] = [averaged(values, metric === "frozen_units")];
      }
    }
    if (original) {
      const rows = retentionRows(sample, readOriginal(original, await original.table(), sample));
      result["retention"] = columnsOf(retentionColumns, rows);
      summary["rho_g"] = [averaged(rows.map((row) => row.rho_g))];
      summary["energy_bias"] = [averaged(rows.map((row) => row.energy_bias))];
    }
    if (codes || original) result["summary"] = { ...summary, configurations: [sample.rows] };
    return result;
  },
});

function readCodes(given: Params, codes: Table, sample: Sample) {
  if (codes.rows !== sample.rows) {
    throw new InvalidInput("codes", `${codes.rows} codes for ${sample.rows} configurations`);
  }
  const betas = codes.columns["beta"] as Float64Array | undefined;
  for (const { value, rows } of betas ? sample.betas : []) {
    const row = rows.find((row) => betas![row] !== value);
    if (row !== undefined) {
      const message = `row ${row} is a code at beta ${betas![row]} of a configuration at ${value}`;
      throw new InvalidInput("codes", message);
    }
  }
  const column = codesColumn(given, codes.schema);
  const values = new Float32Array(codes.rows * column.width);
  const { copy } = rowsOf(codes, column);
  for (let row = 0; row < codes.rows; row++) copy(row, values, row * column.width);
  return { values, units: column.width };
}

function readOriginal({ axes }: Input, table: Table<typeof spinColumns>, sample: Sample): Sample {
  const original = readSample(table, axes);
  const known = new Set(original.betas.map(({ value }) => value));
  const lacking = sample.betas.find(({ value }) => !known.has(value));
  if (lacking) throw new InvalidInput("original", `no configurations at beta ${lacking.value}`);
  return original;
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
