import fc from "fast-check";
import { expect, test } from "vitest";
import { ClusterChains } from "../../../src/lattice/sampling/clusters.ts";
import { bondThreshold } from "../../../src/lattice/sampling/thresholds.ts";
import { unpackSpins } from "../../../src/lattice/spins.ts";
import { nextWord } from "../../random/words.ts";
import { neighboursOf } from "../brute-force.ts";
import { streams } from "./streams.ts";

/** One chain, from the definition of the updates. */
class Twin {
  readonly spins: Int8Array;
  readonly #size: number;
  readonly #state: BigUint64Array;
  readonly #threshold: bigint;

  constructor(size: number, beta: number, state: BigUint64Array) {
    this.#size = size;
    this.#state = state;
    this.#threshold = bondThreshold(beta);
    this.spins = new Int8Array(size * size).map(() => this.#coin());
  }

  #coin(): number {
    return nextWord(this.#state) >> 63n ? 1 : -1;
  }

  #hasBond(): boolean {
    return nextWord(this.#state) < this.#threshold;
  }

  /** Grows a cluster from a random site, last site first, and flips it; returns its size. */
  wolff(): number {
    const { spins } = this;
    const seed = Math.floor(Number(nextWord(this.#state) >> 11n) * 2 ** -53 * spins.length);
    const spin = spins[seed]!;
    const cluster = new Set([seed]);
    const open = [seed];
    for (let site = open.pop(); site !== undefined; site = open.pop()) {
      for (const next of neighboursOf(site, this.#size)) {
        if (cluster.has(next) || spins[next] !== spin || !this.#hasBond()) continue;
        cluster.add(next);
        open.push(next);
      }
    }
    for (const site of cluster) spins[site] = -spin;
    return cluster.size;
  }

  /** Draws all bonds, finds clusters by flooding, and tosses a coin for each in order of site. */
  swendsenWang(): number {
    const { spins } = this;
    const bonds = Array.from(spins, () => [] as number[]);
    for (const site of spins.keys()) {
      const [, right, , below] = neighboursOf(site, this.#size);
      for (const next of [right, below]) {
        if (spins[next] !== spins[site] || !this.#hasBond()) continue;
        bonds[site]!.push(next);
        bonds[next]!.push(site);
      }
    }
    const seen = new Set<number>();
    let clusters = 0;
    for (const first of spins.keys()) {
      if (seen.has(first)) continue;
      clusters++;
      const coin = this.#coin();
      const open = [first];
      for (let site = open.pop(); site !== undefined; site = open.pop()) {
        if (seen.has(site)) continue;
        seen.add(site);
        spins[site] = coin;
        open.push(...bonds[site]!);
      }
    }
    return clusters;
  }
}

const cases = fc.record({
  size: fc.constantFrom(2, 3, 4, 5, 8, 11),
  beta: fc.constantFrom(0, 0.1, 0.4406867935, 0.7, 30),
  steps: fc.integer({ min: 1, max: 6 }),
  seed: fc.nat(),
});

for (const rule of ["wolff", "swendsenWang"] as const) {
  test(`ClusterChains.${rule}() follows a twin, site by site, on random lattices`, () => {
    fc.assert(
      fc.property(cases, ({ size, beta, steps, seed }) => {
        const random = (chain: number) => streams("twin")(seed, chain);
        const chains = new ClusterChains({ size, beta, chains: 3, start: "hot", random });
        for (let chain = 0; chain < 3; chain++) {
          const twin = new Twin(size, beta, random(chain).state());
          let count = 0;
          for (let i = 0; i < steps; i++) count += twin[rule]();
          expect(chains[rule](chain, steps)).toBe(count);
          const { spins: bits, stride } = chains.read();
          const got = unpackSpins(bits, stride, chain, chain + 1).subarray(0, size * size);
          expect([...got]).toEqual([...twin.spins]);
        }
      }),
      { seed: 5, numRuns: 60 },
    );
  });
}
