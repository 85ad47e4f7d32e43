/**
 * Sums of products of spins and codes over configurations, and over blocks of them. Knows no
 * correlation.
 */

import { borrowKernel } from "../kernel.ts";
import { bitCount, gatherRows } from "./rows.ts";

/** n configurations side by side. */
export interface Encoded {
  readonly n: number;
  /** n x sites spins, row-major. */
  readonly visible: Int8Array;
  /** n x units, row-major. */
  readonly hidden: Float32Array | Float64Array;
}

/** Sums over n configurations; codes count from an origin, so that squares keep their digits. */
export interface Sums {
  readonly n: number;
  /** sum of v_i (h_a - origin_a), units x sites. */
  readonly products: Float64Array;
  /** sum of v_i. */
  readonly v: Float64Array;
  /** sum of h_a - origin_a, and of its square. */
  readonly h: Float64Array;
  readonly squares: Float64Array;
  /** The least and the greatest h_a. */
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

/** Encoded configurations as they are summed; units of +1 and -1 are summed as bits of words. */
export class Products {
  readonly n: number;
  /** The codes of the first configuration: what codes count from. */
  readonly origin: Float32Array | Float64Array;
  readonly #data: Encoded;
  readonly #bits: { readonly visible: Int32Array; readonly hidden: Int32Array } | undefined;

  /** `visibleBits`: what `columnBits` makes of `visible`, where it is known. */
  constructor(data: Encoded, visibleBits?: Int32Array) {
    const { n, hidden, visible } = data;
    this.n = n;
    this.origin = hidden.slice(0, hidden.length / n);
    this.#data = data;
    this.#bits = isSpins(hidden)
      ? { visible: visibleBits ?? columnBits(visible, n), hidden: columnBits(hidden, n) }
      : undefined;
  }

