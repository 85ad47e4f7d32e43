/**
 * `finite-size-fit`: a quantity on the infinite lattice from its values at several sizes. Does not
 * know which quantity.
 */
import {
  defineNode,
  f64,
  InvalidInput,
  InvalidParam,
  i32,
  nullable,
  type Static,
  Type,
  table,
} from "../engine/node-type.ts";
import { exp, log } from "../math/index.ts";
import { type Fit, leastSquares } from "../statistics/least-squares.ts";

const params = Type.Object(
  {
    column: Type.String({ description: "The quantity; with its error in `<column>_se`, if any." }),
    size: Type.String({ default: "size", description: "Column with L." }),
    exponent: Type.Number({
      exclusiveMinimum: 0,
      default: 1,
      description: "omega of L^-omega: 1/nu for the place of a peak.",
    }),
  },
  { additionalProperties: false },
);

const fitColumns = {
  estimate: f64,
  estimate_se: f64,
  amplitude: f64,
  amplitude_se: f64,
  chi_square: nullable(f64),
  degrees: i32,
  sizes: i32,
};

export const finiteSizeFit = defineNode({
  type: "finite-size-fit",
  version: 1,
  summary: "Extrapolates a quantity measured at several lattice sizes to the infinite lattice.",
  details: `
Least squares of y(L) = y + A L^-omega to the rows, weighted by the inverse squares of their errors, where
every row has one; else unweighted, with errors from the residuals (three sizes or more). For the place
of a peak of the two-dimensional Ising model omega = 1/nu = 1 (Fisher and Barber, Phys. Rev. Lett. 28,
1516 (1972)); corrections to it are not part of the fit, so small sizes bias the estimate by more than
its error. Rows without a value are left out, with a warning.`,
  params,
  inputs: {
    values: table(
      {},
      { description: "A row a size: peaks, collected over the axis of the sizes." },
    ),
  },
  outputs: (given: Params, types) => {
    const schema = types["values"]!;
    for (const key of ["column", "size"] as const) {
      if (numbers.includes(schema[given[key]]?.type ?? "")) continue;
      const have = Object.keys(schema).join(", ");
      throw new InvalidParam(
        key,
        `no column of numbers ${JSON.stringify(given[key])}; there is ${have}`,
      );
    }
    return { fit: table(fitColumns, { main: true }) };
  },

  async run({ params, inputs, warn }) {
    const { schema } = inputs.values;
    const { rows, columns } = await inputs.values.table();
    const cells = columns as Readonly<Record<string, ArrayLike<number | bigint | null>>>;
    const error = `${params.column}_se`;
    const points = Array.from({ length: rows }, (_, row) => ({
      size: Number(cells[params.size]![row]),
      value: cells[params.column]![row],
      error: error in schema ? Number(cells[error]![row] ?? 0) : 0,
    })).filter(({ value }) => value !== null);
    if (points.length < rows) {
      warn("missing-sizes", `${rows - points.length} of ${rows} rows have no ${params.column}`);
    }
    const sizes = new Set(points.map(({ size }) => size)).size;
    if (sizes < 2) {
      const message = `an extrapolation needs values at two sizes or more, got ${sizes}`;
      throw new InvalidInput("values", message);
    }
    const weighted = points.every((point) => point.error > 0);
    const fit = leastSquares(
      points.map(({ size }) => [1, exp(-params.exponent * log(size))]),
      points.map(({ value }) => Number(value)),
      weighted ? points.map((point) => 1 / (point.error * point.error)) : undefined,
    );
    return { fit: resultOf(fit, points.length - 2, sizes, weighted) };
  },
});
type Params = Static<typeof params>;

const numbers = [
  "float64",
  "float32",
  "int32",
  "uint32",
  "int64",
  "int16",
  "uint16",
  "int8",
  "uint8",
];

function resultOf(fit: Fit, degrees: number, sizes: number, weighted: boolean) {
  const scatter = weighted ? 1 : Math.sqrt(fit.residual / degrees);
  if (!Number.isFinite(scatter)) {
    throw new InvalidInput("values", "two rows without errors say nothing of the estimate's error");
  }
  return {
    estimate: [fit.coefficients[0]!],
    estimate_se: [scatter * fit.errors[0]!],
    amplitude: [fit.coefficients[1]!],
    amplitude_se: [scatter * fit.errors[1]!],
    chi_square: [weighted ? fit.residual : null],
    degrees: [degrees],
    sizes: [sizes],
  };
}
