/**
 * Configurations in memory. A spin is a bit, set for +1, or an Int8 of +1 or -1; sites are in
 * row-major order. Rows of bits lie back to back without padding, least significant bit first, so a
 * row starts at a byte only where the number of sites allows it. Knows no tables.
 */
import { byteOf, copyBits } from "../math/bits.ts";
import type { LatticeKernel } from "./kernel.ts";
import { inPieces, type PackedRows } from "./pieces.ts";

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
  if (runEnd(0) === count) {
    return rowsBetween({ bits, rows: count }, sites, rows[0]!, rows[0]! + count);
  }
  const gathered = new Uint8Array(Math.ceil((count * sites) / 8));
  for (let at = 0; at < count; ) {
    const end = runEnd(at);
    copyBits(bits, rows[at]! * sites, gathered, at * sites, (end - at) * sites);
    at = end;
  }
  return { bits: gathered, rows: count };
}

/** Rows `from` to `to` (exclusive); shares memory where they begin at a byte. */
export function rowsBetween(
  { bits }: PackedRows,
  sites: number,
  from: number,
  to: number,
): PackedRows {
  const [start, end] = [from * sites, to * sites];
  const rows = to - from;
  if (start % 8 === 0) return { bits: bits.subarray(byteOf(start), Math.ceil(end / 8)), rows };
  const cut = new Uint8Array(Math.ceil((end - start) / 8));
  copyBits(bits, start, cut, 0, end - start);
  return { bits: cut, rows };
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
  const count = spins.length;
  let [i, byte] = [0, byteOf(first)];
  const spinAt = (bit: number) => ((bits[byte]! >>> bit) & 1) * 2 - 1;
  if (first % 8 > 0) {
    for (let bit = first % 8; bit < 8 && i < count; bit++, i++) spins[i] = spinAt(bit);
    byte++;
  }
  // Whole bytes; a loop over their bits would take several times as long.
  for (; i + 8 <= count; i += 8, byte++) {
    const from = bits[byte]! * 8;
    spins[i] = spinsOfByte[from]!;
    spins[i + 1] = spinsOfByte[from + 1]!;
    spins[i + 2] = spinsOfByte[from + 2]!;
    spins[i + 3] = spinsOfByte[from + 3]!;
    spins[i + 4] = spinsOfByte[from + 4]!;
    spins[i + 5] = spinsOfByte[from + 5]!;
    spins[i + 6] = spinsOfByte[from + 6]!;
    spins[i + 7] = spinsOfByte[from + 7]!;
  }
  for (let bit = 0; i < count; bit++, i++) spins[i] = spinAt(bit);
}

/** The eight spins of every byte. */
const spinsOfByte = Int8Array.from(
  { length: 256 * 8 },
  (_, i) => (((i >> 3) >>> (i & 7)) & 1) * 2 - 1,
);

/** Spins (positive: set) as packed bits; those behind the last are zero. */
export function packSpins(spins: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(Math.ceil(spins.length / 8));
  for (let byte = 0, i = 0; byte < bits.length; byte++) {
    let value = 0;
    for (let bit = 0; bit < 8 && i < spins.length; bit++, i++) if (spins[i]! > 0) value |= 1 << bit;
    bits[byte] = value;
  }
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
  inPieces({ bits, rows }, size * size, { each: 8 }, ({ kernel, at, count, out, from }) => {
    kernel.measureRows(at, count, size * size, size, out, out + 4 * count);
    const { energy, magnetization } = readMeasured(kernel, out, count);
    measured.energy.set(energy, from);
    measured.magnetization.set(magnetization, from);
  });
  return measured;
}

/** Reads what `measureRows` wrote: the energies, and behind them the magnetizations. */
export function readMeasured(kernel: LatticeKernel, out: number, rows: number): Measured {
  return {
    energy: new Int32Array(kernel.memory.buffer, out, rows).slice(),
    magnetization: new Int32Array(kernel.memory.buffer, out + 4 * rows, rows).slice(),
  };
}