  /** The same configurations, the c-th paired with the code of the `order[c]`-th. */
  shuffled(order: ArrayLike<number>): Products {
    const { hidden } = this.#data;
    const codes = gatherRows(hidden, hidden.length / this.n, order);
    return new Products({ ...this.#data, hidden: codes }, this.#bits?.visible);
  }

  /** Over configurations [from, to), at least one. */
  over(from: number, to: number): Sums {
    if (this.#bits) return sumsOfBits(this.#bits, this.n, from, to, this.origin);
    const { n, visible, hidden } = this.#data;
    const [sites, units] = [visible.length / n, hidden.length / n];
    const block = {
      n: to - from,
      visible: visible.subarray(from * sites, to * sites),
      hidden: hidden.subarray(from * units, to * units),
    };
    return sumsOfNumbers(block, this.origin);
  }
}

const sumNames = ["products", "v", "h", "squares"] as const;

/** The sums of all blocks together. */
export function addSums(blocks: readonly Sums[]): Sums {
  const [first, ...rest] = blocks as [Sums, ...Sums[]];
  const [products, v, h, squares] = sumNames.map((key) => {
    const sum = first[key].slice();
    for (const { [key]: more } of rest) for (let k = 0; k < sum.length; k++) sum[k]! += more[k]!;
    return sum;
  }) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const n = blocks.reduce((total, block) => total + block.n, 0);
  return { n, products, v, h, squares, ...extremes(blocks) };
}

/** The sums of all blocks but one, which is subtracted from the total; at least two blocks. */
export function withoutBlock(total: Sums, blocks: readonly Sums[], left: number): Sums {
  const block = blocks[left]!;
  const [products, v, h, squares] = sumNames.map((key) => {
    const [all, one] = [total[key], block[key]];
    const rest = new Float64Array(all.length);
    for (let k = 0; k < rest.length; k++) rest[k] = all[k]! - one[k]!;
    return rest;
  }) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const n = total.n - block.n;
  return { n, products, v, h, squares, ...extremes(blocks.toSpliced(left, 1)) };
}

function extremes(blocks: readonly Sums[]): Pick<Sums, "lowest" | "highest"> {
  const lowest = blocks[0]!.lowest.slice();
  const highest = blocks[0]!.highest.slice();
  for (const block of blocks) {
    for (let a = 0; a < lowest.length; a++) {
      lowest[a] = Math.min(lowest[a]!, block.lowest[a]!);
      highest[a] = Math.max(highest[a]!, block.highest[a]!);
    }
  }
  return { lowest, highest };
}

function isSpins(hidden: Float32Array | Float64Array): boolean {
  for (let k = 0; k < hidden.length; k++) if (hidden[k] !== 1 && hidden[k] !== -1) return false;
  return true;
}

/** The signs of each column of n rows, one bit a row, in whole words a column. */
function columnBits(rows: Int8Array | Float32Array | Float64Array, n: number): Int32Array {
  const words = Math.ceil(n / 32);
  const width = rows.length / n;
  const bits = new Int32Array(width * words);
  for (let c = 0, at = 0; c < n; c++) {
    const shift = c & 31;
    for (let word = c >> 5; word < bits.length; word += words, at++) {
      bits[word]! |= (rows[at]! > 0 ? 1 : 0) << shift;
    }
  }
  return bits;
}

/** The sums for spins and units of +1 and -1, of n rows, over rows [from, to). All are whole numbers. */
function sumsOfBits(
  bits: { readonly visible: Int32Array; readonly hidden: Int32Array },
  rows: number,
  from: number,
  to: number,
  origin: ArrayLike<number>,
): Sums {
  const n = to - from;
  const visible = cutRows(bits.visible, rows, from, to);
  const hidden = cutRows(bits.hidden, rows, from, to);
  const v = spinSums(visible, n);
  const sums = spinSums(hidden, n);
  const unequal = countUnequal(visible, hidden);
  const products = new Float64Array(unequal.length);
  for (let a = 0, at = 0; a < sums.length; a++) {
    const zero = origin[a]!;
    for (let i = 0; i < v.length; i++, at++) products[at] = n - 2 * unequal[at]! - zero * v[i]!;
  }
  return {
    ...{ n, products, v },
    h: sums.map((sum, a) => sum - n * origin[a]!),
    // (h - origin)^2 is 4 where they differ.
    squares: sums.map((sum, a) => 2 * (n - origin[a]! * sum)),
    lowest: sums.map((sum) => (sum === n ? 1 : -1)),
    highest: sums.map((sum) => (sum === -n ? -1 : 1)),
  };
}

/** Columns of bits, each an even number of words. */
interface BitColumns {
  readonly words: number;
  readonly bits: Int32Array;
}

/** The bits [from, to) of columns of `rows` bits, with zeros around them. */
function cutRows(columns: Int32Array, rows: number, from: number, to: number): BitColumns {
  const stride = Math.ceil(rows / 32);
  const [first, last] = [from >> 5, (to - 1) >> 5];
  const words = (last - first + 2) & ~1;
  const bits = new Int32Array((columns.length / stride) * words);
  for (let start = 0, at = 0; start < columns.length; start += stride, at += words) {
    for (let word = first; word <= last; word++) bits[at + word - first] = columns[start + word]!;
    bits[at]! &= -1 << (from & 31);
    bits[at + last - first]! &= -1 >>> (31 - ((to - 1) & 31));
  }
  return { words, bits };
}

/** Sums of spins, +1 for a set bit, of n rows. */
function spinSums({ words, bits }: BitColumns, n: number): Float64Array {
  return Float64Array.from({ length: bits.length / words }, (_, column) => {
    let up = 0;
    for (let w = column * words; w < (column + 1) * words; w++) up += bitCount(bits[w]!);
    return 2 * up - n;
  });
}

/** For every column of `y`, and for every column of `x` in it: in how many bits they differ. */
function countUnequal(x: BitColumns, y: BitColumns): Int32Array {
  const { words } = x;
  const [columnsOfX, columnsOfY] = [x.bits.length / words, y.bits.length / words];
  const counts = new Int32Array(columnsOfX * columnsOfY);
  // So many columns of both at a time: all of them may not fit a kernel's memory.
  const piece = Math.ceil(unequalWords / (words + 2 ** 12));
  for (let i = 0; i < columnsOfX; i += piece) {
    const xs = x.bits.subarray(i * words, (i + piece) * words);
    for (let a = 0; a < columnsOfY; a += piece) {
      const ys = y.bits.subarray(a * words, (a + piece) * words);
      const found = unequalBits(xs, ys, words);
      const width = xs.length / words;
      for (let k = 0; k * width < found.length; k++) {
        counts.set(found.subarray(k * width, (k + 1) * width), (a + k) * columnsOfX + i);
      }
    }
  }
  return counts;
}

/** Words of one side that a kernel holds at once, about. */
const unequalWords = 2 ** 24;

/** The same of so few columns, a view of the kernel's memory. */
function unequalBits(x: Int32Array, y: Int32Array, words: number): Int32Array {
  const [columnsOfX, columnsOfY] = [x.length / words, y.length / words];
  const out = x.length + y.length;
  const { kernel, at } = borrowKernel(4 * (out + columnsOfX * columnsOfY));
  const memory = new Int32Array(kernel.memory.buffer, at, out + columnsOfX * columnsOfY);
  memory.set(x);
  memory.set(y, x.length);
  kernel.countUnequal(at, columnsOfX, at + 4 * x.length, columnsOfY, words / 2, at + 4 * out);
  return memory.subarray(out);
}

/** The sums for any numbers. */
function sumsOfNumbers(data: Encoded, origin: ArrayLike<number>): Sums {
  const { n, visible, hidden } = data;
  const [sites, units] = [visible.length / n, hidden.length / n];
  const v = new Float64Array(sites);
  for (let at = 0, c = 0; c < n; c++) {
    for (let i = 0; i < sites; i++, at++) v[i] = v[i]! + visible[at]!;
  }
  const h = new Float64Array(units);
  const squares = new Float64Array(units);
  const lowest = Float64Array.from(hidden.subarray(0, units));
  const highest = lowest.slice();
  for (let at = 0, c = 0; c < n; c++) {
    for (let a = 0; a < units; a++, at++) {
      const value = hidden[at]!;
      const d = value - origin[a]!;
      h[a] = h[a]! + d;
      squares[a] = squares[a]! + d * d;
      if (value < lowest[a]!) lowest[a] = value;
      if (value > highest[a]!) highest[a] = value;
    }
  }
  // Only spins up are added: sum v h = 2 (sum over v = +1 of h) - sum h.
  const up = new Float64Array(sites * units);
  const code = new Float64Array(units);
  for (let c = 0; c < n; c++) {
    for (let a = 0; a < units; a++) code[a] = hidden[c * units + a]! - origin[a]!;
    for (let i = 0; i < sites; i++) {
      if (visible[c * sites + i]! < 0) continue;
      for (let a = 0, at = i * units; a < units; a++, at++) up[at] = up[at]! + code[a]!;
    }
  }
  const products = new Float64Array(units * sites);
  for (let a = 0; a < units; a++) {
    for (let i = 0; i < sites; i++) products[a * sites + i] = 2 * up[i * units + a]! - h[a]!;
  }
  return { n, products, v, h, squares, lowest, highest };
}
