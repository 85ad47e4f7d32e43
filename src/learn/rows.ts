/**
 * Rows of numbers for a network, wherever they are in memory. Batches are typed arrays that are filled
 * row by row: slicing tensors would take most of a training step.
 */
import { byteOf } from "../math/bits.ts";

export interface Rows {
  readonly rows: number;
  /** Numbers in a row. */
  readonly width: number;
  /** Writes row `row` to `target[offset]` and on. */
  copy(row: number, target: Float32Array, offset: number): void;
  /** Where the rows are whole bytes of packed spins: those bytes, row behind row. */
  readonly bits?: Uint8Array;
  /** Where the rows are float32 numbers: those, row behind row. */
  readonly values?: Float32Array;
}

/** Writes the picked rows one behind the other. */
export function copyRows(rows: Rows, picked: ArrayLike<number>, target: Float32Array): void {
  for (let i = 0; i < picked.length; i++) rows.copy(picked[i]!, target, i * rows.width);
}

/** Rows of numbers, one behind the other. A column of scalars is rows of width 1. */
export function floatRows(values: ArrayLike<number>, width: number): Rows {
  return {
    rows: values.length / width,
    width,
    ...(values instanceof Float32Array && { values }),
    copy(row, target, offset) {
      const start = row * width;
      if (values instanceof Float32Array && width > 8) {
        target.set(values.subarray(start, start + width), offset);
      } else {
        for (let i = 0; i < width; i++) target[offset + i] = values[start + i]!;
      }
    },
  };
}

/** Packed bits, least significant first, rows back to back; they enter as spins: +1 if set. */
export function spinRows(bits: Uint8Array, rows: number, width: number): Rows {
  return {
    rows,
    width,
    ...(width % 8 === 0 && { bits }),
    copy(row, target, offset) {
      const end = offset + width;
      // Bits count from the byte that the row begins in, and so stay below 2^31.
      const first = byteOf(row * width);
      let [i, at] = [offset, (row * width) % 8];
      for (; i < end && at & 7; i++, at++) target[i] = spin(bits[first + (at >> 3)]!, at & 7);
      // Whole bytes; a loop over their bits would take three times as long.
      for (; i + 8 <= end; i += 8, at += 8) {
        const from = bits[first + (at >> 3)]! * 8;
        target[i] = spinsOf[from]!;
        target[i + 1] = spinsOf[from + 1]!;
        target[i + 2] = spinsOf[from + 2]!;
        target[i + 3] = spinsOf[from + 3]!;
        target[i + 4] = spinsOf[from + 4]!;
        target[i + 5] = spinsOf[from + 5]!;
        target[i + 6] = spinsOf[from + 6]!;
        target[i + 7] = spinsOf[from + 7]!;
      }
      for (; i < end; i++, at++) target[i] = spin(bits[first + (at >> 3)]!, at & 7);
    },
  };
}

/** The eight spins of every byte. */
const spinsOf = Float32Array.from({ length: 256 * 8 }, (_, i) => spin(i >> 3, i & 7));

function spin(byte: number, bit: number): number {
  return ((byte >> bit) & 1) * 2 - 1;
}
