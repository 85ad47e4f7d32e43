/**
 * Sums of products of spins and codes over configurations, and over blocks of them. Knows nothing of
 * what becomes of them.
 */
import { bitCount } from "./correlation-rows.ts";

/** n configurations side by side. */
export interface Encoded {
  readonly n: number;
  /** n x sites spins, row-major. */
  readonly visible: Int8Array;
  /** n x units, row-major. */
  readonly hidden: Float32Array | Float64Array;
}

/** Of n configurations; codes count from an origin, so that squares keep their digits. */
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

/** Over at least one configuration. */
export function sumsOf(data: Encoded, origin: ArrayLike<number>): Sums {
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
  const products = isSpins(hidden)
    ? productsOfBits(data, origin, v)
    : productsOfNumbers(data, origin, h);
  return { n, products, v, h, squares, lowest, highest };
}

/** Of all blocks together. */
export function addSums(blocks: readonly Sums[]): Sums {
  const [first, ...rest] = blocks as [Sums, ...Sums[]];
  const add = (key: "products" | "v" | "h" | "squares") => {
    const sum = first[key].slice();
    for (const block of rest) for (let k = 0; k < sum.length; k++) sum[k]! += block[key][k]!;
    return sum;
  };
  return {
    n: blocks.reduce((n, block) => n + block.n, 0),
    ...{ products: add("products"), v: add("v"), h: add("h"), squares: add("squares") },
    ...extremes(blocks),
  };
}

/** Of all blocks but one, whose sums are subtracted from the total; at least two blocks. */
export function withoutBlock(total: Sums, blocks: readonly Sums[], left: number): Sums {
  const block = blocks[left]!;
  const subtract = (key: "products" | "v" | "h" | "squares") => {
    const [all, one] = [total[key], block[key]];
    const rest = new Float64Array(all.length);
    for (let k = 0; k < rest.length; k++) rest[k] = all[k]! - one[k]!;
    return rest;
  };
  return {
    n: total.n - block.n,
    products: subtract("products"),
    v: subtract("v"),
    h: subtract("h"),
    squares: subtract("squares"),
    ...extremes(blocks.toSpliced(left, 1)),
  };
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

/** From units of +1 and -1: configurations are bits of words. */
function productsOfBits(
  { n, visible, hidden }: Encoded,
  origin: ArrayLike<number>,
  v: Float64Array,
): Float64Array {
  const words = Math.ceil(n / 32);
  const visibleBits = columnBits(visible, n, words);
  const hiddenBits = columnBits(hidden, n, words);
  const [sites, units] = [visible.length / n, hidden.length / n];
  const sums = new Float64Array(units * sites);
  for (let a = 0; a < units; a++) {
    for (let i = 0; i < sites; i++) {
      let unequal = 0;
      for (let w = 0; w < words; w++) {
        unequal += bitCount(visibleBits[i * words + w]! ^ hiddenBits[a * words + w]!);
      }
      sums[a * sites + i] = n - 2 * unequal - origin[a]! * v[i]!;
    }
  }
  return sums;
}

/** The signs of each column, one bit a row, in `words` words a column. */
function columnBits(
  rows: Int8Array | Float32Array | Float64Array,
  n: number,
  words: number,
): Int32Array {
  const width = rows.length / n;
  const bits = new Int32Array(width * words);
  for (let c = 0, at = 0; c < n; c++) {
    for (let i = 0; i < width; i++, at++) {
      if (rows[at]! > 0) bits[i * words + (c >> 5)]! |= 1 << (c & 31);
    }
  }
  return bits;
}

/** From any numbers; `h` is the sum of each unit. */
function productsOfNumbers(
  { n, visible, hidden }: Encoded,
  origin: ArrayLike<number>,
  h: Float64Array,
): Float64Array {
  const [sites, units] = [visible.length / n, hidden.length / n];
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
  const sums = new Float64Array(units * sites);
  for (let a = 0; a < units; a++) {
    for (let i = 0; i < sites; i++) sums[a * sites + i] = 2 * up[i * units + a]! - h[a]!;
  }
  return sums;
}
