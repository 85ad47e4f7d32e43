/**
 * `thermometer`: how well a network reads the inverse temperature of configurations, compared with a
 * reading of their energy and with the bound for any reading. Does not know how the network was trained.
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
} from "../../engine/node-type.ts";
import { squareSide } from "../../lattice/correlation/rows.ts";
import { ising } from "../../lattice/systems/ising.ts";
import { type DataColumn, type DataTable, dataColumn } from "../../learn/columns.ts";
import { at, Misfit } from "../../learn/misfit.ts";
import { outputsOf } from "../../learn/model.ts";
import { modelFor } from "../../learn/model-input.ts";
import { modelColumns } from "../../learn/model-table.ts";
import { mappedTargets } from "../../learn/training/examples.ts";
import { type Group, groupRows } from "../../statistics/groups.ts";
import { requireTwoConfigurations, warnOfFewConfigurations } from "../shared/few.ts";
import { systemOf } from "../shared/lattice.ts";
import { located } from "../shared/located.ts";
import { columnsOf, unchecked } from "../shared/tables.ts";
import { allowTrainingChains } from "../shared/training-chains.ts";
import { exactEnergyReading } from "./exact-energy.ts";
import { figures } from "./figures.ts";
import { notes, typical } from "./notes.ts";
import { energiesPerSite, energyReading, networkReadings } from "./readings.ts";
import { readingRows, readingSummary } from "./rows.ts";

const params = Type.Object(
  {
    column: Type.Optional(
      Type.String({ description: "Column of the configurations to read; else spins or values." }),
    ),
    prior: Type.Tuple([Type.Number({ minimum: 0 }), Type.Number({ maximum: 1.5 })], {
      default: [0, 1],
      description: "Where beta can be, for the reading by energy; up to 1.5.",
    }),
    allow_training_chains: allowTrainingChains,
  },
  { additionalProperties: false },
);

const inputs = {
  configurations: table({ beta: f64 }, { description: "What to read, with its beta." }),
  model: table(modelColumns, { optional: true, description: "Gives one number a configuration." }),
  map: table(
    { beta: f64, beta_prime: f64 },
    { optional: true, description: "What should be read instead of beta: beta_prime at beta." },
  ),
};

const rowColumns = {
  beta: f64,
  estimator: utf8,
  configurations: i32,
  target: f64,
  estimate: f64,
  bias: f64,
  bias_se: nullable(f64),
  spread: f64,
  spread_se: nullable(f64),
  rmse: f64,
  rmse_se: nullable(f64),
  cramer_rao: nullable(f64),
  response: nullable(f64),
  response_se: nullable(f64),
  least_spread: nullable(f64),
  exact_bias: nullable(f64),
  exact_spread: nullable(f64),
  outside: f64,
};
const summaryColumns = {
  estimator: utf8,
  configurations: i32,
  rmse: f64,
  rmse_se: nullable(f64),
  mean_bias: f64,
  mean_bias_se: nullable(f64),
  mean_abs_bias: f64,
  mean_abs_bias_se: nullable(f64),
  mean_spread: f64,
  mean_spread_se: nullable(f64),
  cramer_rao: nullable(f64),
  ratio: nullable(f64),
  ratio_se: nullable(f64),
  outside: f64,
};

export const thermometer = defineNode({
  type: "thermometer",
  version: 4,
  summary: "Measures how well a network reads the inverse temperature.",
  details: `
For each beta, over its configurations, with the error d = reading - target: \`bias\`, the mean of d;
\`spread\`, its standard deviation; \`rmse\`, sqrt(mean d^2). The target is beta, or beta_prime of the
map. Two estimators, a row each:

- network: what the model gives.
- energy: the beta at which the torus of that size has the configuration's energy per site,
  u_L(beta) = E/N (Kaufman, Phys. Rev. 76, 1232 (1949)): the maximum-likelihood estimate, since the
  energy is a sufficient statistic. It is infinite in a ground state and negative for E > 0, so it
  is clipped to \`prior\`; \`outside\` is the share of configurations where that happens (for the
  network: where its reading, which is left as it is, lies there). No row where the
  configurations are not a square lattice, which is an error without a model.

\`cramer_rao\` is beta / sqrt(N c) = 1 / sqrt(Var E), exact on the torus: no unbiased reading of
equilibrium configurations has a smaller spread. A network trained on squares shrinks towards the mean
of what it was shown, so its spread can lie below where its bias does not vanish; hence rmse beside
both. Null with a map, for numbers that are not spins, and where no energy but the least occurs.

\`response\` is -cov(reading, E), which at equilibrium is the slope of the mean reading with beta: 1 where
the bias does not depend on beta, less for a reading that shrinks. Whatever the bias, no reading has
a smaller spread than \`least_spread\` = |response| cramer_rao (Cramér and Rao), and readings that are
straight lines in E have that one. \`exact_bias\` and \`exact_spread\` are those of the energy estimator,
from the number of states of every energy (even tori up to 16 sites a side): what a reading of one
lattice does to the maximum of the likelihood, without any sampling.

\`…_se\` are block jackknife errors, 20 contiguous blocks a beta; those of the summary are made of them,
as betas have chains of their own. The summary weighs configurations equally; its \`mean_bias\` has its
sign, so that what is read too high at some betas and too low at others cancels; \`mean_abs_bias\` is the
mean of |bias| over betas, which noise makes larger than 0 where there is none; its bound the root mean square
over betas, which the coldest rule, and its \`ratio\` that of rmse / cramer_rao, to which every beta
adds alike: 1 at the bound, less where the prior helps.
Where the configurations have a column \`step\`, every step has rows of its own. Fewer than 20
configurations at a beta give a warning, fewer than 2 an error. A warning says where a
model is asked for betas that it was not trained on.`,
  notes,
  typical,
  params,
  inputs,
  outputs: (given: Params, types) => {
    const column = located(() => columnToRead(given, types["configurations"]!, types["model"]));
    if (!types["model"] && isForeign(column, types["configurations"]!)) {
      const { name } = systemOf("configurations", types["configurations"]!);
      const message = `has ${name} spins, whose energy is not that of ising spins: connect a model`;
      throw new InvalidInput("configurations", message);
    }
    if (!types["model"] && latticeSide(column) === undefined) {
      const { name, shape, width } = column;
      const got = shape
        ? `shape [${shape.join(", ")}]`
        : `${width} ${width > 1 ? "numbers" : "number"}`;
      const message = `expected a square lattice where no model is connected, got ${got}`;
      throw given.column === undefined
        ? new InvalidInput("configurations", message)
        : new InvalidParam("column", `${JSON.stringify(name)}: ${message}`);
    }
    if (given.prior[0] >= given.prior[1]) {
      throw new InvalidParam(
        "prior",
        `from ${given.prior[0]} to ${given.prior[1]} there is nothing`,
      );
    }
    const step = types["configurations"]!["step"] ? { step: i32 } : {};
    return {
      summary: table({ ...step, ...summaryColumns }, { main: true }),
      by_beta: table({ ...step, ...rowColumns }),
    };
  },
  backend: true,
  tolerance: { "*": 1e-3 },

  figures,

  async run(context) {
    const { params, inputs, outputs, warn } = context;
    const rows: DataTable = await inputs.configurations.table();
    if (rows.rows === 0) throw new InvalidInput("configurations", "holds no configurations");
    const { schema } = inputs.configurations;
    const column = columnToRead(params, schema, inputs.model?.schema);
    const map = await inputs.map?.table();
    const beta = rows.columns["beta"] as Float64Array;
    const target = map
      ? (located(() => at("port", "map", () => mappedTargets(rows, map))).columns[
          "beta_prime"
        ] as Float64Array)
      : beta;
    const side = isForeign(column, schema) ? undefined : latticeSide(column);
    const energies = side ? energiesPerSite(rows, column, side) : undefined;
    const readings = [
      ...(await networkReadings(context, await inputs.model?.table(), rows, column, target)),
      ...(energies ? [energyReading(energies, side!, params.prior)] : []),
    ];
    const exact = exactEnergyReading(map || !column.spins ? undefined : side, params.prior);
    const tables: { summary: Cells[]; by_beta: Cells[] } = { summary: [], by_beta: [] };
    const steps = rows.columns["step"] as ArrayLike<number> | undefined;
    const betas: Group[] = [];
    for (const { value: step, rows: members } of groupRows(steps ?? new Int8Array(rows.rows))) {
      const pick = (values: ArrayLike<number>) => Float64Array.from(members, (row) => values[row]!);
      const truth = {
        beta: pick(beta),
        target: pick(target),
        side: map || !column.spins ? undefined : side,
        energies: energies && pick(energies.map((energy) => energy * column.width)),
        exact,
      };
      const own = groupRows(truth.beta);
      requireTwoConfigurations("configurations", own);
      betas.push(...own);
      const mark = steps ? { step } : {};
      for (const { estimator, values } of readings) {
        const found = readingRows({ estimator, values: pick(values) }, truth, params.prior);
        requireNumbers(found);
        for (const row of found) tables.by_beta.push({ ...mark, ...row });
        tables.summary.push({ ...mark, ...readingSummary(found) });
      }
    }
    warnOfFewConfigurations(betas, warn);
    return {
      summary: unchecked(columnsOf(outputs["summary"]!.columns, tables.summary)),
      by_beta: unchecked(columnsOf(outputs["by_beta"]!.columns, tables.by_beta)),
    };
  },
});
type Params = Static<typeof params>;
type Cells = Readonly<Record<string, number | string | null>>;

/** Whether a column holds the spins of a system whose energies this node cannot read. */
function isForeign({ name }: DataColumn, schema: Columns): boolean {
  return name === "spins" && systemOf("configurations", schema) !== ising;
}

/** The side of the lattice whose energy can be read. */
function latticeSide({ width, shape }: DataColumn): number | undefined {
  return width > 1 ? squareSide(width, shape) : undefined;
}

/** Throws a Misfit where column and model do not fit. */
function columnToRead(
  { column: name }: Params,
  schema: Columns,
  model: Columns | undefined,
): DataColumn {
  const [kind, where] =
    name === undefined ? (["port", "configurations"] as const) : (["param", "column"] as const);
  const column = at(kind, where, () => dataColumn(schema, name));
  if (!model) return column;
  const layers = modelFor(model, column);
  if (outputsOf(layers) !== 1) {
    const message = `gives ${outputsOf(layers)} numbers, but a thermometer gives one`;
    throw new Misfit("port", "model", message);
  }
  return column;
}

/** An `InvalidInput` where readings, or betas, are such that their squares are not numbers. */
function requireNumbers(rows: ReturnType<typeof readingRows>): void {
  const lost = rows.find(({ rmse, spread }) => !Number.isFinite(rmse + spread));
  if (!lost) return;
  const { beta, estimator, estimate } = lost;
  const message = `at beta ${beta} the ${estimator} reads ${estimate}, whose error float64 cannot hold`;
  throw new InvalidInput("configurations", message);
}
