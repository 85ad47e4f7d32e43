/** Node type `ising-sampler`: equilibrium configurations of the square-lattice Ising model. */
import {
  bits,
  type Context,
  defineNode,
  f64,
  type Input,
  InvalidParam,
  i8,
  i32,
  nullable,
  type Previous,
  Seed,
  type Static,
  Type,
  table,
  utf8,
} from "../engine/node-type.ts";
import { mostClusterChains, mostLocalChains, mostSamples } from "../lattice/limits.ts";
import type { ChainSums } from "../lattice/sampling/recorder.ts";
import type { SamplerReport } from "../lattice/sampling/sampler.ts";
import { checkpointColumns, readState, writeState } from "../lattice/sampling/sampler-state.ts";

const params = Type.Object({
  size: Type.Integer({
    minimum: 2,
    maximum: 4096,
    description: "Sites a side, L; the lattice is square and periodic.",
  }),
  betas: Type.Array(Type.Number({ minimum: 0 }), {
    minItems: 1,
    description: "Inverse temperatures J / (k T), each once.",
  }),
  samples: Type.Integer({ minimum: 1, description: "Configurations per beta, over all chains." }),
  algorithm: Type.Union(
    [
      Type.Literal("wolff"),
      Type.Literal("swendsen-wang"),
      Type.Literal("heat-bath"),
      Type.Literal("metropolis"),
    ],
    { default: "wolff", description: "How the chains move; metropolis needs an even size." },
  ),
  chains: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 65536,
      description: "Independent chains per beta. Default: 8 for clusters, 128 for local updates.",
    }),
  ),
  burn_in: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: "Sweeps before sampling. Default: 100 for clusters, 8 size^2 for local updates.",
    }),
  ),
  thinning: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: "Sweeps between samples. Default: 2 for clusters, size^2 / 8 for local updates.",
    }),
  ),
  start: Type.Union([Type.Literal("hot"), Type.Literal("cold")], {
    default: "hot",
    description: "First configuration of a chain: random spins, or all up.",
  }),
  symmetrize: Type.Boolean({
    default: true,
    description: "Multiply each recorded configuration by a random sign.",
  }),
  seed: Seed({ default: 1 }),
});
type Params = Static<typeof params>;

export const isingSampler = defineNode({
  type: "ising-sampler",
  version: 1,
  summary: "Samples equilibrium configurations of the Ising model on a periodic square lattice.",
  details: `E = -sum over nearest neighbours of s s', J = 1, no field. A sweep is N attempted updates,
or N spins in flipped clusters. Every chain starts on its own, is burnt in for \`burn_in\` sweeps and
read every \`thinning\` sweeps. Wolff flips a fixed number of clusters from one sample to the next,
ceil(thinning N / mean cluster), measured in the second half of the burn-in: recording as soon as
enough spins have been flipped is biased. At beta = 0 every configuration is drawn directly. Metropolis and heat bath visit the
sites of the two sublattices in turn, heat bath on odd sizes all sites in order.

Rows are ordered by beta, then time, then chain, so that more \`samples\` only add rows. \`chain\`
names the random stream that a configuration comes from: never measure a model on a chain that it was
trained on. \`time\` counts a chain's samples. \`energy\` and \`magnetization\` are totals, E and the
sum of s, of the configuration as recorded; \`sign\` is the factor that \`symmetrize\` applied, so
sign * magnetization is what the chain had. The means in \`diagnostics\` are those of the chains,
before that factor and per site. Local updates start hot by default and can stay in a striped
state for long below the critical temperature: use clusters there.`,
  params,
  inputs: {},
  outputs: (params: Params) => {
    check(params);
    const sites = params.size * params.size;
    return {
      configurations: table(
        {
          spins: bits(sites, [params.size, params.size]),
          beta: f64,
          chain: utf8,
          time: i32,
          energy: i32,
          magnetization: i32,
          sign: i8,
        },
        { main: true, description: "One row a configuration." },
      ),
      diagnostics: table(
        {
          beta: f64,
          chain: utf8,
          samples: i32,
          energy: f64,
          magnetization: f64,
          abs_magnetization: f64,
          acceptance: nullable(f64),
          mean_cluster: nullable(f64),
          flips_per_sample: nullable(i32),
        },
        { description: "One row a chain: means per site, and how the chain moved." },
      ),
    };
  },
  splits: "betas",
  grows: { by: "samples", extends: ["configurations"] },
  checkpoint: table(checkpointColumns),
  async run(context) {
    warn(context);
    return await sample(context, context.params.betas[0]!);
  },
});

function check(given: Params): void {
  const { size, betas, algorithm, burn_in } = given;
  for (const [i, beta] of betas.entries()) {
    if (!(Number.isFinite(beta) && beta >= 0)) {
      throw new InvalidParam(`betas.${i}`, `expected a finite number >= 0, got ${beta}`);
    }
    if (betas.indexOf(beta) < i) throw new InvalidParam(`betas.${i}`, `duplicate beta ${beta}`);
  }
  if (algorithm === "metropolis" && (size % 2 || size < 4)) {
    const why = "metropolis needs an even size of at least 4";
    throw new InvalidParam("size", `${why}, got ${size}; use heat-bath, wolff or swendsen-wang`);
  }
  checkRoom(given);
  if (algorithm === "wolff" && burn_in === 0) {
    const why = "wolff measures its clusters during burn-in";
    throw new InvalidParam("burn_in", `${why}: expected at least 1 sweep, got 0`);
  }
}

