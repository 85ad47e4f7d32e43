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
  readonly #states: readonly BigUint64Array[];
  readonly #threshold: bigint;
  /** Bonds that were drawn for Wolff and not used yet. */
  #bonds: boolean[] = [];

  constructor(size: number, beta: number, states: readonly BigUint64Array[]) {
    this.#size = size;
    this.#states = states;
    this.#threshold = bondThreshold(beta);
    this.spins = new Int8Array(size * size);
    const coin = this.#coins();
    for (const site of this.spins.keys()) this.spins[site] = coin();
  }

  /** The next bits of both streams: 128, one behind the other. */
  #draw(): bigint {
    const [low, high] = this.#states.map(nextWord) as [bigint, bigint];
    return low | (high << 64n);
  }

  /** Tosses, 128 from each draw. */
  #coins(): () => number {
    let [word, left] = [0n, 0];
    return () => {
      if (left === 0) [word, left] = [this.#draw(), 128];
      left--;
      const coin = word & 1n ? 1 : -1;
      word >>= 1n;
      return coin;
    };
  }

  /** 128 bonds: as many numbers are compared with the threshold, bit by bit, until all are decided. */
  #drawBonds(): boolean[] {
    const isBond: (boolean | undefined)[] = new Array(128).fill(undefined);
    for (let bit = 63n; bit >= 0n && isBond.includes(undefined); bit--) {
      const word = this.#draw();
      const wanted = (this.#threshold >> bit) & 1n;
      for (const [k, known] of isBond.entries()) {
        const u = (word >> BigInt(k)) & 1n;
        if (known === undefined && u !== wanted) isBond[k] = u < wanted;
      }
    }
    return isBond.map((bond) => bond ?? false);
  }

  /** Grows a cluster from a random site, first site first, and flips it; returns its size. */
  wolff(): number {
    const { spins } = this;
    const seed = Math.floor(
      Number((this.#draw() & (2n ** 64n - 1n)) >> 11n) * 2 ** -53 * spins.length,
    );
    const cluster = new Set([seed]);
    // A set is gone through in the order of joining, with what joins meanwhile.
    for (const site of cluster) {
      if (this.#bonds.length === 0) this.#bonds = this.#drawBonds();
      const bonds = this.#bonds.splice(0, 4);
      for (const [k, next] of neighboursOf(site, this.#size).entries()) {
        if (spins[next] === spins[seed] && bonds[k]) cluster.add(next);
      }
    }
    for (const site of cluster) spins[site] = -spins[site]!;
    return cluster.size;
  }

  /** Draws all bonds, finds clusters by flooding, and tosses a coin for each in order of site. */
  swendsenWang(): number {
    const { spins } = this;
    const links = Array.from(spins, () => [] as number[]);
    for (const neighbour of [1, 3]) {
      let bonds: boolean[] = [];
      for (const site of spins.keys()) {
        if (site % 128 === 0) bonds = this.#drawBonds();
        const next = neighboursOf(site, this.#size)[neighbour]!;
        if (spins[next] !== spins[site] || !bonds[site % 128]) continue;
        links[site]!.push(next);
        links[next]!.push(site);
      }
    }
    const coin = this.#coins();
    const seen = new Set<number>();
    let clusters = 0;
    for (const first of spins.keys()) {
      if (seen.has(first)) continue;
      clusters++;
      const tossed = coin();
      const open = [first];
      for (let site = open.pop(); site !== undefined; site = open.pop()) {
        if (seen.has(site)) continue;
        seen.add(site);
        spins[site] = tossed;
        open.push(...links[site]!);
      }
    }
    return clusters;
  }
}

const cases = fc.record({
  size: fc.constantFrom(2, 3, 4, 5, 8, 11, 13),
  beta: fc.constantFrom(0, 0.1, 0.4406867935, 0.7, 30),
  steps: fc.integer({ min: 1, max: 6 }),
  seed: fc.nat(),
});

for (const rule of ["wolff", "swendsenWang"] as const) {
  test(`ClusterChains.${rule}() follows a twin, site by site, on random lattices`, () => {
    fc.assert(
      fc.property(cases, ({ size, beta, steps, seed }) => {
        const random = (chain: number, half: number) => streams("twin")(seed, chain, half);
        const chains = new ClusterChains({ size, beta, chains: 3, start: "hot", random });
        for (let chain = 0; chain < 3; chain++) {
          const twin = new Twin(size, beta, [random(chain, 0).state(), random(chain, 1).state()]);
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
