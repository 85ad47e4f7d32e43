/**
 * Node types `<system>-sampler`: equilibrium configurations of a spin system. Knows no system; what is
 * special about one stands in `src/lattice/systems/`.
 */
import {
  type AnyNodeType,
  type Columns,
  type Context,
  defineNode,
  f64,
  type Input,
  InvalidParam,
  i32,
  type Notes,
  nullable,
  type Port,
  type Previous,
  Seed,
  type Static,
  Type,
  table,
  utf8,
} from "../engine/node-type.ts";
import type { ChainSums } from "../lattice/sampling/recorder.ts";
import { checkpointColumns, readState, writeState } from "../lattice/sampling/sampler-state.ts";
import { systems } from "../lattice/systems/index.ts";
import type { Plan, SamplerReport, Snapshot, SpinSystem } from "../lattice/systems/system.ts";
import { spinsColumn } from "./shared/lattice.ts";
import * as note from "./shared/notes.ts";

function paramsOf({ updates, symmetry }: SpinSystem) {
  const names = Object.keys(updates.algorithms);
  return Type.Object({
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
      names.map((name) => Type.Literal(name)),
      { default: names[0]!, description: updates.description },
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
        description:
          "Sweeps before sampling. Default: 100 for clusters, 8 size^2 for local updates.",
      }),
    ),
    thinning: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          "Sweeps between samples. Default: 2 for clusters, size^2 / 8 for local updates.",
      }),
    ),
    start: Type.Union([Type.Literal("hot"), Type.Literal("cold")], {
      default: "hot",
      description: "First configuration of a chain: random spins, or all equal.",
    }),
    symmetrize: Type.Boolean({ default: true, description: symmetry.description }),
    seed: Seed({ default: 1 }),
  });
}
type Params = Static<ReturnType<typeof paramsOf>>;

/** The node type that samples a system. */
export function samplerOf(system: SpinSystem) {
  return defineNode({
    type: `${system.name}-sampler`,
    version: 2,
    summary: system.summary,
    details: system.details,
    notes: notesOf(system),
    typical: {
      params: { size: 16, betas: [0.44], samples: 400, seed: 1 },
      depends: "The shape of `spins` is size x size.",
    },
    params: paramsOf(system),
    inputs: {},
    outputs: (params: Params) => {
      check(system, params);
      return portsOf(system, params.size);
    },
    splits: "betas",
    grows: { by: "samples", extends: ["configurations"] },
    checkpoint: table(checkpointColumns),
    figures: {
      samples: {
        title: "Configurations",
        text: "The first of each inverse temperature.",
        tiles: { column: "spins", rows: "beta", limit: 8 },
      },
    },

    async run(context) {
      for (const { code, message } of system.updates.warnings(planOf(system, context.params))) {
        context.warn(code, message);
      }
      return await sample(system, context, context.params.betas[0]!);
    },
  });
}

function notesOf({ notes, symmetry }: SpinSystem): Notes {
  return {
    configurations: {
      spins: note.configurations.spins,
      beta: note.beta,
      chain: note.chain,
      time: note.configurations.time,
      [symmetry.column]: symmetry.description,
      ...notes?.configurations,
    },
    diagnostics: {
      beta: note.beta,
      chain: note.chain,
      samples: "Configurations recorded from the chain.",
      ...notes?.diagnostics,
      acceptance: "Share of attempted local updates that changed a spin; null for clusters.",
      mean_cluster:
        "Spins per flipped cluster (wolff), or sites per cluster (swendsen-wang); null for local updates.",
      flips_per_sample: "Clusters flipped from one sample to the next (wolff); else null.",
    },
  };
}

/** One for every system, in the order of their table. */
export const samplers: readonly AnyNodeType[] = Object.values(systems).map(samplerOf);

function portsOf({ layout, observables, means, symmetry }: SpinSystem, size: number) {
  const totals = Object.entries(observables).map(([name, { type }]) => [name, { type }]);
  const averages = Object.values(means).map(({ column }) => [column, f64]);
  return {
    configurations: table(
      {
        spins: spinsColumn(layout.item, size),
        ...{ beta: f64, chain: utf8, time: i32 },
        ...(Object.fromEntries(totals) as Columns),
        [symmetry.column]: { type: symmetry.type },
      },
      { main: true, description: "One row a configuration." },
    ),
    diagnostics: table(
      {
        ...{ beta: f64, chain: utf8, samples: i32 },
        ...(Object.fromEntries(averages) as Columns),
        acceptance: nullable(f64),
        mean_cluster: nullable(f64),
        flips_per_sample: nullable(i32),
      },
      { description: "One row a chain: means per site, and how the chain moved." },
    ),
  } satisfies Record<string, Port>;
}

function check(system: SpinSystem, params: Params): void {
  for (const [i, beta] of params.betas.entries()) {
    if (!(Number.isFinite(beta) && beta >= 0)) {
      throw new InvalidParam(`betas.${i}`, `expected a finite number >= 0, got ${beta}`);
    }
    if (params.betas.indexOf(beta) < i) {
      throw new InvalidParam(`betas.${i}`, `duplicate beta ${beta}`);
    }
  }
  const plan = planOf(system, params);
  const objection = system.updates.objection(plan);
  if (objection) throw new InvalidParam(objection.param, objection.message);
  checkRoom(system, plan, params);
}

