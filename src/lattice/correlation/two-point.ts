/**
 * Two-point correlation of spins within configurations, G(r) = <s(x) s(x + r)>: rows of packed bits in,
 * numbers of each configuration out. Knows nothing of temperature.
 */
import { inPieces, type PackedRows } from "../pieces.ts";
import { measureSpins } from "../spins.ts";
import type { Lag, Offset } from "./lags.ts";
import { hasTransform, planeSums } from "./plane.ts";

/** A measurement of configurations. */
export interface PairProducts {
  /** Numbers a configuration: one a lag. */
  readonly width: number;
  /** Mean over sites (and the lag's displacements) of s(x) s(x + r): rows x lags. */
  products(packed: PackedRows): Float64Array;
}

/**
 * Prepares G(r) at `lags` on a `side` x `side` torus. The products are sums of whole numbers divided
 * once, so they are exact.
 */
export function pairProducts(side: number, lags: readonly Lag[]): PairProducts {
  const { lagOf, terms, countUnequal } = pairCounts(side, lags);
  const [offsets, width, sites] = [lagOf.length, lags.length, side * side];
  return {
    width,
    products(packed) {
      const means = new Float64Array(packed.rows * width);
      countUnequal(packed, (unequal, count, from) => {
        for (let row = 0; row < count; row++) {
          const start = (from + row) * width;
          for (let k = 0; k < offsets; k++) {
            means[start + lagOf[k]!]! += sites - 2 * unequal[row * offsets + k]!;
          }
          for (let lag = 0; lag < width; lag++) means[start + lag]! /= terms[lag]!;
        }
      });
      return means;
    },
  };
}

/** Takes, for each displacement of so many configurations, in how many pairs of sites the spins differ. */
type TakeCounts = (unequal: Int32Array, count: number, from: number) => void;

/** Which lag each displacement is of, and what the sum of each lag's products is divided by. */
function pairCounts(side: number, lags: readonly Lag[]) {
  const { displacements, places } = arrange(side, lags);
  const offsets = places.length;
  const sites = side * side;
  const tables = 8 * offsets;
  const lines = side * (side + 80) + 1024;
  const room = { each: 4 * offsets, once: tables + lines };
  return {
    lagOf: Int32Array.from(places, ({ lag }) => lag),
    terms: lags.map(({ averaged }) => sites * averaged.length),
    countUnequal(packed: PackedRows, take: TakeCounts): void {
      inPieces(packed, sites, room, ({ kernel, at, count, from, out }) => {
        const [counts, work] = [out + tables, out + tables + 4 * count * offsets];
        new Int32Array(kernel.memory.buffer, out, 2 * offsets).set(displacements);
        kernel.countUnequalPairs(at, count, side, out, offsets, counts, work);
        take(new Int32Array(kernel.memory.buffer, counts, count * offsets), count, from);
      });
    },
  };
}

/** All displacements of all lags, wrapped, those of one dx side by side, and which lag each is of. */
function arrange(side: number, lags: readonly Lag[]) {
  const wrap = (d: number) => ((d % side) + side) % side;
  const places = lags.flatMap(({ averaged }, lag) =>
    averaged.map(([dy, dx]: Offset) => ({ lag, dy: wrap(dy), dx: wrap(dx) })),
  );
  places.sort((a, b) => a.dx - b.dx);
  return { places, displacements: Int32Array.from(places.flatMap(({ dy, dx }) => [dy, dx])) };
}

/** More displacements than this, where all of them at once take less time than one after the other. */
const manyOffsets = 500;

/** Sums over the configurations of each group, which come in pieces. They hold until sums are taken again. */
type GroupSums = (groups: readonly Iterable<PackedRows>[]) => Float64Array<ArrayBuffer>[];

/** Prepares sums over configurations of the products at `lags` and of the mean spin: lags + 1 values. */
export function pairSums(side: number, lags: readonly Lag[]): GroupSums {
  const offsets = lags.reduce((sum, { averaged }) => sum + averaged.length, 0);
  // Divided by powers of two, sums are the same in any order.
  const inAnyOrder =
    Number.isInteger(Math.log2(side)) &&
    lags.every(({ averaged: { length } }) => length === 1 || length === 2);
  if (!inAnyOrder) return sumsOfProducts(side, lags);
  return offsets > manyOffsets && hasTransform(side)
    ? sumsByTransform(side, lags)
    : sumsOfCounts(side, lags);
}

/** Of whole numbers, divided once. */
function sumsOfCounts(side: number, lags: readonly Lag[]): GroupSums {
  const { lagOf, terms, countUnequal } = pairCounts(side, lags);
  const [width, sites] = [lags.length, side * side];
  const sumsOf = (pieces: Iterable<PackedRows>) => {
    const sums = new Float64Array(width + 1);
    const totals = new Float64Array(lagOf.length);
    let rows = 0;
    for (const packed of pieces) {
      countUnequal(packed, (unequal) => addRows(totals, unequal));
      sums[width]! += sumOfSpins(packed, side) / sites;
      rows += packed.rows;
    }
    for (const [k, lag] of lagOf.entries()) sums[lag]! += rows * sites - 2 * totals[k]!;
    for (let lag = 0; lag < width; lag++) sums[lag]! /= terms[lag]!;
    return sums;
  };
  return (groups) => groups.map(sumsOf);
}

