/**
 * Wolff and Swendsen-Wang chains. Each has a generator of its own: two xoshiro256++ streams, and the
 * bonds that were drawn from them and not used yet (see `assembly/bonds.ts`).
 */

import { createKernel, inParts, type LatticeKernel } from "../kernel.ts";
import { clusterWorkBytes, strideOf } from "../limits.ts";
import { packSpins, readMeasured, unpackSpins } from "../spins.ts";
import type { ChainOptions, Chains, IsingSnapshot } from "./chains.ts";
import type { StreamState } from "./sampler-state.ts";
import { bondThreshold } from "./thresholds.ts";

/** 64-bit words of a generator: the streams word by word, 128 bonds, and how many fours were taken. */
const generatorWords = 11;
const allTaken = 32n;

interface Chain {
  readonly spins: number;
  readonly generator: number;
}

export class ClusterChains implements Chains {
  readonly #kernel: LatticeKernel = createKernel();
  readonly #size: number;
  readonly #threshold: bigint;
  readonly #chains: readonly Chain[];
  readonly #work: number;
  readonly #rows: number;
  readonly #stride: number;
  readonly #measured: number;

  constructor(options: ChainOptions) {
    const { size, beta, chains } = options;
    this.#size = size;
    this.#threshold = bondThreshold(beta);
    const kernel = this.#kernel;
    this.#stride = strideOf(size);
    this.#work = kernel.allocate(clusterWorkBytes(size));
    this.#rows = kernel.allocate((chains * this.#stride) / 8 + 16);
    this.#measured = kernel.allocate(8 * chains);
    this.#chains = Array.from({ length: chains }, (_, i) => {
      const generator = kernel.allocate(8 * generatorWords);
      const chain = { spins: kernel.allocate(this.#stride), generator };
      this.#begin(chain, i, options);
      return chain;
    });
  }

  #begin({ spins, generator }: Chain, i: number, { start, random, streams }: ChainOptions): void {
    const kernel = this.#kernel;
    const [sites, given] = [this.#size ** 2, streams?.[i]];
    const words = new BigUint64Array(kernel.memory.buffer, generator, generatorWords);
    if (given) words.set(given.generator);
    else {
      for (const half of [0, 1]) {
        for (const [k, word] of random(i, half).state().entries()) words[2 * k + half] = word;
      }
      words[generatorWords - 1] = allTaken;
    }
    const bytes = new Uint8Array(kernel.memory.buffer, spins, sites);
    if (given) bytes.set(unpackSpins(given.spins, sites, 0, 1).map((spin) => (spin + 1) >> 1));
    else if (start === "hot") kernel.scatter(spins, sites, generator);
    else bytes.fill(1);
  }

  get count(): number {
    return this.#chains.length;
  }

  /** Flips `flips` Wolff clusters of one chain; returns how many spins that flipped. */
  wolff(chain: number, flips: number): number {
    const { spins, generator } = this.#chains[chain]!;
    const [kernel, work] = [this.#kernel, this.#work];
    return inParts(flips, this.#size ** 2, (part) =>
      kernel.wolff(spins, this.#size, part, this.#threshold, generator, work),
    );
  }

  /** `sweeps` Swendsen-Wang sweeps of one chain; returns the number of clusters in all. */
  swendsenWang(chain: number, sweeps: number): number {
    const { spins, generator } = this.#chains[chain]!;
    const [kernel, work] = [this.#kernel, this.#work];
    return inParts(sweeps, this.#size ** 2, (part) =>
      kernel.swendsenWang(spins, this.#size, part, this.#threshold, generator, work),
    );
  }

  /** Spins as packed bits. */
  state(): StreamState[] {
    const { buffer } = this.#kernel.memory;
    return this.#chains.map(({ spins, generator }) => ({
      spins: packSpins(new Uint8Array(buffer, spins, this.#size ** 2)),
      generator: new BigUint64Array(buffer, generator, generatorWords).slice(),
    }));
  }

  read(): IsingSnapshot {
    const kernel = this.#kernel;
    const [size, stride, count] = [this.#size, this.#stride, this.#chains.length];
    for (const [i, { spins }] of this.#chains.entries()) {
      kernel.packBytes(spins, size * size, this.#rows + (i * stride) / 8);
    }
    const out = this.#measured;
    kernel.measureRows(this.#rows, count, stride, size, out, out + 4 * count);
    const spins = new Uint8Array(kernel.memory.buffer, this.#rows, (count * stride) / 8);
    return { spins, stride, totals: readMeasured(kernel, out, count) };
  }
}
