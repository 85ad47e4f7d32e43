/**
 * Equilibrium samples of the Ising model at one beta: burn-in, then snapshots of all chains at a
 * fixed spacing. Lengths are in sweeps: N attempted updates, or N spins in flipped clusters.
 */
import type { Generator } from "../random/index.ts";
import type { ChainOptions, Snapshot } from "./chains.ts";
import { ClusterChains } from "./clusters.ts";
import { LocalChains, type LocalRule } from "./local.ts";

export type Algorithm = LocalRule | "wolff" | "swendsen-wang";

export interface SamplerOptions extends Omit<ChainOptions, "random"> {
  readonly algorithm: Algorithm;
  /** Sweeps before the first sample's own spacing; at least 1 for Wolff. */
  readonly burnIn: number;
  /** Sweeps from one snapshot to the next. */
  readonly thinning: number;
  /** The stream of a chain (clusters), or of half a block of chains (local updates, beta = 0). */
  readonly random: (...parts: number[]) => Generator;
}

/** What a run did besides its samples; null where it means nothing. */
export interface SamplerReport {
  /** Share of attempted local updates that changed a spin, over all chains. */
  readonly acceptance: number | null;
  /** Per chain: spins per flipped cluster (Wolff), or sites per cluster (Swendsen-Wang). */
  readonly meanCluster: Float64Array | null;
  /** Wolff clusters flipped from one snapshot to the next. */
  readonly flipsPerSample: number | null;
}

export interface Sampler {
  /** Moves all chains on and reads them. */
  next(): Snapshot;
  /** Of the snapshots so far. */
  report(): SamplerReport;
}

/** Burns the chains in. At beta = 0 every snapshot is drawn directly, whatever the algorithm. */
export function createSampler(options: SamplerOptions): Sampler {
  if (options.beta === 0) return directSampler(options);
  switch (options.algorithm) {
    case "metropolis":
    case "heat-bath":
      return localSampler(options.algorithm, options);
    case "wolff":
      return wolffSampler(options);
    case "swendsen-wang":
      return swendsenWangSampler(options);
  }
}

const nothing: SamplerReport = { acceptance: null, meanCluster: null, flipsPerSample: null };

function directSampler(options: SamplerOptions): Sampler {
  const chains = new LocalChains("heat-bath", options);
  return {
    next() {
      chains.scatter();
      return chains.read();
    },
    report: () => nothing,
  };
}

function localSampler(rule: LocalRule, options: SamplerOptions): Sampler {
  const chains = new LocalChains(rule, options);
  chains.sweep(options.burnIn);
  chains.restartCounts();
  return {
    next() {
      chains.sweep(options.thinning);
      return chains.read();
    },
    report: () => ({ ...nothing, acceptance: chains.acceptance() }),
  };
}

/**
 * The number of flips from one snapshot to the next is fixed: stopping as soon as enough spins have
 * been flipped would favour what large clusters leave behind. It follows from the mean cluster in
 * the second half of burn-in, over all chains, itself a fixed number of flips.
 */
function wolffSampler({ burnIn, thinning, ...options }: SamplerOptions): Sampler {
  const chains = new ClusterChains(options);
  const sites = options.size ** 2;
  const half = (burnIn / 2) * sites;
  const all = Array.from({ length: options.chains }, (_, chain) => chain);

  let flips = 0;
  let spins = 0;
  for (const chain of all) {
    let flipped = 0;
    for (; flipped < half; flips++) flipped += chains.wolff(chain, 1);
    spins += flipped;
  }
  const rest = Math.ceil((half * flips) / spins);
  spins = 0;
  for (const chain of all) spins += chains.wolff(chain, rest);
  const flipsPerSample = Math.ceil((thinning * sites * rest * options.chains) / spins);

  const flipped = new Float64Array(options.chains);
  let snapshots = 0;
  return {
    next() {
      for (const chain of all) flipped[chain]! += chains.wolff(chain, flipsPerSample);
      snapshots++;
      return chains.read();
    },
    report() {
      const meanCluster = flipped.map((spins) => spins / (snapshots * flipsPerSample));
      return { ...nothing, meanCluster, flipsPerSample };
    },
  };
}

function swendsenWangSampler({ burnIn, thinning, ...options }: SamplerOptions): Sampler {
  const chains = new ClusterChains(options);
  const all = Array.from({ length: options.chains }, (_, chain) => chain);
  for (const chain of all) chains.swendsenWang(chain, burnIn);
  const clusters = new Float64Array(options.chains);
  let snapshots = 0;
  return {
    next() {
      for (const chain of all) clusters[chain]! += chains.swendsenWang(chain, thinning);
      snapshots++;
      return chains.read();
    },
    report() {
      const meanCluster = clusters.map((n) => (options.size ** 2 * thinning * snapshots) / n);
      return { ...nothing, meanCluster };
    },
  };
}
