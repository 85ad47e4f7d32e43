/**
 * Two-point correlation of spins within configurations, G(r) = <s(x) s(x + r)>.
 * Spins are Int8, +1 or -1, row-major. Knows nothing of temperature.
 */
import { displacedSites, type Lag, type Offset } from "./lags.ts";
import { bitCount } from "./rows.ts";

/** A measurement of one configuration. */
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
  const sumOf = side <= 32 ? productsOfWords(side) : productsOfSites(side, lags);
  return {
    width: lags.length,
    products(spins, into) {
      const at = sumOf(spins);
      for (const [k, { averaged }] of lags.entries()) {
        let total = 0;
        for (const offset of averaged) total += at(offset);
        into[k] = total / (side * side * averaged.length);
      }
    },
  };
}

/** Takes spins, and then gives sum_x s(x) s(x + r) for any displacement. */
type ProductSum = (spins: Int8Array) => (offset: Offset) => number;

/** A row of the lattice is a word of bits: products are the bits in which two words agree. */
function productsOfWords(side: number): ProductSum {
  const words = new Uint32Array(side);
  const mask = side === 32 ? -1 : (1 << side) - 1;
  return (spins) => {
    for (let y = 0; y < side; y++) {
      let word = 0;
      for (let x = 0; x < side; x++) word |= ((spins[y * side + x]! + 1) >> 1) << x;
      words[y] = word;
    }
    return ([dy, dx]) => {
      const turn = ((dx % side) + side) % side;
      let unequal = 0;
      for (let y = 0, other = ((dy % side) + side) % side; y < side; y++, other++) {
        if (other === side) other = 0;
        const word = words[other]!;
        const turned = turn === 0 ? word : (word >>> turn) | (word << (side - turn));
        unequal += bitCount((words[y]! ^ turned) & mask);
      }
      return side * side - 2 * unequal;
    };
  };
}

/** For lattices whose rows do not fit a word. */
function productsOfSites(side: number, lags: readonly Lag[]): ProductSum {
  const tables = new Map(
    lags.flatMap(({ averaged }) => averaged.map((r) => [r, displacedSites(side, r)] as const)),
  );
  return (spins) => (offset) => {
    const other = tables.get(offset)!;
    let sum = 0;
    for (let i = 0; i < other.length; i++) sum += spins[i]! * spins[other[i]!]!;
    return sum;
  };
}

/** Measures one configuration: the products at `lags` and then the mean spin, lags + 1 values. */
export function pairMeasure(
  side: number,
  lags: readonly Lag[],
): (spins: Int8Array, into: Float64Array) => void {
  const { width, products } = pairProducts(side, lags);
  return (spins, into) => {
    products(spins, into);
    into[width] = magnetization(spins);
  };
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
