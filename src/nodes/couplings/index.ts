/** Node type `couplings`: the short-range Hamiltonian that an ensemble of spins looks drawn from. */
import {
  defineNode,
  f64,
  InvalidInput,
  i32,
  nullable,
  Type,
  table,
  utf8,
} from "../../engine/node-type.ts";
import { type Coupling, evenCouplings } from "../../lattice/couplings.ts";
import { jackknifeBlocks, jackknifeError } from "../../statistics/jackknife.ts";
import { requireTwoConfigurations, warnOfFewConfigurations } from "../shared/few.ts";
import { sideOf } from "../shared/lattice.ts";
import { readSample, spinColumns } from "../shared/sample.ts";
import { columnsOf, defined } from "../shared/tables.ts";
import { fitCouplings } from "./fit.ts";
import { notes, typical } from "./notes.ts";

const couplingColumns = {
  beta: f64,
  coupling: utf8,
  spins: i32,
  distance: nullable(f64),
  partners: i32,
  value: nullable(f64),
  value_se: nullable(f64),
  configurations: i32,
};
const measures = ["nearest", "beyond", "range", "four_spin"] as const;
const summaryColumns = {
  beta: f64,
  nearest: nullable(f64),
  nearest_se: nullable(f64),
  beyond: nullable(f64),
  beyond_se: nullable(f64),
  range: nullable(f64),
  range_se: nullable(f64),
  four_spin: nullable(f64),
  four_spin_se: nullable(f64),
  log_likelihood: nullable(f64),
  configurations: i32,
};

/** On smaller lattices a pattern meets a site twice. */
const smallestSize = 4;

export const couplings = defineNode({
  type: "couplings",
  version: 1,
  summary: "Fits couplings of a short-range Hamiltonian to configurations, and how far they reach.",
  details: `
The configurations, say block spins, are taken as drawn from exp(sum_k K_k O_k) with the even operators of
\`mcrg\`, ${evenCouplings.map(({ name }) => name).join(", ")};
K maximizes the pseudo-likelihood, the mean over sites of ln P(s_x | all other spins) (Besag, J. R. Stat.
Soc. D 24, 179 (1975)): no partition function is needed, and the estimate is consistent where the
ensemble has no other couplings. Block spins have some: then K is the best fit of this family, a
truncation, as in every Monte Carlo renormalization group. Sampled Ising lattices have K = beta for
nearest neighbours and 0 else, which is what every row must be held against, since |K| of noise is
not 0: compare \`beyond\` and \`range\` with those of lattices of the same size and number.

Errors are block jackknives over contiguous configurations. A value is null where no maximum is, as where
all configurations are in a ground state. Fewer than ${jackknifeBlocks} configurations at a beta give a warning,
fewer than 2 an error; lattices have at least ${smallestSize} sites a side.`,
  notes,
  typical,
  params: Type.Object(
    {
      operators: Type.Integer({
        minimum: 1,
        maximum: evenCouplings.length,
        default: evenCouplings.length,
        description: "How many operators have a coupling, the first ones of the list.",
      }),
    },
    { additionalProperties: false },
  ),
  inputs: { configurations: table(spinColumns) },
  outputs: (_, types) => {
    const size = sideOf("configurations", types["configurations"]!);
    if (size < smallestSize) {
      const message = `has ${size} sites a side: expected at least ${smallestSize}`;
      throw new InvalidInput("configurations", message);
    }
    return {
      couplings: table(couplingColumns),
      summary: table(summaryColumns, { main: true }),
    };
  },

  figures: {
    couplings: {
      port: "couplings",
      title: "Couplings by distance",
      text: "Pair couplings of each inverse temperature.",
      transform: [{ filter: "datum.spins === 2" }],
      mark: { type: "line", point: true },
      encoding: {
        x: { field: "distance", title: "distance in sites" },
        y: { field: "value", title: "K" },
        color: { field: "beta", type: "nominal" },
      },
    },
  },

  async run({ params, inputs, signal, warn }) {
    const operators = evenCouplings.slice(0, params.operators);
    const sample = readSample(await inputs.configurations.table(), inputs.configurations.axes);
    requireTwoConfigurations("configurations", sample.betas);
    const found: Found[] = [];
    for (const { value: beta, rows } of sample.betas) {
      signal.throwIfAborted();
      const spins = sample.spinsOf(rows);
      const fit = fitCouplings(spins, sample.side, operators, jackknifeBlocks);
      found.push({ beta, operators: params.operators, configurations: rows.length, fit });
    }
    warnOfFewConfigurations(sample.betas, warn);
    return {
      couplings: columnsOf(couplingColumns, found.flatMap(rowsOfFit)),
      summary: columnsOf(summaryColumns, found.map(summaryOf)),
    };
  },
});

interface Found {
  readonly beta: number;
  readonly operators: number;
  readonly configurations: number;
  readonly fit: ReturnType<typeof fitCouplings>;
}

function rowsOfFit({ beta, operators, configurations, fit }: Found) {
  return kinds.slice(0, operators).map(({ name, spins, distance, partners }, k) => ({
    ...{ beta, coupling: name, spins, distance: defined(distance), partners },
    value: fit ? fit.values[k]! : null,
    value_se: fit ? defined(jackknifeError(fit.leftOut.map((values) => values[k]!))) : null,
    configurations,
  }));
}

function summaryOf({ beta, configurations, fit }: Found) {
  const rows = measures.flatMap((name) => [
    [name, fit ? defined(reach(fit.values)[name]) : null] as const,
    [
      `${name}_se`,
      fit ? defined(jackknifeError(fit.leftOut.map((values) => reach(values)[name]))) : null,
    ] as const,
  ]);
  const log_likelihood = fit ? fit.logLikelihood : null;
  return { beta, ...Object.fromEntries(rows), log_likelihood, configurations };
}

/** What the couplings come to: partners |K| weighs them. */
function reach(values: readonly number[]): Record<(typeof measures)[number], number> {
  let [pairs, beyond, squares, four] = [0, 0, 0, 0];
  for (const [k, value] of values.entries()) {
    const { spins, distance, partners } = kinds[k]!;
    const weight = partners * Math.abs(value);
    if (spins !== 2) four += weight;
    else {
      pairs += weight;
      squares += weight * distance * distance;
      if (distance > 1) beyond += weight;
    }
  }
  return {
    nearest: values[0]!,
    beyond: beyond / pairs,
    range: Math.sqrt(squares / pairs),
    four_spin: four / pairs,
  };
}

const kinds = evenCouplings.map(kindOf);

function kindOf({ name, patterns }: Coupling) {
  const [first] = patterns;
  const [[y, x], [otherY, otherX]] = [first![0]!, first![1]!];
  const spins = first!.length;
  const [dy, dx] = [otherY - y, otherX - x];
  const distance = spins === 2 ? Math.sqrt(dy * dy + dx * dx) : Number.NaN;
  const partners = patterns.reduce((sum, offsets) => sum + offsets.length, 0);
  return { name, spins, distance, partners };
}
