/**
 * Two-point correlation of spins within configurations, G(r) = <s(x) s(x + r)>.
 * Sites hold bits, one byte each: 1 for spin +1 and 0 for spin -1. Knows nothing of temperature.
 */
import { displacedSites, type Lag } from "./correlation-lags.ts";

/** Sums over the sites of one configuration. */
export interface PairProducts {
  /** Mean over sites (and the lag's displacements) of s(x) s(x + r), one value a lag. */
  products(sites: Uint8Array, into: Float64Array): void;
}

/**
 * Prepares G(r) at `lags` on a `side` x `side` torus. The products are sums of whole numbers divided
 * once, so they are exact.
 */
export function pairProducts(side: number, lags: readonly Lag[]): PairProducts {
  const n = side * side;
  const tables = lags.map(({ averaged }) => averaged.map((offset) => displacedSites(side, offset)));
  return {
    products(sites, into) {
      for (const [k, displaced] of tables.entries()) {
        let unequal = 0;
        for (const other of displaced) {
          for (let i = 0; i < n; i++) unequal += sites[i]! ^ sites[other[i]!]!;
        }
        const pairs = n * displaced.length;
        into[k] = (pairs - 2 * unequal) / pairs;
      }
    },
  };
}

/** Mean spin of one configuration. */
export function magnetization(sites: Uint8Array): number {
  let up = 0;
  for (let i = 0; i < sites.length; i++) up += sites[i]!;
  return (2 * up - sites.length) / sites.length;
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
