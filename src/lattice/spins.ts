/**
 * Configurations in memory. A spin is a bit, set for +1, or an Int8 of +1 or -1; sites are in
 * row-major order. Rows of bits lie back to back without padding, least significant bit first, so a
 * row starts at a byte only where the number of sites allows it. Knows no tables.
 */
import { createKernel, type LatticeKernel } from "./kernel.ts";

/** Rows `start` to `end` (exclusive) of packed bits as ±1; `sites` spins a row. */
export function unpackSpins(
  bits: Uint8Array,
  sites: number,
  start: number,
  end: number,
): Int8Array<ArrayBuffer> {
  const spins = new Int8Array((end - start) * sites);
  const first = start * sites;
  for (let i = 0; i < spins.length; i++) {
    const bit = first + i;
    spins[i] = ((bits[bit >>> 3]! >>> (bit & 7)) & 1) * 2 - 1;
  }
  return spins;
}

/** Spins (positive: set) as packed bits; those behind the last are zero. */
export function packSpins(spins: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array((spins.length + 7) >>> 3);
  for (let i = 0; i < spins.length; i++) if (spins[i]! > 0) bits[i >>> 3]! |= 1 << (i & 7);
  return bits;
}

/**
 * Copies `count` bits from position `from` of one array to position `to` of another, inverted if
 * `flip` is set. Bits of the target behind the copied ones, in the same byte, become zero: write in
 * ascending order.
 */
export function copyBits(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  count: number,
  flip = false,
): void {
  const mask = flip ? 0xff : 0;
  for (let done = 0; done < count; ) {
    const at = to + done;
    const room = Math.min(8 - (at & 7), count - done);
    const bit = from + done;
    // A byte's worth of source bits from any position; behind the end there are zeros.
    const pair = source[bit >>> 3]! | ((source[(bit >>> 3) + 1] ?? 0) << 8);
    const value = ((pair >>> (bit & 7)) ^ mask) & ((1 << room) - 1);
    const kept = target[at >>> 3]! & ((1 << (at & 7)) - 1);
    target[at >>> 3] = kept | (value << (at & 7));
    done += room;
  }
}

export interface Measured {
  /** E = -sum over nearest neighbours of s s', J = 1, periodic. */
  readonly energy: Int32Array<ArrayBuffer>;
  /** M = sum of s. */
  readonly magnetization: Int32Array<ArrayBuffer>;
}

/**
 * Energy and magnetization of every row of packed bits, `size` x `size` spins a row. A lattice of
 * two sites a side counts each of its bonds twice, as its Hamiltonian does.
 */
export function measureSpins(bits: Uint8Array, size: number, rows: number): Measured {
  const kernel = createKernel();
  const at = kernel.allocate(bits.length + 16);
  const out = kernel.allocate(8 * rows);
  new Uint8Array(kernel.memory.buffer).set(bits, at);
  kernel.measureRows(at, rows, size * size, size, out, out + 4 * rows);
  return readMeasured(kernel, out, rows);
}

/** What `measureRows` wrote: the energies and behind them the magnetizations. */
export function readMeasured(kernel: LatticeKernel, out: number, rows: number): Measured {
  return {
    energy: new Int32Array(kernel.memory.buffer, out, rows).slice(),
    magnetization: new Int32Array(kernel.memory.buffer, out + 4 * rows, rows).slice(),
  };
}
