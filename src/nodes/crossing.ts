/**
 * `crossing`: the beta at which two quantities are equal, and how their slopes compare. Does not know which
 * quantities.
 */
import {
  defineNode,
  f64,
  type Input,
  InvalidInput,
  InvalidParam,
  i32,
  nullable,
  type Static,
  Type,
  table,
} from "../engine/node-type.ts";
import { at } from "../learn/misfit.ts";
import { log } from "../math/index.ts";
import { type Curve, crossing } from "../statistics/crossing.ts";
import { located } from "./shared/located.ts";
import * as note from "./shared/notes.ts";
import { defined } from "./shared/tables.ts";

const params = Type.Object(
  {
    column: Type.String({ description: "The quantity, in both tables." }),
    error: Type.Optional(Type.String({ description: "Its standard error; else `<column>_se`." })),
    degree: Type.Integer({
      default: 2,
      minimum: 1,
      maximum: 4,
      description: "Degree in beta of the polynomial that is fitted to each table.",
    }),
    scale: Type.Number({
      default: 2,
      exclusiveMinimum: 1,
      description: "b of the exponent ln(ratio of slopes) / ln b.",
    }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

const columns = {
  crossing: nullable(f64),
  crossing_se: nullable(f64),
  value: nullable(f64),
  slope_ratio: nullable(f64),
  slope_ratio_se: nullable(f64),
  exponent: nullable(f64),
  exponent_se: nullable(f64),
  chi_square: nullable(f64),
  degrees: i32,
};

export const crossingNode = defineNode({
  type: "crossing",
  version: 1,
  summary: "The beta at which two measured quantities are equal, and the ratio of their slopes.",
  details: `
A polynomial in beta is fitted to each table by least squares with inverse variances; \`crossing\` is the beta where they
are equal, the place nearest to the middle of the betas, and null where there is none among them.
Errors are those of the rows, propagated to first order.

With \`a\` an observable of block spins after n + 1 steps from a lattice of size b L, and \`b\` the same one
after n steps from size L, this is Wilson's two-lattice matching (Swendsen, Phys. Rev. Lett. 52, 1165
(1984)): both end with the same size, so that effects of size cancel, and near the fixed point they are
equal at the critical beta alone. \`exponent\`, ln(slope of a / slope of b) / ln \`scale\`, is then y_T.
Of Binder cumulants of two sizes it is 1/nu.`,
  notes: {
    a: { beta: note.beta },
    b: { beta: note.beta },
    crossing: {
      crossing: "Inverse temperature at which the two are equal; null where they are not.",
      crossing_se: "Standard error of crossing, from those of the rows.",
      value: "What both are there, in the unit of the column.",
      slope_ratio: "Slope of a over slope of b where they are equal.",
      slope_ratio_se: "Standard error of slope_ratio, from those of the rows.",
      exponent: "ln slope_ratio / ln scale; null where the slopes have different signs.",
      exponent_se: "Standard error of exponent, from those of the rows.",
      chi_square: "Squared residuals over squared errors, of both fits together.",
      degrees: "Degrees of freedom of both fits: rows less coefficients.",
    },
  },
  typical: {
    params: { column: "estimate", error: "bias_se" },
    inputs: {
      a: { beta: f64, estimate: f64, bias_se: nullable(f64) },
      b: { beta: f64, estimate: f64, bias_se: nullable(f64) },
    },
    depends: "There is one row; `column` and `error` choose what is compared.",
  },
  params,
  inputs: {
    a: table({ beta: f64 }, { description: "A row a beta: the quantity with its error." }),
    b: table({ beta: f64 }, { description: "The same of what it is compared with." }),
  },
  outputs: (given: Params, types) => {
    for (const port of ["a", "b"]) {
      for (const name of [given.column, errorOf(given)]) {
        if (types[port]![name]?.type === "float64") continue;
        const have = Object.keys(types[port]!).join(", ");
        const key = name === given.column ? "column" : "error";
        throw new InvalidParam(
          key,
          `no column of numbers ${JSON.stringify(name)} in ${port}: ${have}`,
        );
      }
    }
    return { crossing: table(columns, { main: true }) };
  },

  async run({ params, inputs, warn }) {
    const curves = {
      a: await curveOf(params, inputs.a, "a"),
      b: await curveOf(params, inputs.b, "b"),
    };
    for (const port of ["a", "b"] as const) {
      const { length } = curves[port].x;
      if (length > params.degree) continue;
      const message = `has ${length} rows: a polynomial of degree ${params.degree} needs ${params.degree + 1}`;
      throw new InvalidInput(port, message);
    }
    const found = located(() => at("port", "a", () => crossing(curves.a, curves.b, params.degree)));
    if (!found) warn("no-crossing", "the two are equal nowhere among the betas");
    const degrees = curves.a.x.length + curves.b.x.length - 2 * (params.degree + 1);
    const exponent = found && found.ratio > 0 ? log(found.ratio) / log(params.scale) : Number.NaN;
    const slope = found ? found.ratio * log(params.scale) : Number.NaN;
    const cell = (value: number | undefined) => [defined(value ?? Number.NaN)];
    return {
      crossing: {
        crossing: cell(found?.x),
        crossing_se: cell(found?.xError),
        value: cell(found?.y),
        slope_ratio: cell(found?.ratio),
        slope_ratio_se: cell(found?.ratioError),
        exponent: cell(exponent),
        exponent_se: cell(Number.isNaN(exponent) ? Number.NaN : found!.ratioError / slope),
        chi_square: cell(found?.chiSquare),
        degrees: [degrees],
      },
    };
  },
});

function errorOf({ column, error }: Params): string {
  return error ?? `${column}_se`;
}

async function curveOf(given: Params, input: Input, port: string): Promise<Curve> {
  const { rows, columns: cells } = await input.table();
  const read = (name: string) =>
    Array.from({ length: rows }, (_, i) => {
      const value = (cells as Record<string, ArrayLike<number | null>>)[name]![i];
      return value === null || value === undefined ? Number.NaN : value;
    });
  const curve = { x: read("beta"), y: read(given.column), errors: read(errorOf(given)) };
  const wrong = curve.x.findIndex((_, i) => !(Number.isFinite(curve.y[i]) && curve.errors[i]! > 0));
  if (wrong >= 0) {
    const got = `${curve.y[wrong]} with an error of ${curve.errors[wrong]}`;
    throw new InvalidInput(port, `has ${got} in row ${wrong}: expected a value and an error`);
  }
  if (new Set(curve.x).size < curve.x.length) {
    throw new InvalidInput(port, "has several rows for a beta: select one of them");
  }
  return curve;
}
