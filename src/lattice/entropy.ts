/**
 * Local patterns on a periodic lattice, and the estimators of the entropy per site that combine their
 * entropies. Spins are packed bits. Counts patterns; the caller turns a histogram into an entropy.
 */
import type { Offset } from "./correlation/lags.ts";
import { addPatterns, gathered } from "./patterns.ts";
import type { PackedRows } from "./pieces.ts";

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

/** Counts the patterns around every site. */
export interface PatternCounter {
  /** 2 to the number of sites in the pattern. */
  readonly cells: number;
  /** How often each pattern occurs around the side * side sites of each configuration. */
  count(pieces: Iterable<PackedRows>): Float64Array;
}

/**
 * Site j of the estimator is bit j of a pattern. Patterns around neighbouring sites are counted together,
 * as parts of one wider window, and sorted afterwards.
 * @throws RangeError if the pattern overlaps itself on a lattice so small.
 */
export function patternCounter(side: number, estimator: EntropyEstimator): PatternCounter {
  const smallest = smallestSide(estimator);
  if (side < smallest) {
    throw new RangeError(`a pattern ${smallest} sites wide does not fit a lattice of side ${side}`);
  }
  const cells = 2 ** estimator.sites.length;
  return {
    cells,
    count(pieces) {
      const counts = new Float64Array(cells);
      for (const packed of pieces) addPatterns(counts, packed, side, estimator.sites);
      return counts;
    },
  };
}

/** Counts of the patterns on the sites in `keep` alone: the same ones where that is all. */
export function marginal(counts: Float64Array, keep: number): Float64Array {
  if (keep === counts.length - 1) return counts;
  const bits: number[] = [];
  for (let j = 0; 2 ** j < counts.length; j++) if ((keep >> j) & 1) bits.push(j);
  const cellOf = gathered(counts.length, bits);
  const kept = new Float64Array(2 ** bits.length);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const cell = cellOf[pattern]!;
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