/** Says before hours of sampling what no memory could hold. */
function checkRoom(given: Params): void {
  const { size, samples, betas, algorithm } = given;
  const isLocal = algorithm === "heat-bath" || algorithm === "metropolis";
  // At beta 0 chains are drawn like local ones.
  const most = Math.min(
    isLocal ? Number.POSITIVE_INFINITY : mostClusterChains(size),
    isLocal || betas.includes(0) ? mostLocalChains(size) : Number.POSITIVE_INFINITY,
  );
  const fits = (name: "chains" | "samples", asked: number, limit: number) => {
    if (asked <= limit) return;
    const message = `${asked} lattices of ${size} x ${size} sites do not fit in memory`;
    throw new InvalidParam(name, `${message}: expected ${limit} at most`);
  };
  fits("chains", scheduleOf(given).chains, most);
  fits("samples", samples, mostSamples(size));
}

function warn({ params, warn }: Pick<Context<Params>, "params" | "warn">): void {
  const low = params.betas.filter((beta) => beta > 0 && beta < 0.1);
  if (params.algorithm === "metropolis" && low.length) {
    const which = `at beta ${low.join(", ")}`;
    const why = "metropolis accepts nearly every flip there and hardly mixes";
    warn("metropolis-at-low-beta", `${which}: ${why}; use heat-bath`);
  }
}

function scheduleOf({ size, algorithm, chains, burn_in, thinning }: Params) {
  const isCluster = algorithm === "wolff" || algorithm === "swendsen-wang";
  return {
    chains: chains ?? (isCluster ? 8 : 128),
    // Local updates slow down like size^2.17 at criticality.
    burnIn: burn_in ?? (isCluster ? 100 : 8 * size * size),
    thinning: thinning ?? (isCluster ? 2 : Math.ceil((size * size) / 8)),
  };
}

/** The rows of one beta, or those that are not there yet. */
async function sample(context: Context<Params>, beta: number) {
  const { createSampler } = await import("../lattice/sampling/sampler.ts");
  const { Recorder } = await import("../lattice/sampling/recorder.ts");
  const { params, random, previous, progress, publish, signal } = context;
  const { size, samples, algorithm, start, symmetrize } = params;
  const schedule = scheduleOf(params);
  const before = previous && (await readBefore(previous));
  const sampler = createSampler(
    {
      ...{ size, beta, algorithm, start, ...schedule },
      random: (...parts) => random("sampling", beta, ...parts),
    },
    before?.state,
  );
  const recorder = new Recorder({
    ...{ sites: size * size, chains: schedule.chains, end: samples },
    first: previous?.value ?? 0,
    signs: symmetrize ? random("symmetrize", beta) : undefined,
    sums: before?.more.sums,
  });
  const ids = chainIds(params.seed, beta, schedule.chains);
  const first = recorder.row;
  const results = () => {
    const rows = recorder.rows();
    const chain = Array.from(rows.time, (_, i) => ids[(first + i) % ids.length]!);
    const sums = recorder.sums.slice(0, recorder.row);
    return {
      configurations: { ...rows, beta: new Float64Array(chain.length).fill(beta), chain },
      diagnostics: diagnosticsOf(sums, sampler.report(), size * size, ids, beta),
      checkpoint: writeState(sampler.state(), { sums: recorder.sums }),
    };
  };
  // The last snapshot may have had more chains than there were rows.
  if (first % schedule.chains) recorder.add(sampler.read());
  while (recorder.row < samples) {
    signal.throwIfAborted();
    recorder.add(sampler.next());
    progress(recorder.row / samples);
    await publish(recorder.row, results);
  }
  return results();
}

async function readBefore({ checkpoint }: Previous) {
  const { columns } = await (checkpoint as Input<typeof checkpointColumns>).table();
  return readState<{ sums: readonly ChainSums[] }>(columns);
}

function diagnosticsOf(
  sums: readonly ChainSums[],
  report: SamplerReport,
  sites: number,
  ids: readonly string[],
  beta: number,
) {
  const mean = (of: keyof ChainSums) => sums.map((sum) => sum[of] / (sum.samples * sites));
  return {
    beta: sums.map(() => beta),
    chain: ids.slice(0, sums.length),
    samples: sums.map(({ samples }) => samples),
    energy: mean("energy"),
    magnetization: mean("magnetization"),
    abs_magnetization: mean("absMagnetization"),
    acceptance: sums.map(() => report.acceptance),
    mean_cluster: sums.map((_, chain) => report.meanCluster?.[chain] ?? null),
    flips_per_sample: sums.map(() => report.flipsPerSample),
  };
}

/** Equal for equal streams, and for no others. */
function chainIds(seed: Params["seed"], beta: number, chains: number): string[] {
  const list = JSON.stringify(typeof seed === "object" ? seed : [seed]);
  return Array.from({ length: chains }, (_, chain) => `seed=${list} beta=${beta} chain=${chain}`);
}
