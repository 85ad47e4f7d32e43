/**
 * Configurations in memory. A spin is a bit, set for +1, or an Int8 of +1 or -1; sites are in
 * row-major order. Rows of bits lie back to back without padding, least significant bit first, so a
 * row starts at a byte only where the number of sites allows it. Knows no tables.
 */
import { byteOf, copyBits } from "../math/bits.ts";
import { borrowKernel, type LatticeKernel } from "./kernel.ts";

/**
 * Configurations as a column of bits holds them: row i is the bits from i * sites on. Bits behind the
 * last row may have any value.
 */
export interface PackedRows {
  readonly bits: Uint8Array;
  readonly rows: number;
}

/**
 * The rows of a column with these indices, one behind the other. Shares the column's memory where they
 * lie so already and begin at a byte.
 */
export function gatherBits(bits: Uint8Array, sites: number, rows: ArrayLike<number>): PackedRows {
  const count = rows.length;
  const runEnd = (from: number) => {
    let to = from + 1;
    while (to < count && rows[to] === rows[to - 1]! + 1) to++;
    return to;
  };
  if (count === 0) return { bits: new Uint8Array(), rows: 0 };
  if (runEnd(0) === count && (rows[0]! * sites) % 8 === 0) {
    const [first, last] = [rows[0]! * sites, (rows[0]! + count) * sites];
    return { bits: bits.subarray(byteOf(first), Math.ceil(last / 8)), rows: count };
  }
  const gathered = new Uint8Array(Math.ceil((count * sites) / 8));
  for (let at = 0; at < count; ) {
    const end = runEnd(at);
    copyBits(bits, rows[at]! * sites, gathered, at * sites, (end - at) * sites);
    at = end;
  }
  return { bits: gathered, rows: count };
}

/** Rows `start` to `end` (exclusive) of packed bits as ±1; `sites` spins a row. */
export function unpackSpins(
  bits: Uint8Array,
  sites: number,
  start: number,
  end: number,
): Int8Array<ArrayBuffer> {
  const spins = new Int8Array((end - start) * sites);
  unpackBits(bits, start * sites, spins);
  return spins;
}

/** The rows with these indices, one behind the other, as ±1. */
export function unpackRows(
  bits: Uint8Array,
  sites: number,
  rows: ArrayLike<number>,
): Int8Array<ArrayBuffer> {
  const spins = new Int8Array(rows.length * sites);
  for (let i = 0; i < rows.length; i++) {
    unpackBits(bits, rows[i]! * sites, spins.subarray(i * sites, (i + 1) * sites));
  }
  return spins;
}

/** Fills `spins` with the bits from position `first` on. */
function unpackBits(bits: Uint8Array, first: number, spins: Int8Array): void {
  let [byte, bit] = [byteOf(first), first % 8];
  for (let i = 0; i < spins.length; i++) {
    spins[i] = ((bits[byte]! >>> bit) & 1) * 2 - 1;
    if (++bit === 8) [byte, bit] = [byte + 1, 0];
  }
}

/** Spins (positive: set) as packed bits; those behind the last are zero. */
export function packSpins(spins: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(Math.ceil(spins.length / 8));
  for (let i = 0; i < spins.length; i++) if (spins[i]! > 0) bits[byteOf(i)]! |= 1 << (i & 7);
  return bits;
}

export type Measured = {
  /** E = -sum over nearest neighbours of s s', J = 1, periodic. */
  readonly energy: Int32Array<ArrayBuffer>;
  /** M = sum of s. */
  readonly magnetization: Int32Array<ArrayBuffer>;
};

/**
 * Energy and magnetization of every row of packed bits, `size` x `size` spins a row. A lattice of
 * two sites a side counts each of its bonds twice, as its Hamiltonian does.
 */
export function measureSpins(bits: Uint8Array, size: number, rows: number): Measured {
  const measured = { energy: new Int32Array(rows), magnetization: new Int32Array(rows) };
  // A kernel's memory ends at 4 GiB. Eight rows begin at a byte, whatever their number of sites.
  const piece = 8 * Math.ceil(measuredBytes / (size * size));
  for (let from = 0; from < rows; from += piece) {
    const count = Math.min(piece, rows - from);
    const bytes = bits.subarray(
      (from / 8) * size * size,
      Math.ceil(((from + count) * size * size) / 8),
    );
    const room = 16 * Math.ceil((bytes.length + 16) / 16);
    const { kernel, at } = borrowKernel(room + 8 * count);
    new Uint8Array(kernel.memory.buffer, at, bytes.length).set(bytes);
    const out = at + room;
    kernel.measureRows(at, count, size * size, size, out, out + 4 * count);
    const { energy, magnetization } = readMeasured(kernel, out, count);
    measured.energy.set(energy, from);
    measured.magnetization.set(magnetization, from);
  }
  return measured;
}

/** About how many bytes of rows are measured at once. */
const measuredBytes = 2 ** 22;

/** Reads what `measureRows` wrote: the energies, and behind them the magnetizations. */
export function readMeasured(kernel: LatticeKernel, out: number, rows: number): Measured {
  return {
    energy: new Int32Array(kernel.memory.buffer, out, rows).slice(),
    magnetization: new Int32Array(kernel.memory.buffer, out + 4 * rows, rows).slice(),
  };
}
