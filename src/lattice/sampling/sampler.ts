/**
 * Equilibrium samples of the Ising model at one beta: burn-in, then snapshots of all chains at a
 * fixed spacing. Lengths are in sweeps: N attempted updates, or N spins in flipped clusters.
 */
import type { SamplerOptions as Options, Sampler, SamplerReport } from "../systems/system.ts";
import type { Chains, IsingSnapshot } from "./chains.ts";
import { ClusterChains } from "./clusters.ts";
import { LocalChains, type LocalRule } from "./local.ts";
import type { SamplerState } from "./sampler-state.ts";

export type Algorithm = LocalRule | "wolff" | "swendsen-wang";

/** `burnIn` is at least 1 for Wolff; `random` takes a chain or a block of chains, and a half. */
export interface SamplerOptions extends Options {
  readonly algorithm: Algorithm;
}

/** A sampler that gives Ising snapshots. */
interface IsingSampler extends Sampler {
  next(): IsingSnapshot;
  read(): IsingSnapshot;
}

/**
 * Burns the chains in, or continues from a state. At beta = 0 every snapshot is drawn directly,
 * whatever the algorithm.
 */
export function createSampler(options: SamplerOptions, state?: SamplerState): IsingSampler {
  if (options.beta === 0) return directSampler(options, state);
  switch (options.algorithm) {
    case "metropolis":
    case "heat-bath":
      return localSampler(options.algorithm, options, state);
    case "wolff":
      return wolffSampler(options, state);
    case "swendsen-wang":
      return swendsenWangSampler(options, state);
  }
}

const nothing: SamplerReport = { acceptance: null, meanCluster: null, flipsPerSample: null };

/** A sampler of chains that `move` moves on from one snapshot to the next. */
function samplerOf(
  chains: Chains,
  given: SamplerState | undefined,
  move: () => void,
  counts: () => readonly number[],
  report: (snapshots: number) => Partial<SamplerReport>,
): IsingSampler {
  let snapshots = given?.snapshots ?? 0;
  return {
    next() {
      move();
      snapshots++;
      return chains.read();
    },
    read: () => chains.read(),
    report: () => ({ ...nothing, ...report(snapshots) }),
    state: () => ({ streams: chains.state(), snapshots, counts: counts() }),
  };
}

function directSampler(options: SamplerOptions, state?: SamplerState): IsingSampler {
  const chains = new LocalChains("heat-bath", { ...options, streams: state?.streams });
  return samplerOf(
    chains,
    state,
    () => chains.scatter(),
    () => [],
    () => ({}),
  );
}

function localSampler(
  rule: LocalRule,
  options: SamplerOptions,
  state?: SamplerState,
): IsingSampler {
  const chains = new LocalChains(rule, { ...options, streams: state?.streams });
  if (!state) chains.sweep(options.burnIn);
  chains.restartCounts(...(state?.counts ?? []));
  return samplerOf(
    chains,
    state,
    () => chains.sweep(options.thinning),
    () => chains.counts,
    () => ({ acceptance: chains.acceptance() }),
  );
}

function wolffSampler(options: SamplerOptions, state?: SamplerState): IsingSampler {
  const chains = new ClusterChains({ ...options, streams: state?.streams });
  const [flipsPerSample = calibrate(chains, options), ...given] = state?.counts ?? [];
  const flipped = Array.from({ length: options.chains }, (_, chain) => given[chain] ?? 0);
  return samplerOf(
    chains,
    state,
    () => {
      for (const chain of flipped.keys()) flipped[chain]! += chains.wolff(chain, flipsPerSample);
    },
    () => [flipsPerSample, ...flipped],
    (snapshots) => ({
      meanCluster: Float64Array.from(flipped, (spins) => spins / (snapshots * flipsPerSample)),
      flipsPerSample,
    }),
  );
}

/**
 * Burns Wolff chains in; returns the number of flips from one snapshot to the next. It is fixed:
 * stopping as soon as enough spins have been flipped would favour what large clusters leave behind.
 * It follows from the mean cluster in the second half of burn-in, over all chains, itself a fixed
 * number of flips.
 */
function calibrate(chains: ClusterChains, { size, burnIn, thinning }: SamplerOptions): number {
  const sites = size ** 2;
  const half = (burnIn / 2) * sites;
  let flips = 0;
  let spins = 0;
  for (let chain = 0; chain < chains.count; chain++) {
    let flipped = 0;
    for (; flipped < half; flips++) flipped += chains.wolff(chain, 1);
    spins += flipped;
  }
  const rest = Math.ceil((half * flips) / spins);
  spins = 0;
  for (let chain = 0; chain < chains.count; chain++) spins += chains.wolff(chain, rest);
  return Math.ceil((thinning * sites * rest * chains.count) / spins);
}

function swendsenWangSampler(options: SamplerOptions, state?: SamplerState): IsingSampler {
  const { size, burnIn, thinning } = options;
  const chains = new ClusterChains({ ...options, streams: state?.streams });
  const clusters = Array.from({ length: options.chains }, (_, i) => state?.counts[i] ?? 0);
  if (!state) for (const chain of clusters.keys()) chains.swendsenWang(chain, burnIn);
  return samplerOf(
    chains,
    state,
    () => {
      for (const chain of clusters.keys()) clusters[chain]! += chains.swendsenWang(chain, thinning);
    },
    () => clusters,
    (snapshots) => ({
      meanCluster: Float64Array.from(clusters, (n) => (size ** 2 * thinning * snapshots) / n),
    }),
  );
}
