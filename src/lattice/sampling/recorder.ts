/**
 * Snapshots as rows, ordered by time, then chain: arrays that grow by what is recorded, and each
 * chain's sums. Knows no schedule, and no chain's name.
 */
import type { Generator } from "../../random/index.ts";
import type { Snapshot, SpinData, SpinSystem } from "../systems/system.ts";

/** Sums over one chain's rows, as the chain had them: of its samples, and by name of a mean. */
export type ChainSums = { samples: number } & Record<string, number>;

export interface RecorderOptions {
  readonly system: SpinSystem;
  readonly sites: number;
  readonly chains: number;
  /** Rows `first` to `end` (exclusive) are to be recorded, and those before have been. */
  readonly first: number;
  readonly end: number;
  /** A stream of elements of the symmetry that begins with row 0; without one nothing is changed. */
  readonly symmetrize: Generator | undefined;
  /** Sums over the rows before `first`. */
  readonly sums?: readonly ChainSums[] | undefined;
}

/** What is held at once, whatever the number of samples. */
const heldBytes = 2 ** 25;
const heldRows = 2 ** 18;

function rowsHeld({ layout }: SpinSystem, sites: number): number {
  const { byteLength } = layout.allocate(8 * sites);
  return Math.max(1, Math.min(heldRows, Math.floor((8 * heldBytes) / byteLength)));
}

type Column = Int32Array | Float64Array | Int8Array;

export class Recorder {
  readonly sums: readonly ChainSums[];
  readonly #options: RecorderOptions;
  readonly #spins: SpinData;
  readonly #totals: ReadonlyMap<string, Column>;
  readonly #elements: Column;
  readonly #most: number;
  /** The first row that is held, and the next one. */
  #first: number;
  #row: number;

  constructor(options: RecorderOptions) {
    const { system, sites, chains, first, end, symmetrize, sums } = options;
    this.#most = rowsHeld(system, sites);
    // A snapshot is recorded as a whole.
    const room = Math.min(end - first, this.#most + chains);
    const { layout, observables, means, symmetry } = system;
    const none = Object.fromEntries(Object.keys(means).map((name) => [name, 0]));
    this.sums = Array.from({ length: chains }, (_, chain): ChainSums => {
      return { ...(sums?.[chain] ?? { samples: 0, ...none }) };
    });
    this.#options = options;
    this.#spins = layout.allocate(room * sites);
    this.#totals = new Map(
      Object.entries(observables).map(([name, { type }]) => [name, columnOf(type, room)]),
    );
    this.#elements = columnOf(symmetry.type, room).fill(symmetry.identity);
    this.#first = first;
    this.#row = first;
    if (symmetrize) for (let row = 0; row < first; row++) symmetry.draw(symmetrize);
  }

  /** Whether the rows that are held should be taken and forgotten before more are added. */
  get isFull(): boolean {
    return this.held >= this.#most;
  }

  /** How many rows are held. */
  get held(): number {
    return this.#row - this.#first;
  }

  /** Forgets the rows that are held; their memory is used again. */
  forget(): void {
    this.#first = this.#row;
  }

  /** The next row. */
  get row(): number {
    return this.#row;
  }

  /** Records the chains from that of the next row on, as far as rows are wanted. */
  add({ spins, stride, totals }: Snapshot): void {
    const { system, sites, chains, end, symmetrize } = this.#options;
    const { layout, observables, means, symmetry } = system;
    const elements = this.#elements;
    const from = this.#row % chains;
    const to = Math.min(chains, from + end - this.#row);
    // Row i belongs to chain i - shift.
    const shift = this.#row - this.#first - from;
    for (let chain = from; chain < to; chain++) {
      const element = symmetrize ? symmetry.draw(symmetrize) : symmetry.identity;
      const i = shift + chain;
      elements[i] = element;
      layout.copy(spins, chain * stride, this.#spins, i * sites, sites, element);
      this.sums[chain]!.samples++;
    }
    for (const [name, { of }] of Object.entries(means)) {
      for (let chain = from; chain < to; chain++) this.sums[chain]![name]! += of(totals, chain);
    }
    for (const [name, column] of this.#totals) {
      const { changed } = observables[name]!;
      const values = totals[name]!;
      for (let chain = from; chain < to; chain++) {
        const i = shift + chain;
        column[i] = changed(values[chain]!, elements[i]!);
      }
    }
    this.#row += to - from;
  }

  /** The rows that are held; `time` counts a chain's rows from row 0 on. */
  rows() {
    const { system, sites, chains } = this.#options;
    const [first, count] = [this.#first, this.held];
    const totals = [...this.#totals].map(([name, column]) => [name, column.subarray(0, count)]);
    return {
      spins: system.layout.head(this.#spins, count * sites),
      time: new Int32Array(count).map((_, i) => Math.floor((first + i) / chains)),
      ...(Object.fromEntries(totals) as Record<string, Column>),
      [system.symmetry.column]: this.#elements.subarray(0, count),
    };
  }
}

function columnOf(type: "int8" | "int32" | "float64", length: number): Column {
  if (type === "int8") return new Int8Array(length);
  return type === "int32" ? new Int32Array(length) : new Float64Array(length);
}
