/**
 * Snapshots as rows, ordered by time, then chain: arrays that grow by what is recorded, and each
 * chain's sums. Knows no schedule, and no chain's name.
 */
import type { Generator } from "../../random/index.ts";
import { copyBits } from "../spins.ts";
import type { Snapshot } from "./chains.ts";

/** Over one chain's rows, as the chain had them: exact integers. */
export interface ChainSums {
  samples: number;
  energy: number;
  magnetization: number;
  absMagnetization: number;
}

export interface RecorderOptions {
  readonly sites: number;
  readonly chains: number;
  /** Rows `first` to `end` (exclusive) are to be recorded, and those before have been. */
  readonly first: number;
  readonly end: number;
  /** A stream of signs that begins with row 0; without one all are +1. */
  readonly signs: Generator | undefined;
  /** Of the rows before `first`. */
  readonly sums?: readonly ChainSums[] | undefined;
}

export class Recorder {
  readonly sums: readonly ChainSums[];
  readonly #options: RecorderOptions;
  readonly #spins: Uint8Array;
  readonly #energy: Int32Array;
  readonly #magnetization: Int32Array;
  readonly #sign: Int8Array;
  #row: number;

  constructor(options: RecorderOptions) {
    const { sites, chains, first, end, signs, sums } = options;
    const none = { samples: 0, energy: 0, magnetization: 0, absMagnetization: 0 };
    this.sums = Array.from({ length: chains }, (_, chain) => ({ ...(sums?.[chain] ?? none) }));
    this.#options = options;
    this.#spins = new Uint8Array(Math.ceil(((end - first) * sites) / 8));
    this.#energy = new Int32Array(end - first);
    this.#magnetization = new Int32Array(end - first);
    this.#sign = new Int8Array(end - first).fill(1);
    this.#row = first;
    if (signs) for (let row = 0; row < first; row++) signs.uint32();
  }

  /** The next row. */
  get row(): number {
    return this.#row;
  }

  /** Records the chains from that of the next row on, as far as rows are wanted. */
  add(now: Snapshot): void {
    const { sites, chains, first, end, signs } = this.#options;
    for (let chain = this.#row % chains; chain < chains && this.#row < end; chain++) {
      const i = this.#row++ - first;
      const [energy, magnetization] = [now.energy[chain]!, now.magnetization[chain]!];
      const sums = this.sums[chain]!;
      sums.samples++;
      sums.energy += energy;
      sums.magnetization += magnetization;
      sums.absMagnetization += Math.abs(magnetization);
      const flip = signs !== undefined && signs.uint32() >= 2 ** 31;
      if (flip) this.#sign[i] = -1;
      copyBits(now.bits, chain * now.stride, this.#spins, i * sites, sites, flip);
      this.#energy[i] = energy;
      this.#magnetization[i] = this.#sign[i]! * magnetization;
    }
  }

  /** The rows recorded so far; `time` counts a chain's rows from row 0 on. */
  rows() {
    const { sites, chains, first } = this.#options;
    const count = this.#row - first;
    return {
      spins: this.#spins.subarray(0, Math.ceil((count * sites) / 8)),
      time: Int32Array.from({ length: count }, (_, i) => Math.floor((first + i) / chains)),
      energy: this.#energy.subarray(0, count),
      magnetization: this.#magnetization.subarray(0, count),
      sign: this.#sign.subarray(0, count),
    };
  }
}
