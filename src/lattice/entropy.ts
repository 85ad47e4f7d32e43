/**
 * Local patterns on a periodic lattice, and the estimators of the entropy per site that combine their
 * entropies. Spins are Int8, +1 (bit 1 of a pattern) or -1 (bit 0). Counts patterns; the caller turns a
 * histogram into an entropy.
 */
import type { Offset } from "./correlation/lags.ts";
import { borrowKernel } from "./kernel.ts";

/**
 * An estimate of the entropy per site: sum over terms of weight * H(the sites in `keep`). Bit j of
 * `keep` is `sites[j]`.
 */
export interface EntropyEstimator {
  readonly sites: readonly Offset[];
  readonly terms: readonly { readonly weight: number; readonly keep: number }[];
}

/** The a x b window, a rows of b sites. */
function window(rows: number, columns: number): Offset[] {
  return Array.from({ length: rows * columns }, (_, j) => [Math.floor(j / columns), j % columns]);
}

/** The first `rows` x `columns` sites of a window that is `width` sites wide. */
function part(rows: number, columns: number, width: number): number {
  return window(rows, columns).reduce((keep, [dy, dx]) => keep | (1 << (dy * width + dx)), 0);
}

const square2 = window(2, 2);
const square3 = window(3, 3);
const [h11, h12, h21, h22] = [part(1, 1, 2), part(1, 2, 2), part(2, 1, 2), part(2, 2, 2)];
const [k22, k23, k32, k33] = [part(2, 2, 3), part(2, 3, 3), part(3, 2, 3), part(3, 3, 3)];

/** H(s_0 | its causal neighbours): an upper bound of s on the infinite lattice. */
function conditional(neighbours: readonly Offset[]): EntropyEstimator {
  const all = 2 ** (neighbours.length + 1) - 1;
  return {
    sites: [[0, 0], ...neighbours],
    terms: [
      { weight: 1, keep: all },
      { weight: -1, keep: all - 1 },
    ],
  };
}

/**
 * H_ab is the entropy of overlapping a x b windows. `pattern`: H_ab / (ab). Bethe:
 * H_12 + H_21 - 3 H_11, invalid below the critical temperature (it turns negative). Kikuchi 2x2:
 * H_22 - H_12 - H_21 + H_11; 3x3: H_33 - H_23 - H_32 + H_22 (Kikuchi, Phys. Rev. 81, 988, 1951).
 * cond: Alexandrowicz, J. Chem. Phys. 55, 2765 (1971), with 5 and 11 sites of the half plane before.
 */
export const entropyEstimators = {
  pattern2x2: { sites: square2, terms: [{ weight: 1 / 4, keep: h22 }] },
  pattern3x3: { sites: square3, terms: [{ weight: 1 / 9, keep: k33 }] },
  bethe: {
    sites: square2,
    terms: [
      { weight: 1, keep: h12 },
      { weight: 1, keep: h21 },
      { weight: -3, keep: h11 },
    ],
  },
  kikuchi2x2: {
    sites: square2,
    terms: [
      { weight: 1, keep: h22 },
      { weight: -1, keep: h12 },
      { weight: -1, keep: h21 },
      { weight: 1, keep: h11 },
    ],
  },
  kikuchi3x3: {
    sites: square3,
    terms: [
      { weight: 1, keep: k33 },
      { weight: -1, keep: k23 },
      { weight: -1, keep: k32 },
      { weight: 1, keep: k22 },
    ],
  },
  cond5: conditional([
    [0, -1],
    [0, -2],
    [-1, -1],
    [-1, 0],
    [-1, 1],
  ]),
  cond11: conditional([
    [0, -1],
    [0, -2],
    [0, -3],
    [-1, -2],
    [-1, -1],
    [-1, 0],
    [-1, 1],
    [-1, 2],
    [-2, -1],
    [-2, 0],
    [-2, 1],
  ]),
} as const satisfies Record<string, EntropyEstimator>;

export type EstimatorName = keyof typeof entropyEstimators;

/** The smallest lattice on which the sites of a pattern are all different. */
export function smallestSide({ sites }: EntropyEstimator): number {
  const extent = (values: number[]) => Math.max(...values) - Math.min(...values) + 1;
  return Math.max(extent(sites.map(([dy]) => dy)), extent(sites.map(([, dx]) => dx)));
}

/** About how many spins are counted at once, so that they stay in a cache. */
const chunkSites = 2 ** 18;

/** Counts the patterns around every site. */
export interface PatternCounter {
  /** 2 to the number of sites in the pattern. */
  readonly cells: number;
  /** Adds `weight` for each of the side * side (wrapped) patterns of each configuration, one behind the other. */
  add(spins: Int8Array, counts: Float64Array, weight?: number): void;
}

/**
 * Site j of the estimator is bit j of a pattern.
 * @throws RangeError if the pattern overlaps itself on a lattice so small.
 */
export function patternCounter(side: number, estimator: EntropyEstimator): PatternCounter {
  const smallest = smallestSide(estimator);
  if (side < smallest) {
    throw new RangeError(`a pattern ${smallest} sites wide does not fit a lattice of side ${side}`);
  }
  const wrap = (i: number) => (i + side) % side;
  const offsets = Int32Array.from(estimator.sites.flat(), wrap);
  const bits = estimator.sites.length;
  const cells = 2 ** bits;
  const configuration = side * side;
  const chunk = configuration * Math.ceil(chunkSites / configuration);

  function addChunk(spins: Int8Array, counts: Float64Array, weight: number): void {
    // Behind one another: counts, offsets, spins and room to work.
    const [atOffsets, atSpins] = [4 * cells, 4 * (cells + offsets.length)];
    const atWork = atSpins + ((spins.length + 15) & ~15);
    const { kernel, at } = borrowKernel(atWork + side * (2 * side + 16) + 32);
    const found = new Uint32Array(kernel.memory.buffer, at, cells).fill(0);
    new Int32Array(kernel.memory.buffer, at + atOffsets).set(offsets);
    new Int8Array(kernel.memory.buffer, at + atSpins).set(spins);
    const count = spins.length / configuration;
    kernel.countPatterns(at + atSpins, count, side, at + atOffsets, bits, at, at + atWork);
    for (let cell = 0; cell < cells; cell++) counts[cell]! += weight * found[cell]!;
  }

  return {
    cells,
    add(spins, counts, weight = 1) {
      for (let from = 0; from < spins.length; from += chunk) {
        addChunk(spins.subarray(from, from + chunk), counts, weight);
      }
    },
  };
}

/** Counts of the patterns on the sites in `keep` alone. */
export function marginal(counts: Float64Array, keep: number): Float64Array {
  const bits: number[] = [];
  for (let j = 0; 2 ** j < counts.length; j++) if ((keep >> j) & 1) bits.push(j);
  const kept = new Float64Array(2 ** bits.length);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    let cell = 0;
    for (let k = 0; k < bits.length; k++) cell |= ((pattern >> bits[k]!) & 1) << k;
    kept[cell] = kept[cell]! + counts[pattern]!;
  }
  return kept;
}

/** The estimate in the units of `entropyOf`, per site. */
export function estimateEntropy(
  { terms }: EntropyEstimator,
  counts: Float64Array,
  entropyOf: (counts: Float64Array) => number,
): number {
  let entropy = 0;
  for (const { weight, keep } of terms) entropy += weight * entropyOf(marginal(counts, keep));
  return entropy;
}
