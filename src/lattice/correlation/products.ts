/**
 * Sums of products of spins and codes over configurations, and over blocks of them. Knows no
 * correlation.
 */

import { inPieces, type PackedRows } from "../pieces.ts";
import { gatherBits, packSpins, rowsBetween, unpackSpins } from "../spins.ts";
import { gatherRows } from "./rows.ts";

type Numbers = Float32Array | Float64Array;

/** Configurations side by side with their codes. */
export interface Encoded {
  /** Rows of `sites` spins. */
  readonly visible: PackedRows;
  readonly sites: number;
  /** As many rows of `units` numbers, row-major, or of bits that stand for +1 and -1. */
  readonly hidden: Numbers | PackedRows;
  readonly units: number;
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

/** Encoded configurations as they are summed; units of +1 and -1 are summed as bits. */
export class Products {
  readonly n: number;
  /** The codes of the first configuration: what codes count from. */
  readonly origin: ArrayLike<number>;
  readonly #data: Encoded;

  constructor(data: Encoded) {
    const { visible, units } = data;
    const hidden =
      "bits" in data.hidden || !isSpins(data.hidden)
        ? data.hidden
        : { bits: packSpins(data.hidden), rows: visible.rows };
    this.n = visible.rows;
    this.origin = "bits" in hidden ? unpackSpins(hidden.bits, units, 0, 1) : hidden.slice(0, units);
    this.#data = { ...data, hidden };
  }

  /** The same configurations, the c-th paired with the code of the `order[c]`-th. */
  shuffled(order: ArrayLike<number>): Products {
    const { hidden, units } = this.#data;
    const codes =
      "bits" in hidden ? gatherBits(hidden.bits, units, order) : gatherRows(hidden, units, order);
    return new Products({ ...this.#data, hidden: codes });
  }

  /** Over configurations [from, to), at least one. */
  over(from: number, to: number): Sums {
    const { visible, sites, hidden, units } = this.#data;
    const spins = rowsBetween(visible, sites, from, to);
    if (!("bits" in hidden)) {
      const codes = hidden.subarray(from * units, to * units);
      return sumsOfNumbers({ visible: spins, sites, hidden: codes, units }, this.origin);
    }
    const codes = rowsBetween(hidden, units, from, to);
    return sumsOfBits({ visible: spins, sites, hidden: codes, units }, this.origin);
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

/**
 * The sums of all blocks but one, which is subtracted from the total; at least two blocks. Products are left
 * as they are, since they are many.
 */
export function withoutBlock(total: Sums, blocks: readonly Sums[], left: number): Sums {
  const block = blocks[left]!;
  const [v, h, squares] = (["v", "h", "squares"] as const).map((key) =>
    total[key].map((all, k) => all - block[key][k]!),
  ) as [Float64Array, Float64Array, Float64Array];
  const n = total.n - block.n;
  return { n, products: total.products, v, h, squares, ...extremes(blocks.toSpliced(left, 1)) };
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

function isSpins(hidden: Numbers): boolean {
  for (let k = 0; k < hidden.length; k++) if (hidden[k] !== 1 && hidden[k] !== -1) return false;
  return true;
}

/** The sums for spins and units of +1 and -1. All are whole numbers. */
function sumsOfBits(
  { visible, sites, hidden, units }: Encoded & { readonly hidden: PackedRows },
  origin: ArrayLike<number>,
): Sums {
  const n = visible.rows;
  const { up, unequal } = countColumns({ visible, sites, hidden, units });
  const [v, sums] = [up.subarray(0, sites), up.subarray(sites)].map((counts) =>
    new Float64Array(counts).map((count) => 2 * count - n),
  ) as [Float64Array, Float64Array];
  const products = new Float64Array(unequal.length);
  for (let a = 0, at = 0; a < units; a++) {
    const zero = origin[a]!;
    for (let i = 0; i < sites; i++, at++) products[at] = n - 2 * unequal[at]! - zero * v[i]!;
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

/** Rows that are counted at once, where so many fit: results are as long as a matrix. */
const countedRows = 2 ** 12;

/**
 * Set bits of every column, those of sites before those of units, and in how many rows a unit differs from
 * a site: units x sites.
 */
function countColumns({
  visible,
  sites,
  hidden,
  units,
}: Encoded & { readonly hidden: PackedRows }): { up: Int32Array; unequal: Int32Array } {
  const columns = sites + units;
  const counts = new Int32Array(columns + sites * units);
  // The codes' rows, and all columns, each in whole words of 64 bits.
  const each = Math.ceil((columns + units) / 8);
  const room = { each, once: 4 * counts.length + 8 * columns + 1024, least: countedRows };
  inPieces(visible, sites, room, ({ kernel, at, count, from, out }) => {
    const { buffer } = kernel.memory;
    const own = hidden.bits.subarray((from / 8) * units, Math.ceil(((from + count) * units) / 8));
    const words = Math.ceil(count / 64);
    const [work, found] = [out, out + 512];
    const turned = found + 8 * Math.ceil(counts.length / 2);
    const turnedUnits = turned + 8 * words * sites;
    const codes = turnedUnits + 8 * words * units;
    new Uint8Array(buffer, codes, own.length).set(own);
    kernel.transpose(at, count, sites, turned, work);
    kernel.transpose(codes, count, units, turnedUnits, work);
    kernel.countBits(turned, columns, words, found);
    kernel.countUnequal(turned, sites, turnedUnits, units, words, found + 4 * columns);
    const piece = new Int32Array(buffer, found, counts.length);
    if (count === visible.rows) counts.set(piece);
    else for (let k = 0; k < counts.length; k++) counts[k]! += piece[k]!;
  });
  return { up: counts.subarray(0, columns), unequal: counts.subarray(columns) };
}

/** The sums for any numbers. */
function sumsOfNumbers(
  { visible, sites, hidden, units }: Encoded & { readonly hidden: Numbers },
  origin: ArrayLike<number>,
): Sums {
  const n = visible.rows;
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
  const v = new Float64Array(sites);
  const up = new Float64Array(sites * units);
  const code = new Float64Array(units);
  for (let c = 0; c < n; c++) {
    const spins = unpackSpins(visible.bits, sites, c, c + 1);
    for (let a = 0; a < units; a++) code[a] = hidden[c * units + a]! - origin[a]!;
    for (let i = 0; i < sites; i++) {
      v[i] = v[i]! + spins[i]!;
      if (spins[i]! < 0) continue;
      for (let a = 0, at = i * units; a < units; a++, at++) up[at] = up[at]! + code[a]!;
    }
  }
  const products = new Float64Array(units * sites);
  for (let a = 0; a < units; a++) {
    for (let i = 0; i < sites; i++) products[a * sites + i] = 2 * up[i * units + a]! - h[a]!;
  }
  return { n, products, v, h, squares, lowest, highest };
}
