/**
 * Two-point correlation of spins within configurations, G(r) = <s(x) s(x + r)>.
 * Spins are Int8, +1 or -1, row-major. Knows nothing of temperature.
 */
import { displacedSites, type Lag } from "./correlation-lags.ts";

/** What is measured in one configuration. */
export interface PairProducts {
  /** Numbers a configuration: one a lag. */
  readonly width: number;
  /** Mean over sites (and the lag's displacements) of s(x) s(x + r), for each lag. */
  products(spins: Int8Array, into: Float64Array): void;
}

/**
 * Prepares G(r) at `lags` on a `side` x `side` torus. The products are sums of whole numbers divided
 * once, so they are exact.
 */
export function pairProducts(side: number, lags: readonly Lag[]): PairProducts {
  const sites = side * side;
  const tables = lags.map(({ averaged }) => averaged.map((offset) => displacedSites(side, offset)));
  return {
    width: lags.length,
    products(spins, into) {
      for (const [k, displaced] of tables.entries()) {
        let sum = 0;
        for (const other of displaced) {
          for (let i = 0; i < sites; i++) sum += spins[i]! * spins[other[i]!]!;
        }
        into[k] = sum / (sites * displaced.length);
      }
    },
  };
}

/**
 * For each of `rows` (indices of configurations), the products at `lags` and then the mean spin:
 * rows x (lags + 1) values.
 */
export function measurePairs(
  spins: Int8Array,
  side: number,
  lags: readonly Lag[],
  rows: Int32Array,
): Float64Array {
  const sites = side * side;
  const { width, products } = pairProducts(side, lags);
  const values = new Float64Array(rows.length * (width + 1));
  for (const [at, row] of rows.entries()) {
    const one = spins.subarray(row * sites, (row + 1) * sites);
    products(one, values.subarray(at * (width + 1), at * (width + 1) + width));
    values[at * (width + 1) + width] = magnetization(one);
  }
  return values;
}

/** Mean spin of one configuration. */
export function magnetization(spins: Int8Array): number {
  let sum = 0;
  for (let i = 0; i < spins.length; i++) sum += spins[i]!;
  return sum / spins.length;
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
