/** What the kernel does, for arrays that lie elsewhere. */
import type { Rows } from "../rows.ts";
import { intake } from "./intake.ts";
import { kernel, lend, work } from "./kernel.ts";
import { memory, room, view } from "./memory.ts";

/**
 * tanh of every number, in a new array: within 3 units in the last place, odd to the bit, and the
 * same on every machine.
 */
export function tanhOf(values: Float32Array): Float32Array {
  return lend([values], ({ at, view }) => {
    kernel.tanh(at, view.length);
    return view.slice(0, values.length);
  });
}

/** Sums over rows of `columns` numbers, rounded once. */
export function columnSums(values: Float32Array, columns: number): Float32Array {
  return lend([values, new Float32Array(columns)], (all, sums) => {
    kernel.columnSums(all.at, values.length / columns, columns, sums.at);
    return sums.view.slice(0, columns);
  });
}

/** Rows whose products are added up at once, so that they stay in the cache. */
const rowsAtOnce = 8;

/**
 * Sums over the rows, in order, of the products of every two of their `width` numbers, in float64: (width x
 * width), of which the lower triangle counts. `fill` writes row `row` to the array that it is given.
 */
export function sumsOfProducts(
  rows: number,
  width: number,
  fill: (row: number, target: Float64Array) => void,
): Float64Array {
  const here = room();
  const [from, to] = [here.floats(2 * rowsAtOnce * width), here.floats(2 * width * width)];
  const doubles = (at: number, count: number) => new Float64Array(memory.buffer, at, count);
  const lines = Array.from({ length: rowsAtOnce }, (_, i) => doubles(from + 8 * i * width, width));
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - row);
    for (let i = 0; i < count; i++) fill(row + i, lines[i]!);
    kernel.addProducts(from, count, width, to);
  }
  const sums = doubles(to, width * width).slice();
  here.release();
  return sums;
}

interface Factors {
  /** `aTransposed`: it lies in memory as (k x m); `bTransposed`: as (n x k). */
  readonly aTransposed?: boolean;
  readonly bTransposed?: boolean;
  /** Added to every row of the product. */
  readonly bias?: Float32Array;
}

/** The product (m x n) of two matrices with `k` numbers a sum, each sum in order, from the bias on. */
export function product(
  a: Float32Array,
  b: Float32Array,
  k: number,
  { aTransposed = false, bTransposed = false, bias }: Factors = {},
): Float32Array {
  const [m, n] = [a.length / k, b.length / k];
  const arrays = [a, b, new Float32Array(m * n), ...(bias ? [bias] : [])];
  return lend(arrays, (left, right, result, line) => {
    const matrices = [left.at, right.at, bias ? line.at : 0, result.at] as const;
    kernel.product(...matrices, m, n, k, aTransposed, bTransposed, false, work);
    return result.view.slice(0, m * n);
  });
}

/** Numbers that are brought to the kernel at once, so that they stay in the cache. */
const blockNumbers = 65_536;

/** Packed as `spinRows` reads them: a bit is set where the value is at least the threshold, a float32. */
export function packBits(values: Float32Array, threshold: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  const here = room();
  const [from, to] = [here.floats(blockNumbers), here.floats(blockNumbers / 32)];
  for (let start = 0; start < values.length; start += blockNumbers) {
    const block = values.subarray(start, start + blockNumbers);
    view(from, block.length).set(block);
    // Bits behind the last number are clear.
    view(from + 4 * block.length, -block.length & 7).fill(Number.NaN);
    kernel.packSpins(from, block.length, threshold, to);
    bits.set(new Uint8Array(memory.buffer, to, Math.ceil(block.length / 8)), start / 8);
  }
  here.release();
  return bits;
}

/** Of each row: the sum of (f - s)^2, the sites where sign f = s (0 counts as +1), the sum of |f + g|. */
export interface Comparison {
  readonly squares: Float64Array;
  readonly same: Float64Array;
  readonly defects: Float64Array;
}

/**
 * Outputs f beside the spins s that they stand for, and beside other outputs g, if there are any. The
 * outputs are those of the spins' rows from `first` on.
 */
export function compareRows(
  image: Float32Array,
  spins: Rows,
  flipped?: Float32Array,
  first = 0,
): Comparison {
  const { width } = spins;
  const rows = image.length / width;
  const some = Math.max(1, Math.floor(blockNumbers / width));
  const here = room();
  const [f, g] = [here.floats(some * width), here.floats(some * width)];
  const s = intake(some, width, here);
  const out = here.floats(2 * 3 * some);
  const result = {
    squares: new Float64Array(rows),
    same: new Float64Array(rows),
    defects: new Float64Array(rows),
  };
  for (let start = 0; start < rows; start += some) {
    const count = Math.min(some, rows - start);
    const part = (values: Float32Array) => values.subarray(start * width, (start + count) * width);
    view(f, count * width).set(part(image));
    if (flipped) view(g, count * width).set(part(flipped));
    // Four times as fast as `from` with a length.
    const picked = new Uint32Array(count).map((_, row) => first + start + row);
    s.take(spins, picked);
    kernel.compareRows(f, flipped ? g : 0, s.at, count, width, out);
    const found = new Float64Array(memory.buffer, out, 3 * count);
    for (let row = 0; row < count; row++) {
      result.squares[start + row] = found[3 * row]!;
      result.same[start + row] = found[3 * row + 1]!;
      result.defects[start + row] = found[3 * row + 2]!;
    }
  }
  here.release();
  return result;
}
