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
import { at } from "../learn/misfit.ts";
import { exp, log } from "../math/index.ts";
import { type Fit, leastSquares } from "../statistics/least-squares.ts";
import { located } from "./shared/located.ts";

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
Least squares of y(L) = y + A L^-omega to the rows, weighted by the inverse squares of their errors; where no
row has one, unweighted, with errors from the residuals (three sizes or more). Errors in some rows only
are an error. For the place
of a peak of the two-dimensional Ising model omega = 1/nu = 1 (Fisher and Barber, Phys. Rev. Lett. 28,
1516 (1972)); corrections to it are not part of the fit, so small sizes bias the estimate by more than
its error. Rows without a value are left out, with a warning.`,
  notes: {
    fit: {
      estimate: "The fitted y of the infinite lattice, in the unit of the column.",
      estimate_se: "Standard error of estimate, by the fit.",
      amplitude: "The fitted A of y + A L^-omega.",
      amplitude_se: "Standard error of amplitude, by the fit.",
      chi_square: "Sum of squared residuals over squared errors; null where rows have no errors.",
      degrees: "Degrees of freedom: rows less 2.",
      sizes: "Number of different sizes.",
    },
  },
  typical: {
    params: { column: "beta_peak" },
    inputs: { values: { size: i32, beta_peak: f64, beta_peak_se: f64 } },
    depends: "The columns are always these; `column` and `size` choose what is fitted.",
  },
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
    const points = pointsOf(params, cells, rows);
    if (points.length < rows) {
      warn("missing-sizes", `${rows - points.length} of ${rows} rows have no ${params.column}`);
    }
    const sizes = new Set(points.map(({ size }) => size)).size;
    if (sizes < 2) {
      const message = `an extrapolation needs values at two sizes or more, got ${sizes}`;
      throw new InvalidInput("values", message);
    }
    const weighted = isWeighted(params.column, points);
    if (!weighted && `${params.column}_se` in schema) {
      warn("unweighted", `no row has an error in ${params.column}_se: all count alike`);
    }
    const solve = () =>
      leastSquares(
        points.map(({ size }) => [1, exp(-params.exponent * log(size))]),
        points.map(({ value }) => value),
        weighted ? points.map((point) => 1 / (point.error * point.error)) : undefined,
      );
    const fit = located(() => at("port", "values", solve));
    return { fit: resultOf(fit, points.length - 2, sizes, weighted) };
  },
});
type Params = Static<typeof params>;

interface Point {
  readonly row: number;
  readonly size: number;
  readonly value: number;
  /** 0 where there is none. */
  readonly error: number;
}

/** The rows that have a value. */
function pointsOf(
  { column, size }: Params,
  cells: Readonly<Record<string, ArrayLike<number | bigint | null>>>,
  rows: number,
): Point[] {
  const numberAt = (name: string, row: number) => Number(cells[name]?.[row] ?? Number.NaN);
  const points = Array.from({ length: rows }, (_, row) => {
    const error = numberAt(`${column}_se`, row);
    const value = numberAt(column, row);
    return { row, size: numberAt(size, row), value, error: Number.isFinite(error) ? error : 0 };
  }).filter(({ value }) => Number.isFinite(value));
  const wrong = points.find(({ size }) => !(size > 0 && Number.isFinite(size)));
  if (!wrong) return points;
  const got = cells[size]![wrong.row];
  throw new InvalidInput("values", `has ${size} ${got} in row ${wrong.row}: expected more than 0`);
}

/** Whether all have errors; an `InvalidInput` where only some do, since no weights are fair to both. */
function isWeighted(column: string, points: readonly Point[]): boolean {
  const without = points.filter(({ error }) => !(error > 0));
  if (without.length === points.length) return false;
  if (without.length === 0) return true;
  const { row, size } = without[0]!;
  const message = `has no error in ${column}_se in row ${row} (size ${size}), but in others`;
  throw new InvalidInput("values", `${message}: give all rows one, or none`);
}

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
