/**
 * Metropolis and heat-bath chains, 128 to a block: bit k of a word is chain k. A block has two
 * xoshiro256++ streams, one for each half of the word, and always moves all of its chains, so what
 * a chain does not depend on how many chains there are.
 */

import { createKernel, inParts, type LatticeKernel } from "../kernel.ts";
import { LANES, strideOf } from "../limits.ts";
import { readMeasured } from "../spins.ts";
import type { ChainOptions, Chains, IsingSnapshot } from "./chains.ts";
import type { StreamState } from "./sampler-state.ts";
import { bitPairs, heatBathThresholds, metropolisThresholds } from "./thresholds.ts";

export { LANES };

export type LocalRule = "metropolis" | "heat-bath";

interface Block {
  readonly spins: number;
  readonly generator: number;
}

export class LocalChains implements Chains {
  readonly #kernel: LatticeKernel = createKernel();
  readonly #size: number;
  readonly #isMetropolis: boolean;
  readonly #thresholds: number;
  readonly #blocks: readonly Block[];
  readonly #rows: number;
  readonly #stride: number;
  readonly #measured: number;
  #changed = 0;
  #attempted = 0;

  /**
   * Metropolis goes over two sublattices in turn, so its lattice must have an even size, and more
   * than two sites a side: there, spins whose neighbours all balance would flip for ever.
   */
  constructor(rule: LocalRule, options: ChainOptions) {
    const { size, beta, chains } = options;
    if (rule === "metropolis" && (size % 2 || size < 4)) {
      throw new RangeError(`expected an even size of at least 4, got ${size}`);
    }
    this.#size = size;
    this.#isMetropolis = rule === "metropolis";
    const kernel = this.#kernel;
    const pairs = bitPairs(
      this.#isMetropolis ? metropolisThresholds(beta) : heatBathThresholds(beta),
    );
    this.#thresholds = kernel.allocate(pairs.length);
    new Uint8Array(kernel.memory.buffer).set(pairs, this.#thresholds);
    const blocks = Math.ceil(chains / LANES);
    this.#stride = strideOf(size);
    this.#rows = kernel.allocate(blocks * LANES * (this.#stride / 8) + 16);
    this.#measured = kernel.allocate(blocks * LANES * 8);
    this.#blocks = Array.from({ length: blocks }, (_, i) => {
      // Zeros up to a multiple of 16 sites, for `packLanes`.
      const block = { spins: kernel.allocate(16 * this.#stride), generator: kernel.allocate(64) };
      this.#begin(block, i, options);
      return block;
    });
  }

  #begin({ spins, generator }: Block, i: number, { start, random, streams }: ChainOptions): void {
    const kernel = this.#kernel;
    const [sites, given] = [this.#size ** 2, streams?.[i]];
    const words = new BigUint64Array(kernel.memory.buffer, generator, 8);
    if (given) {
      words.set(given.generator);
      new Uint8Array(kernel.memory.buffer).set(given.spins, spins);
      return;
    }
    for (const half of [0, 1]) {
      for (const [k, word] of random(i, half).state().entries()) words[2 * k + half] = word;
    }
    if (start === "hot") kernel.fill(generator, spins, sites);
    else new Uint8Array(kernel.memory.buffer, spins, 16 * sites).fill(0xff);
  }

  /** Attempts `sweeps` updates of every spin. */
  sweep(sweeps: number): void {
    // Sequential order where the lattice has no two sublattices.
    const stride = this.#size % 2 ? 1 : 2;
    for (const { spins, generator } of this.#blocks) {
      this.#changed += inParts(sweeps, this.#size ** 2, (part) =>
        this.#kernel.sweepLocal(
          spins,
          this.#size,
          stride,
          part,
          this.#isMetropolis,
          this.#thresholds,
          generator,
        ),
      );
    }
    this.#attempted += this.#blocks.length * LANES * this.#size ** 2 * sweeps;
  }

  /** Draws all spins anew, which is what equilibrium means at beta = 0. */
  scatter(): void {
    for (const { spins, generator } of this.#blocks) {
      this.#kernel.fill(generator, spins, this.#size ** 2);
    }
  }

  /** The share of attempted updates that changed a spin, over all blocks. */
  acceptance(): number {
    return this.#changed / this.#attempted;
  }

  /** Numerator and denominator of `acceptance`. */
  get counts(): readonly [changed: number, attempted: number] {
    return [this.#changed, this.#attempted];
  }

  /** Makes `acceptance` count from here on. */
  restartCounts(changed = 0, attempted = 0): void {
    this.#changed = changed;
    this.#attempted = attempted;
  }

  /** Spins as they lie in memory: a 128-bit word a site. */
  state(): StreamState[] {
    const { buffer } = this.#kernel.memory;
    return this.#blocks.map(({ spins, generator }) => ({
      spins: new Uint8Array(buffer, spins, 16 * this.#size ** 2).slice(),
      generator: new BigUint64Array(buffer, generator, 8).slice(),
    }));
  }

  read(): IsingSnapshot {
    const kernel = this.#kernel;
    const [size, stride, count] = [this.#size, this.#stride, this.#blocks.length * LANES];
    for (const [i, { spins }] of this.#blocks.entries()) {
      kernel.packLanes(spins, size * size, this.#rows + i * LANES * (stride / 8), stride);
    }
    const out = this.#measured;
    kernel.measureRows(this.#rows, count, stride, size, out, out + 4 * count);
    const spins = new Uint8Array(kernel.memory.buffer, this.#rows, (count * stride) / 8);
    return { spins, stride, totals: readMeasured(kernel, out, count) };
  }
}