/** Refuses, before hours of sampling, what no memory could hold. */
function checkRoom(system: SpinSystem, plan: Plan, params: Params): void {
  const most = system.updates.most(plan);
  const asked = { chains: scheduleOf(system, params).chains, samples: params.samples };
  for (const name of ["chains", "samples"] as const) {
    if (asked[name] <= most[name]) continue;
    const lattices = `${asked[name]} lattices of ${params.size} x ${params.size} sites`;
    throw new InvalidParam(
      name,
      `${lattices} do not fit in memory: expected ${most[name]} at most`,
    );
  }
}

function planOf(system: SpinSystem, params: Params): Plan {
  const { size, betas, algorithm } = params;
  return { size, betas, algorithm, burnIn: scheduleOf(system, params).burnIn };
}

function scheduleOf({ updates }: SpinSystem, params: Params) {
  const { size, algorithm, chains, burn_in, thinning } = params;
  const isCluster = updates.algorithms[algorithm] === "clusters";
  return {
    chains: chains ?? (isCluster ? 8 : 128),
    // Local updates slow down like size^2.17 at criticality.
    burnIn: burn_in ?? (isCluster ? 100 : 8 * size * size),
    thinning: thinning ?? (isCluster ? 2 : Math.ceil((size * size) / 8)),
  };
}

/** The rows of one beta, or those that are not there yet. */
async function sample(system: SpinSystem, context: Context<Params>, beta: number) {
  const { Recorder } = await import("../lattice/sampling/recorder.ts");
  const { params, random, previous, progress, publish, handOver, signal } = context;
  const { size, samples, algorithm, start, symmetrize } = params;
  const schedule = scheduleOf(system, params);
  const before = previous && (await readBefore(previous));
  const sampler = await system.updates.sampler(
    {
      ...{ size, beta, algorithm, start, ...schedule },
      random: (...parts) => random("sampling", beta, ...parts),
    },
    before?.state,
  );
  const recorder = new Recorder({
    ...{ system, sites: size * size, chains: schedule.chains, end: samples },
    first: previous?.value ?? 0,
    symmetrize: symmetrize ? random("symmetrize", beta) : undefined,
    sums: before?.more.sums,
  });
  const ids = chainIds(params.seed, beta, schedule.chains);
  const results = () => {
    const [rows, first] = [recorder.rows(), recorder.row - recorder.held];
    const chain = Array.from({ length: recorder.held }, (_, i) => ids[(first + i) % ids.length]!);
    const sums = recorder.sums.slice(0, recorder.row);
    return {
      configurations: { ...rows, beta: new Float64Array(chain.length).fill(beta), chain },
      diagnostics: diagnosticsOf(system, sums, sampler.report(), { size, ids, beta }),
      checkpoint: writeState(sampler.state(), { sums: recorder.sums }),
    };
  };
  // The last snapshot may have had more chains than there were rows.
  if (recorder.row % schedule.chains) recorder.add(sampler.read());
  while (recorder.row < samples) {
    signal.throwIfAborted();
    const snapshot = sampler.next();
    recorder.add(snapshot);
    progress(recorder.row / samples, undefined, meansOf(system, snapshot, schedule.chains, size));
    if (recorder.isFull && recorder.row < samples) {
      await handOver(recorder.row, results);
      recorder.forget();
    } else await publish(recorder.row, results);
  }
  return results();
}

/** What a run shows as curves: means over the chains, per site. */
function meansOf({ means }: SpinSystem, { totals }: Snapshot, chains: number, size: number) {
  const all = Object.entries(means).map(([name, { of }]) => {
    let sum = 0;
    for (let chain = 0; chain < chains; chain++) sum += of(totals, chain);
    return [name, sum / (chains * size * size)];
  });
  return Object.fromEntries(all) as Record<string, number>;
}

async function readBefore({ checkpoint }: Previous) {
  const { columns } = await (checkpoint as Input<typeof checkpointColumns>).table();
  return readState<{ sums: readonly ChainSums[] }>(columns);
}

function diagnosticsOf(
  { means }: SpinSystem,
  sums: readonly ChainSums[],
  report: SamplerReport,
  { size, ids, beta }: { size: number; ids: readonly string[]; beta: number },
) {
  const averages = Object.entries(means).map(([name, { column }]) => {
    return [column, sums.map((sum) => sum[name]! / (sum.samples * size * size))];
  });
  return {
    beta: sums.map(() => beta),
    chain: ids.slice(0, sums.length),
    samples: sums.map(({ samples }) => samples),
    ...Object.fromEntries(averages),
    acceptance: sums.map(() => report.acceptance),
    mean_cluster: sums.map((_, chain) => report.meanCluster?.[chain] ?? null),
    flips_per_sample: sums.map(() => report.flipsPerSample),
  };
}

/** Equal for equal streams, and for no others. */
function chainIds(seed: Params["seed"], beta: number, chains: number): string[] {
  const id = `seed=${JSON.stringify([seed].flat())} beta=${beta} chain=`;
  return Array.from({ length: chains }, (_, chain) => id + chain);
}