/** Adds rows as long as the totals. */
function addRows(totals: Float64Array, rows: Int32Array): void {
  const { length } = totals;
  for (let at = 0; at < rows.length; at += length) {
    for (let k = 0; k < length; k++) totals[k]! += rows[at + k]!;
  }
}

function sumsOfProducts(side: number, lags: readonly Lag[]): GroupSums {
  const { width, products } = pairProducts(side, lags);
  const sumsOf = (pieces: Iterable<PackedRows>) => {
    const sums = new Float64Array(width + 1);
    for (const packed of pieces) {
      const means = products(packed);
      for (let row = 0; row < packed.rows; row++) {
        for (let k = 0; k < width; k++) sums[k]! += means[row * width + k]!;
      }
      addMeanSpins(packed, side, sums);
    }
    return sums;
  };
  return (groups) => groups.map(sumsOf);
}

function sumsByTransform(side: number, lags: readonly Lag[]): GroupSums {
  const sites = side * side;
  const { first, second } = placesOf(side, lags);
  const width = lags.length;
  return (groups) => {
    const sums = rooms(groups.length, width + 1);
    const counted = groups.map((pieces, group) => countSpins(pieces, side, sums[group]!));
    let group = 0;
    for (const found of planeSums(side, counted)) {
      meanOfTwo(found, first, second, 2 * sites, sums[group++]!);
    }
    return sums;
  };
}

/** Most numbers that stay in memory: new memory for them would take as long as to compute them. */
const keptNumbers = 2 ** 21;
let kept = new Float64Array(0);

/** So many arrays of any values, which hold until the next call. */
function rooms(count: number, length: number): Float64Array<ArrayBuffer>[] {
  const all = count * length;
  const numbers = all > kept.length ? new Float64Array(all) : kept;
  if (all <= keptNumbers) kept = numbers;
  return Array.from({ length: count }, (_, i) => numbers.subarray(i * length, (i + 1) * length));
}

/** Of each lag (the last of `means` is none) the sum at two places, divided. */
function meanOfTwo(
  found: Float64Array,
  first: Int32Array,
  second: Int32Array,
  terms: number,
  means: Float64Array,
): void {
  for (let k = 0; k < first.length; k++) {
    // What is rounded to -0 becomes 0.
    means[k] = (found[first[k]!]! + found[second[k]!]!) / terms + 0;
  }
}

/** Where the sums of each lag's displacement or two stand. */
interface Places {
  readonly side: number;
  readonly first: Int32Array;
  readonly second: Int32Array;
}

const known = new WeakMap<readonly Lag[], Places>();

/** Of one displacement or of two: the same one twice is a mean too. */
function placesOf(side: number, lags: readonly Lag[]): Places {
  let places = known.get(lags);
  if (places?.side !== side) {
    places = { side, first: new Int32Array(lags.length), second: new Int32Array(lags.length) };
    for (const [k, { averaged }] of lags.entries()) {
      places.first[k] = placeOf(side, averaged[0]!);
      places.second[k] = placeOf(side, averaged.at(-1)!);
    }
    known.set(lags, places);
  }
  return places;
}

function placeOf(side: number, [dy, dx]: Offset): number {
  const wrap = (d: number) => ((d % side) + side) % side;
  return wrap(dy) * side + wrap(dx);
}

/** The same pieces, on whose way the mean spins are added. */
function* countSpins(pieces: Iterable<PackedRows>, side: number, sums: Float64Array) {
  sums[sums.length - 1] = 0;
  for (const packed of pieces) {
    sums[sums.length - 1]! += sumOfSpins(packed, side) / (side * side);
    yield packed;
  }
}

/** The sum of all spins. */
function sumOfSpins(packed: PackedRows, side: number): number {
  const sites = side * side;
  if (sites % 64 !== 0) {
    const { magnetization } = measureSpins(packed.bits, side, packed.rows);
    return magnetization.reduce((sum, one) => sum + one, 0);
  }
  let up = 0;
  inPieces(packed, sites, { each: 0, once: 8 }, ({ kernel, at, count, out }) => {
    kernel.countBits(at, 1, (count * sites) / 64, out);
    up += new Int32Array(kernel.memory.buffer, out, 1)[0]!;
  });
  return 2 * up - packed.rows * sites;
}

/** Adds each configuration's mean spin to the last of the sums. */
function addMeanSpins({ bits, rows }: PackedRows, side: number, sums: Float64Array): void {
  const { magnetization } = measureSpins(bits, side, rows);
  for (let row = 0; row < rows; row++) {
    sums[sums.length - 1]! += magnetization[row]! / (side * side);
  }
}

/**
 * How much of a correlation function another one keeps: 1 - sum |G' - G| / sum |G| over the lags
 * given (1 where they agree, 0 where G' vanishes). NaN without a lag.
 */
export function retention(original: ArrayLike<number>, kept: ArrayLike<number>): number {
  let lost = 0;
  let total = 0;
  for (let k = 0; k < original.length; k++) {
    lost += Math.abs(kept[k]! - original[k]!);
    total += Math.abs(original[k]!);
  }
  return 1 - lost / total;
}
