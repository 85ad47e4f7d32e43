/**
 * `order-parameter`: how a number that describes configurations behaves with beta, and where its
 * susceptibility peaks. Does not know whether it is a magnetization or a network's code.
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
} from "../../engine/node-type.ts";
import { type DataColumn, dataColumn, rowsOf } from "../../learn/columns.ts";
import { at } from "../../learn/misfit.ts";
import { groupRows } from "../../statistics/groups.ts";
import { warnOfFewConfigurations } from "../shared/few.ts";
import { located } from "../shared/located.ts";
import { columnsOf } from "../shared/tables.ts";
import { notes, typical } from "./notes.ts";
import { type Measured, orderRows, susceptibilityPeak } from "./rows.ts";

const params = Type.Object(
  {
    column: Type.Optional(
      Type.String({ description: "Column of the configurations; else values or spins." }),
    ),
    unit: Type.Integer({
      minimum: 0,
      default: 0,
      description: "Which number of a row, counted from 0.",
    }),
    sites: Type.Integer({
      minimum: 1,
      description: "N, by which the susceptibility is multiplied.",
    }),
    divide: Type.Number({
      exclusiveMinimum: 0,
      default: 1,
      description: "What the numbers are divided by: N for a total magnetization.",
    }),
    reach: Type.Integer({
      minimum: 1,
      default: 2,
      description:
        "Betas on each side of the largest susceptibility that the parabola is fitted to.",
    }),
  },
  { additionalProperties: false },
);

const rowColumns = {
  beta: f64,
  configurations: i32,
  mean: f64,
  mean_se: nullable(f64),
  mean_abs: f64,
  mean_abs_se: nullable(f64),
  susceptibility: f64,
  susceptibility_se: nullable(f64),
  binder: nullable(f64),
  binder_se: nullable(f64),
};
const peakColumns = {
  beta_peak: nullable(f64),
  beta_peak_se: nullable(f64),
  temperature_peak: nullable(f64),
  temperature_peak_se: nullable(f64),
  susceptibility_peak: nullable(f64),
  susceptibility_peak_se: nullable(f64),
  configurations: i32,
};

export const orderParameter = defineNode({
  type: "order-parameter",
  version: 1,
  summary: "Moments of an order parameter per beta, and the peak of its susceptibility.",
  details: `
Of a number z a configuration: \`mean\` <z>, \`mean_abs\` <|z|>, \`susceptibility\` N (<z^2> - <|z|>^2),
\`binder\` 1 - <z^4> / (3 <z^2>^2). For z = m, the magnetization per site, these are the usual ones without
the factor beta of the susceptibility; for the single code of an autoencoder, its latent susceptibility
(Alexandrou et al., Eur. Phys. J. B 93, 226 (2020), arXiv:1903.03506).

The peak is the vertex of the parabola, by least squares, through the largest susceptibility and \`reach\`
betas on each side of it; null, with a warning, where the largest stands at an end of the betas or the
parabola has no vertex among them. On L x L sites it lies at beta_c (1 - a/L) to leading order (nu =
1): see \`finite-size-fit\`. Errors are of block jackknives, 20 contiguous blocks of each beta.`,
  notes,
  typical,
  params,
  inputs: { configurations: table({ beta: f64 }, { description: "Numbers with their beta." }) },
  outputs: (given: Params, types) => {
    const { width } = columnOf(given, types["configurations"]!);
    if (given.unit >= width) {
      throw new InvalidParam("unit", `expected less than ${width}, got ${given.unit}`);
    }
    return { peak: table(peakColumns, { main: true }), by_beta: table(rowColumns) };
  },

  figures: {
    order: {
      port: "by_beta",
      title: "Order parameter",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "beta", title: "β", scale: { zero: false } },
        y: { field: "mean_abs", title: "mean of |z|" },
      },
    },
    susceptibility: {
      port: "by_beta",
      title: "Susceptibility",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "beta", title: "β", scale: { zero: false } },
        y: { field: "susceptibility" },
      },
    },
  },

  async run({ params, inputs, warn }) {
    const given = await inputs.configurations.table();
    if (given.rows === 0) throw new InvalidInput("configurations", "holds no configurations");
    const column = columnOf(params, inputs.configurations.schema);
    const rows = rowsOf(given, column);
    const one = new Float32Array(column.width);
    const z = Float64Array.from({ length: rows.rows }, (_, row) => {
      rows.copy(row, one, 0);
      return one[params.unit]! / params.divide;
    });
    warnOfFewConfigurations(groupRows(given.columns.beta), warn);
    const measured: Measured = { beta: given.columns.beta, z };
    const peak = susceptibilityPeak(measured, params.sites, params.reach);
    if (!peak) warn("no-peak", "the susceptibility has no peak within the betas");
    const error = peak?.betaError ?? null;
    return {
      peak: columnsOf(peakColumns, [
        {
          beta_peak: peak?.beta ?? null,
          beta_peak_se: error,
          temperature_peak: peak ? 1 / peak.beta : null,
          temperature_peak_se: peak && error !== null ? error / (peak.beta * peak.beta) : null,
          susceptibility_peak: peak?.height ?? null,
          susceptibility_peak_se: peak?.heightError ?? null,
          configurations: rows.rows,
        },
      ]),
      by_beta: columnsOf(rowColumns, requireMoments(orderRows(measured, params.sites))),
    };
  },
});
type Params = Static<typeof params>;

/** Throws an `InvalidInput` where float64 cannot hold a number or its square. */
function requireMoments<R extends ReturnType<typeof orderRows>>(rows: R): R {
  const lost = rows.find((row) => !Number.isFinite(row.mean + row.susceptibility));
  if (!lost) return rows;
  const message = `has at beta ${lost.beta} numbers whose squares float64 cannot hold: see "divide"`;
  throw new InvalidInput("configurations", message);
}

/** Codes are read from `values` rather than from `spins`. */
function columnOf({ column }: Params, schema: Columns): DataColumn {
  const name = column ?? (schema["values"] ? "values" : undefined);
  const [kind, where] =
    column === undefined ? (["port", "configurations"] as const) : (["param", "column"] as const);
  return located(() => at(kind, where, () => dataColumn(schema, name)));
}
