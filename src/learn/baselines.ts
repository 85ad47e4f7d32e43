/** What is reached without a model, row by row. Spins that are whole bytes are counted byte by byte. */
import { onesOf } from "../math/bits.ts";
import type { Rows } from "./rows.ts";

/** What a predictor that knows only each configuration's mean spin m would reach. */
export function constantPredictor(spins: Rows): { mse: Float64Array; accuracy: Float64Array } {
  const [mse, accuracy] = [new Float64Array(spins.rows), new Float64Array(spins.rows)];
  const sums = spins.bits ? sumsOfBits(spins.bits, spins.width) : sumsOfNumbers(spins);
  for (let row = 0; row < spins.rows; row++) {
    const m = sums[row]! / spins.width;
    mse[row] = 1 - m * m;
    accuracy[row] = (1 + Math.abs(m)) / 2;
  }
  return { mse, accuracy };
}

/**
 * Share of sites that equal the first site of their `factor` x `factor` block: the accuracy of
 * decimation followed by nearest-neighbour upsampling. Rows are square lattices, row-major.
 */
export function nearestNeighbour(spins: Rows, factor: number): Float64Array {
  const { bits, width, rows } = spins;
  const side = Math.round(Math.sqrt(width));
  const isOfBytes = bits && side % 8 === 0 && 8 % factor === 0;
  // Of spins +1 and -1: the sites that are the same, less the others.
  const sums = isOfBytes ? blockSumsOfBits(bits, side, factor) : blockSums(spins, side, factor);
  return Float64Array.from({ length: rows }, (_, row) => (width + sums[row]!) / 2 / width);
}

function sumsOfNumbers(spins: Rows): Float64Array {
  const s = new Float32Array(spins.width);
  return Float64Array.from({ length: spins.rows }, (_, row) => {
    spins.copy(row, s, 0);
    let sum = 0;
    for (let i = 0; i < s.length; i++) sum += s[i]!;
    return sum;
  });
}

function blockSums(spins: Rows, side: number, factor: number): Float64Array {
  const first = Int32Array.from({ length: spins.width }, (_, site) => {
    const [y, x] = [Math.floor(site / side), site % side];
    return (y - (y % factor)) * side + x - (x % factor);
  });
  const s = new Float32Array(spins.width);
  return Float64Array.from({ length: spins.rows }, (_, row) => {
    spins.copy(row, s, 0);
    let sum = 0;
    for (let i = 0; i < s.length; i++) sum += s[i]! * s[first[i]!]!;
    return sum;
  });
}

function sumsOfBits(bits: Uint8Array, width: number): Int32Array {
  const bytes = width / 8;
  const sums = new Int32Array(Math.floor(bits.length / bytes));
  for (let row = 0, at = 0; row < sums.length; row++) {
    let up = 0;
    for (const end = at + bytes; at < end; at++) up += onesOf[bits[at]!]!;
    sums[row] = 2 * up - width;
  }
  return sums;
}

/** For lattices whose rows are whole bytes, and blocks that divide a byte. */
function blockSumsOfBits(bits: Uint8Array, side: number, factor: number): Int32Array {
  const [width, bytes] = [side / 8, (side * side) / 8];
  // Each byte with the first bit of every block in all of its places.
  const spread = Uint8Array.from({ length: 256 }, (_, byte) => {
    let all = 0;
    for (let i = 0; i < 8; i++) all |= ((byte >> (i - (i % factor))) & 1) << i;
    return all;
  });
  const sums = new Int32Array(Math.floor(bits.length / bytes));
  for (let row = 0, at = 0; row < sums.length; row++) {
    let others = 0;
    for (let y = 0; y < side; y++) {
      const back = (y % factor) * width;
      for (const end = at + width; at < end; at++) {
        others += onesOf[bits[at]! ^ spread[bits[at - back]!]!]!;
      }
    }
    sums[row] = side * side - 2 * others;
  }
  return sums;
}
