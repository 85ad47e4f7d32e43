/**
 * The operators that couple to the short-range constants of a Hamiltonian: sums over a periodic
 * square lattice of products of spins near each other. Knows nothing of renormalization.
 */
import { bitCount } from "./correlation/rows.ts";

type Offset = readonly [dy: number, dx: number];

/** A sum over all sites x of the products of the spins at x + each offset, over all patterns. */
export interface Coupling {
  readonly name: string;
  readonly patterns: readonly (readonly Offset[])[];
}

const pair = (dy: number, dx: number): readonly Offset[] => [
  [0, 0],
  [dy, dx],
];

/** Even under reversal of all spins; the order of Swendsen, Phys. Rev. Lett. 42, 859 (1979) and on. */
export const evenCouplings: readonly Coupling[] = [
  { name: "nearest neighbours", patterns: [pair(0, 1), pair(1, 0)] },
  { name: "next-nearest neighbours", patterns: [pair(1, 1), pair(1, -1)] },
  { name: "plaquette", patterns: [[...pair(0, 1), [1, 0], [1, 1]]] },
  { name: "(2,0)", patterns: [pair(0, 2), pair(2, 0)] },
  { name: "(2,1)", patterns: [pair(1, 2), pair(2, 1), pair(-1, 2), pair(-2, 1)] },
  { name: "sublattice plaquette", patterns: [[...pair(2, 0), [1, 1], [1, -1]]] },
  { name: "(2,2)", patterns: [pair(2, 2), pair(2, -2)] },
];

/** Odd under reversal of all spins. */
export const oddCouplings: readonly Coupling[] = [
  { name: "magnetization", patterns: [[[0, 0]]] },
  {
    name: "corner",
    patterns: [
      [...pair(0, 1), [1, 0]],
      [...pair(0, 1), [1, 1]],
      [...pair(1, 0), [1, 1]],
      [
        [0, 1],
        [1, 0],
        [1, 1],
      ],
    ],
  },
  {
    name: "row",
    patterns: [
      [...pair(0, 1), [0, 2]],
      [...pair(1, 0), [2, 0]],
    ],
  },
  {
    name: "angle",
    patterns: [
      [...pair(1, 0), [2, 1]],
      [...pair(0, 1), [-1, 2]],
      [...pair(-1, 0), [-2, -1]],
      [...pair(0, -1), [1, -2]],
    ],
  },
];

/** How many sites patterns reach to either side. */
const reach = 2;

/**
 * Prepares the sums on a `size` x `size` torus: the function returned writes one number a coupling
 * for one configuration of spins of +-1. Sites are bits of words, once for every shift of columns,
 * and a product of spins is the parity of their bits.
 */
export function couplingSums(
  size: number,
  couplings: readonly Coupling[],
): (spins: Int8Array, into: Float64Array) => void {
  const width = Math.ceil(size / 32);
  const shifts = Array.from({ length: 2 * reach + 1 }, () => new Int32Array(size * width));
  const patterns = couplings.map((coupling) =>
    coupling.patterns.map((offsets) => ({
      // A product of an odd number of spins is +1 where the number of set bits is odd.
      sign: offsets.length % 2 ? 1 : -1,
      words: offsets.map(([dy, dx]) => ({ dy: (dy + size) % size, shift: shifts[dx + reach]! })),
    })),
  );
  return (spins, into) => {
    fillShifts(spins, size, shifts);
    for (const [k, parts] of patterns.entries()) {
      let sum = 0;
      for (const { sign, words } of parts) {
        sum += sign * (2 * countOdd(words, size, width) - size * size);
      }
      into[k] = sum;
    }
  };
}

interface ShiftedWords {
  readonly dy: number;
  readonly shift: Int32Array;
}

/** Sites at which an odd number of the pattern's spins are up. */
function countOdd(words: readonly ShiftedWords[], size: number, width: number): number {
  const cells = size * width;
  let count = 0;
  for (let i = 0; i < cells; i++) {
    let parity = 0;
    for (const { dy, shift } of words) {
      const at = i + dy * width;
      parity ^= shift[at < cells ? at : at - cells]!;
    }
    count += bitCount(parity);
  }
  return count;
}

/** shifts[d + reach] has at (y, x) the spin at (y, x + d); bits behind the last column are zero. */
function fillShifts(spins: Int8Array, size: number, shifts: readonly Int32Array[]): void {
  const width = Math.ceil(size / 32);
  const rest = size % 32;
  const lastMask = rest ? 2 ** rest - 1 : -1;
  // The row from column -reach to size - 1 + reach.
  const row = new Int32Array(width + 1);
  for (let y = 0; y < size; y++) {
    row.fill(0);
    let x = (size - reach) % size;
    for (let i = 0; i < size + 2 * reach; i++) {
      const up = (spins[y * size + x]! + 1) >> 1;
      row[i >> 5] = row[i >> 5]! | (up << (i & 31));
      if (++x === size) x = 0;
    }
    for (const [by, words] of shifts.entries()) {
      for (let j = 0; j < width; j++) {
        const word = by ? (row[j]! >>> by) | (row[j + 1]! << (32 - by)) : row[j]!;
        words[y * width + j] = j === width - 1 ? word & lastMask : word;
      }
    }
  }
}
