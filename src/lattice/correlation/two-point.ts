/**
 * Two-point correlation of spins within configurations, G(r) = <s(x) s(x + r)>: rows of packed bits in,
 * numbers of each configuration out. Knows nothing of temperature.
 */
import { inPieces, type PackedRows } from "../pieces.ts";
import { measureSpins } from "../spins.ts";
import type { Lag, Offset } from "./lags.ts";

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
  const { displacements, places } = arrange(side, lags);
  const offsets = places.length;
  const width = lags.length;
  const sites = side * side;
  const lagOf = new Int32Array(offsets);
  // What the sum of an offset's products is divided by.
  const terms = lags.map(({ averaged }) => sites * averaged.length);
  for (const [k, { lag }] of places.entries()) lagOf[k] = lag;
  const tables = 8 * offsets;
  const lines = side * (side + 80) + 1024;
  return {
    width,
    products(packed) {
      const means = new Float64Array(packed.rows * width);
      const room = { each: 4 * offsets, once: tables + lines };
      inPieces(packed, sites, room, ({ kernel, at, count, from, out }) => {
        const [counts, work] = [out + tables, out + tables + 4 * count * offsets];
        new Int32Array(kernel.memory.buffer, out, 2 * offsets).set(displacements);
        kernel.countUnequalPairs(at, count, side, out, offsets, counts, work);
        const unequal = new Int32Array(kernel.memory.buffer, counts, count * offsets);
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

/** All displacements of all lags, wrapped, those of one dx side by side, and which lag each is of. */
function arrange(side: number, lags: readonly Lag[]) {
  const wrap = (d: number) => ((d % side) + side) % side;
  const places = lags.flatMap(({ averaged }, lag) =>
    averaged.map(([dy, dx]: Offset) => ({ lag, dy: wrap(dy), dx: wrap(dx) })),
  );
  places.sort((a, b) => a.dx - b.dx);
  return { places, displacements: Int32Array.from(places.flatMap(({ dy, dx }) => [dy, dx])) };
}

/** Measures configurations: for each, the products at `lags` and then the mean spin, lags + 1 values. */
export function pairMeasure(
  side: number,
  lags: readonly Lag[],
): (packed: PackedRows) => Float64Array {
  const { width, products } = pairProducts(side, lags);
  return (packed) => {
    const values = new Float64Array(packed.rows * (width + 1));
    const means = products(packed);
    const { magnetization } = measureSpins(packed.bits, side, packed.rows);
    for (let row = 0; row < packed.rows; row++) {
      values.set(means.subarray(row * width, (row + 1) * width), row * (width + 1));
      values[row * (width + 1) + width] = magnetization[row]! / (side * side);
    }
    return values;
  };
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
