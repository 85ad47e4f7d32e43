/** The Ising model: spins of ±1, a bit each, that gain energy from equal neighbours. */

import { copyBits } from "../../math/bits.ts";
import { average, decimate, majority, translate } from "../coarse-graining.ts";
import { torusThermodynamics } from "../exact/torus.ts";
import { freeEnergySlope } from "../integration.ts";
import { mostClusterChains, mostLocalChains, mostSamples } from "../limits.ts";
import type { Algorithm } from "../sampling/sampler.ts";
import { measureSpins, packSpins, unpackSpins } from "../spins.ts";
import type { Plan, SpinData, SpinSystem } from "./system.ts";

const algorithms = {
  wolff: "clusters",
  "swendsen-wang": "clusters",
  "heat-bath": "local",
  metropolis: "local",
} as const satisfies Record<Algorithm, "local" | "clusters">;

export const ising: SpinSystem<Int8Array> = {
  name: "ising",
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

  notes: {
    configurations: {
      energy: "Total energy E in units of J: minus the sum of s s' over nearest neighbours.",
      magnetization: "Total magnetization: the sum of the spins, as recorded.",
      sign: "Factor, -1 or +1, that symmetrize applied; sign * magnetization is the chain's.",
    },
    diagnostics: {
      energy: "Mean energy per site of the chain, in units of J.",
      magnetization: "Mean magnetization per site of the chain, with its sign, before symmetrize.",
      abs_magnetization: "Mean of |m| over the chain's configurations, m per site.",
    },
  },

  layout: {
    item: "bool",
    allocate: (spins) => new Uint8Array(Math.ceil(spins / 8)),
    head: (data, spins) => data.subarray(0, Math.ceil(spins / 8)),
    copy: (source, from, target, to, count, sign) =>
      copyBits(bitsOf(source), from, bitsOf(target), to, count, sign < 0),
    unpack: (data, sites, start, end) => unpackSpins(bitsOf(data), sites, start, end),
    pack: packSpins,
  },

  observables: {
    energy: { type: "int32", changed: (energy) => energy },
    magnetization: { type: "int32", changed: (magnetization, sign) => sign * magnetization },
  },
  means: {
    energy: { column: "energy", of: ({ energy }, row) => energy![row]! },
    magnetization: { column: "magnetization", of: ({ magnetization: m }, row) => m![row]! },
    absMagnetization: {
      column: "abs_magnetization",
      of: ({ magnetization: m }, row) => Math.abs(m![row]!),
    },
  },
  measure: (data, size, rows) => measureSpins(bitsOf(data), size, rows),

  symmetry: {
    description: "Multiply each recorded configuration by a random sign.",
    column: "sign",
    type: "int8",
    identity: 1,
    draw: (random) => (random.uint32() >= 2 ** 31 ? -1 : 1),
  },

  updates: {
    algorithms,
    description: "How the chains move; metropolis needs an even size.",
    objection,
    warnings({ algorithm, betas }) {
      const low = betas.filter((beta) => beta > 0 && beta < 0.1);
      if (algorithm !== "metropolis" || low.length === 0) return [];
      const which = `at beta ${low.join(", ")}`;
      const why = "metropolis accepts nearly every flip there and hardly mixes";
      return [{ code: "metropolis-at-low-beta", message: `${which}: ${why}; use heat-bath` }];
    },
    most,
    async sampler(options, state) {
      const { createSampler } = await import("../sampling/sampler.ts");
      return createSampler({ ...options, algorithm: options.algorithm as Algorithm }, state);
    },
  },

  rules: {
    translate: (data, rows, ...where) => translate({ bits: bitsOf(data), rows }, ...where).bits,
    decimate: (data, rows, ...how) => decimate({ bits: bitsOf(data), rows }, ...how).bits,
    majority: (data, rows, ...how) => majority({ bits: bitsOf(data), rows }, ...how).bits,
    average,
  },
  exact: {
    torus: torusThermodynamics,
    free: { entropy: Math.LN2, slope: freeEnergySlope },
  },
};

function bitsOf(data: SpinData): Uint8Array {
  return data as Uint8Array;
}

function objection({ size, algorithm, burnIn }: Plan) {
  if (algorithm === "metropolis" && (size % 2 || size < 4)) {
    const why = "metropolis needs an even size of at least 4";
    const message = `${why}, got ${size}; use heat-bath, wolff or swendsen-wang`;
    return { param: "size", message } as const;
  }
  if (algorithm === "wolff" && burnIn === 0) {
    const why = "wolff measures its clusters during burn-in";
    return { param: "burn_in", message: `${why}: expected at least 1 sweep, got 0` } as const;
  }
  return undefined;
}

/** At beta 0 chains are drawn like local ones. */
function most({ size, betas, algorithm }: Plan) {
  const isLocal = algorithms[algorithm as Algorithm] === "local";
  const chains = Math.min(
    isLocal ? Number.POSITIVE_INFINITY : mostClusterChains(size),
    isLocal || betas.includes(0) ? mostLocalChains(size) : Number.POSITIVE_INFINITY,
  );
  return { chains, samples: mostSamples(size) };
}
