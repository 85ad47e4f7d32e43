/**
 * A second spin system, to hold the seam against: the Potts model with three states, in plain loops.
 * E = -(number of equal neighbours); Wu, Rev. Mod. Phys. 54, 235 (1982).
 */
import type { SpinSystem, Totals } from "../../../src/lattice/systems/system.ts";
import { createGenerator, type Generator } from "../../../src/random/index.ts";
import { neighboursOf } from "../brute-force.ts";
import * as sites from "../sites.ts";

const states = 3;

/** Energy, and N (q max rho - 1) / (q - 1), which is N where all spins are equal and 0 on average. */
export function totalsOf(spins: Uint8Array, size: number): { energy: number; order: number } {
  const sites = size * size;
  const counts = new Array<number>(states).fill(0);
  let equal = 0;
  for (let site = 0; site < sites; site++) {
    const own = spins[site]!;
    counts[own]!++;
    equal += neighboursOf(site, size).filter((other) => spins[other] === own).length;
  }
  return { energy: -equal / 2, order: (states * Math.max(...counts) - sites) / (states - 1) };
}

function measure(spins: Uint8Array, size: number, rows: number): Totals {
  const sites = size * size;
  const each = Array.from({ length: rows }, (_, row) =>
    totalsOf(spins.subarray(row * sites, (row + 1) * sites), size),
  );
  return { energy: each.map(({ energy }) => energy), order: each.map(({ order }) => order) };
}

/** Heat bath, site after site. */
function sweep(spins: Uint8Array, size: number, beta: number, random: Generator): void {
  for (let site = 0; site < spins.length; site++) {
    const weights = new Array<number>(states).fill(1);
    for (const other of neighboursOf(site, size)) weights[spins[other]!]! *= Math.exp(beta);
    let rest = random.float64() * weights.reduce((a, b) => a + b);
    let state = 0;
    while (state < states - 1 && rest >= weights[state]!) rest -= weights[state++]!;
    spins[site] = state;
  }
}

export const potts: SpinSystem<Int8Array> = {
  name: "potts",
  summary: "Samples the Potts model with three states.",
  details: "",
  layout: {
    item: "uint8",
    allocate: (spins) => new Uint8Array(spins),
    head: (data, spins) => data.subarray(0, spins),
    copy(source, from, target, to, count, shift) {
      for (let i = 0; i < count; i++) target[to + i] = (source[from + i]! + shift) % states;
    },
    unpack: (data, sites, start, end) => Int8Array.from(data.subarray(start * sites, end * sites)),
    pack: (spins) => Uint8Array.from(spins),
  },
  observables: {
    energy: { type: "int32", changed: (energy) => energy },
    order: { type: "float64", changed: (order) => order },
  },
  means: {
    energy: { column: "energy", of: ({ energy }, row) => energy![row]! },
    order: { column: "mean_order", of: ({ order }, row) => order![row]! },
  },
  notes: {
    configurations: { energy: "Energy, in units of J.", order: "Order parameter." },
    diagnostics: { energy: "Mean energy per site.", mean_order: "Mean order per site." },
  },
  measure: (data, size, rows) => measure(data as Uint8Array, size, rows),
  symmetry: {
    description: "Add a random number to all states, modulo 3.",
    column: "shift",
    type: "int8",
    identity: 0,
    draw: (random) => random.below(states),
  },
  updates: {
    algorithms: { "heat-bath": "local" },
    description: "How the chains move.",
    objection: ({ size }) =>
      size > 16 ? { param: "size", message: `plain loops end at 16, got ${size}` } : undefined,
    warnings: () => [],
    most: () => ({ chains: 10_000, samples: 100_000 }),
    async sampler({ size, beta, chains, start, burnIn, thinning, random }, state) {
      const sites = size * size;
      const all = new Uint8Array(chains * sites);
      const streams = Array.from({ length: chains }, (_, chain) => {
        const before = state?.streams[chain];
        const spins = all.subarray(chain * sites, (chain + 1) * sites);
        const generator = before ? createGenerator(before.generator) : random(chain);
        if (before) spins.set(before.spins);
        else if (start === "hot") spins.set(spins.map(() => generator.below(states)));
        return { spins, generator };
      });
      let snapshots = state?.snapshots ?? 0;
      const move = (sweeps: number) => {
        for (const { spins, generator } of streams) {
          for (let i = 0; i < sweeps; i++) sweep(spins, size, beta, generator);
        }
      };
      const read = () => ({ spins: all, stride: sites, totals: measure(all, size, chains) });
      if (!state) move(burnIn);
      return {
        next() {
          move(thinning);
          snapshots++;
          return read();
        },
        read,
        report: () => ({ acceptance: null, meanCluster: null, flipsPerSample: null }),
        state: () => ({
          streams: streams.map(({ spins, generator }) => {
            return { spins: spins.slice(), generator: generator.state() };
          }),
          snapshots,
          counts: [],
        }),
      };
    },
  },
  rules: {
    translate: (data, _, ...where) => sites.translate(data as Uint8Array, ...where),
    decimate: (data, _, ...how) => sites.decimate(data as Uint8Array, ...how),
  },
};
