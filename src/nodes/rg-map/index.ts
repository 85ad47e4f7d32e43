/** Node type `rg-map`: from the inverse temperature of a lattice to that of its coarse-graining. */
import {
  type Batch,
  bits,
  type Columns,
  type Context,
  defineNode,
  f64,
  type Input,
  InvalidInput,
  InvalidParam,
  nullable,
  type Port,
  type Static,
  type Table,
  Type,
  table,
  vector,
} from "../../engine/node-type.ts";
import {
  betaMaps,
  betaOfEnergy,
  energySlope,
  largestMatchedBeta,
  type MatchedBeta,
} from "../../lattice/rg-map.ts";
import type { ExactResults } from "../../lattice/systems/system.ts";
import { groupRows } from "../../statistics/groups.ts";
import { jackknifeMeans } from "../../statistics/jackknife.ts";
import { requireTwoConfigurations, warnOfFewConfigurations } from "../shared/few.ts";
import { exactOf, sideOf, systemOf } from "../shared/lattice.ts";
import { columnsOf, defined } from "../shared/tables.ts";
import { notes, typical } from "./notes.ts";

type MapName = keyof typeof betaMaps | "energy-matched";

const params = Type.Object(
  {
    map: Type.Unsafe<MapName>({
      enum: ["energy-matched", ...Object.keys(betaMaps)],
      default: "energy-matched",
      description:
        "energy-matched: from the coarse configurations; wilson: (3/8) ln cosh 4K; " +
        "migdal-kadanoff: (1/2) ln cosh 4K; chain: (1/2) ln cosh 2K; identity.",
    }),
    steps: Type.Integer({
      minimum: 1,
      default: 1,
      description: "How often a closed map is applied; an energy is matched once.",
    }),
    betas: Type.Array(Type.Number({ minimum: 0 }), {
      default: [],
      description: "Where to evaluate a closed map, if there are no configurations.",
    }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

const inputs = {
  configurations: table(
    { spins: bits("*"), beta: f64 },
    { optional: true, description: "The coarse configurations, with the beta of the fine ones." },
  ),
  rows: table(
    { beta: f64 },
    { optional: true, description: "Rows that get targets; else the configurations." },
  ),
};

/** Standard errors by which an energy may lie outside of what can be matched. */
const noise = 3;

const mapColumns = {
  beta: f64,
  beta_prime: f64,
  beta_prime_se: nullable(f64),
  scale: nullable(f64),
  energy: nullable(f64),
  energy_se: nullable(f64),
};

export const rgMap = defineNode({
  type: "rg-map",
  version: 1,
  summary: "Maps beta to the beta' of the coarse-grained lattice.",
  details: `
- energy-matched: beta' at which the torus of the coarse lattice's size has the coarse ensemble's mean
  energy per site, u(beta') by Kaufman, Phys. Rev. 76, 1232 (1949), for beta' from 0 to
  ${largestMatchedBeta}. An energy out of that range by at most ${noise} standard errors, as noise makes it near
  beta' = 0, has the nearer end for its beta', and a warning; one further out is an error.
  beta_prime_se is the block jackknife error of the energy (20 contiguous blocks) over |du/dbeta'|. The
  coarse ensemble is not an Ising ensemble of nearest neighbours, so other observables have another beta'.
  Fewer than 20 configurations at a beta give a warning, fewer than 2 an error.
- wilson: K' = (3/8) ln cosh 4K for a scale of sqrt 2, the decimation of every second site with the
  couplings that it makes put together (Wilson, Rev. Mod. Phys. 47, 773 (1975); Maris and
  Kadanoff, Am. J. Phys. 46, 652 (1978)): two steps make b = 2. K* = 0.50698, y_T = 1.0700.
- migdal-kadanoff: K' = (1/2) ln cosh 4K, b = 2 (Kadanoff, Ann. Phys. 100, 359 (1976)).
  K* = 0.30469, y_T = 0.7472.
- chain: K' = (1/2) ln cosh 2K, the chain of one dimension decimated by 2, exactly.
- identity: K' = K.

\`targets\` has beta' for every row, in the column \`values\` (one Float32), for training a network to
read it; all of its betas must be in the map.`,
  notes,
  typical,
  params,
  inputs,
  outputs: (given: Params, types): Record<string, Port> => {
    const { configurations, rows = configurations } = types;
    check(given, configurations);
    if (given.map === "energy-matched") {
      sideOf("configurations", configurations!);
      exactOf("configurations", configurations!);
    }
    return {
      map: table(mapColumns, { main: true, description: "One row a beta." }),
      ...(rows ? { targets: targetsPort(rows) } : {}),
    };
  },

  figures: {
    map: {
      port: "map",
      title: "Renormalized inverse temperature",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "beta", title: "β", scale: { zero: false } },
        y: { field: "beta_prime", title: "β of the coarse lattices" },
      },
    },
  },

  async run({ params, inputs: { configurations, rows = configurations }, warn }) {
    const map =
      params.map === "energy-matched"
        ? matched(await configurations!.table(), warn)
        : closed(params, configurations ? await distinctBetas(configurations) : params.betas);
    return {
      map: columnsOf(mapColumns, map),
      ...(rows
        ? { targets: targetsOf(rows, new Map(map.map((r) => [r.beta, r.beta_prime]))) }
        : {}),
    };
  },
});

function check({ map, steps, betas }: Params, configurations: Columns | undefined): void {
  if (map === "energy-matched") {
    if (!configurations) {
      throw new InvalidParam("map", "energy-matched needs the coarse configurations as an input");
    }
    if (steps !== 1) {
      throw new InvalidParam("steps", `energy-matched has one step whatever b, got ${steps}`);
    }
  }
  if (configurations && betas.length > 0) {
    throw new InvalidParam("betas", "the configurations have betas: leave these out");
  }
  if (!configurations && betas.length === 0) {
    throw new InvalidParam("betas", "must be given where no configurations are connected");
  }
  for (const [i, beta] of betas.entries()) {
    if (!Number.isFinite(beta)) {
      throw new InvalidParam(`betas.${i}`, `expected a finite number, got ${beta}`);
    }
    if (betas.indexOf(beta) < i) throw new InvalidParam(`betas.${i}`, `duplicate beta ${beta}`);
  }
}

type MapRow = { [name in keyof typeof mapColumns]: number | null } & {
  beta: number;
  beta_prime: number;
};

function closed({ map, steps }: Params, betas: readonly number[]): MapRow[] {
  const { scale, apply } = betaMaps[map as keyof typeof betaMaps];
  let total = 1;
  for (let step = 0; step < steps; step++) total *= scale;
  return betas.map((beta) => {
    let beta_prime = beta;
    for (let step = 0; step < steps; step++) beta_prime = apply(beta_prime);
    if (!Number.isFinite(beta_prime + total)) {
      const message = `${steps} steps take beta ${beta} or the scale beyond what float64 holds`;
      throw new InvalidParam("steps", message);
    }
    const none = { energy: null, energy_se: null };
    return { beta, beta_prime, beta_prime_se: 0, scale: total, ...none };
  });
}

type Configurations = Table<{ spins: ReturnType<typeof bits>; beta: typeof f64 }>;

function matched({ rows, schema, columns }: Configurations, warn: Context<Params>["warn"]) {
  const size = sideOf("configurations", schema);
  const sites = size * size;
  const { torus } = exactOf("configurations", schema);
  const totals = systemOf("configurations", schema).measure(columns.spins, size, rows)["energy"]!;
  const betas = groupRows(columns.beta);
  requireTwoConfigurations("configurations", betas);
  warnOfFewConfigurations(betas, warn);
  const clipped: string[] = [];
  const map = betas.map(({ value: beta, rows: members }): MapRow => {
    const energies = Float64Array.from(members, (row) => totals[row]! / sites);
    const { value: energy, error } = jackknifeMeans(energies, 1, [([u]) => u!])[0]!;
    const found = betaOfEnergy(torus, size, energy);
    const { beta: beta_prime, slope } =
      found ?? nearestEnd({ torus, size }, beta, { energy, error });
    if (!found) clipped.push(`${beta} -> ${beta_prime}`);
    return {
      beta,
      beta_prime,
      beta_prime_se: defined(slope * error),
      scale: null,
      energy,
      energy_se: defined(error),
    };
  });
  if (clipped.length > 0) {
    const have = clipped.length === 1 ? "1 beta has" : `${clipped.length} betas have`;
    const message = `${have} a mean energy that no beta' has, by ${noise} standard errors or less`;
    warn("energy-clipped", `${message}; set to the end of the range: ${clipped.join(", ")}`);
  }
  return map;
}

/** The nearer end of the range of betas that can be matched, where noise alone may have led out of it. */
function nearestEnd(
  { torus, size }: { readonly torus: ExactResults["torus"]; readonly size: number },
  beta: number,
  { energy, error }: { readonly energy: number; readonly error: number },
): MatchedBeta {
  const lowest = torus(size, largestMatchedBeta).energy;
  const [end, limit] = energy > 0 ? [0, 0] : [largestMatchedBeta, lowest];
  if (Math.abs(energy - limit) <= noise * error) {
    return { beta: end, slope: energySlope(torus, size, end) };
  }
  const range = `from ${lowest.toPrecision(6)} (beta' ${largestMatchedBeta}) to 0`;
  const got = `${energy.toPrecision(6)} +- ${error.toPrecision(2)}`;
  const message = `at beta ${beta} the mean energy per site is ${got}`;
  throw new InvalidInput("configurations", `${message}: expected a value ${range}`);
}

async function distinctBetas(input: Input): Promise<number[]> {
  const betas = new Set<number>();
  for await (const { columns } of input.chunks()) {
    for (const beta of columns["beta"] as Float64Array) betas.add(beta);
  }
  return [...betas].sort((a, b) => a - b);
}

/** Columns that say which row a target belongs to. */
function targetsPort(rows: Columns): Port {
  const chain = rows["chain"] ? { chain: rows["chain"] } : {};
  return table({ values: vector("float32", 1), beta: f64, ...chain });
}

async function* targetsOf(
  rows: Input,
  map: ReadonlyMap<number, number>,
): AsyncGenerator<Batch, void, undefined> {
  for await (const { columns } of rows.chunks()) {
    const betas = columns["beta"] as Float64Array;
    const lacking = betas.find((beta) => !map.has(beta));
    if (lacking !== undefined) {
      const known = [...map.keys()].join(", ");
      throw new InvalidInput("rows", `beta ${lacking} is not in the map; there is ${known}`);
    }
    const { chain } = columns;
    yield {
      values: Float32Array.from(betas, (beta) => map.get(beta)!),
      beta: betas,
      ...(chain ? { chain: chain as Batch[string] } : {}),
    };
  }
}
