/**
 * Displacements on a periodic square lattice, and the pairs of sites that they join.
 * Sites are numbered row-major: site y * side + x.
 */

/** Rows down and columns to the right; negative ones wrap around. */
export type Offset = readonly [dy: number, dx: number];

/** For every site, the site displaced from it by `offset`. */
export function displacedSites(side: number, [dy, dx]: Offset): Int32Array {
  const wrap = (i: number) => ((i % side) + side) % side;
  return Int32Array.from(
    { length: side * side },
    (_, site) => wrap(Math.floor(site / side) + dy) * side + wrap((site % side) + dx),
  );
}

/** Displacements whose pair products are averaged together and reported as one. */
export interface Lag {
  /** The reported displacement. */
  readonly offset: Offset;
  readonly averaged: readonly Offset[];
}

/** r = 0 .. side/2 along the axes: reported as (0, r), averaged over both axes. */
export function axisLags(side: number): Lag[] {
  return Array.from({ length: Math.floor(side / 2) + 1 }, (_, r) => ({
    offset: [0, r] as const,
    averaged: r === 0 ? [[0, 0] as const] : [[0, r] as const, [r, 0] as const],
  }));
}

/** Every displacement once, of the two that are each other's reverse: G(r) = G(-r). */
export function planeLags(side: number): Lag[] {
  const lags: Lag[] = [];
  for (let dy = 0; dy < side; dy++) {
    for (let dx = 0; dx < side; dx++) {
      const reverse = ((side - dy) % side) * side + ((side - dx) % side);
      if (dy * side + dx <= reverse) lags.push({ offset: [dy, dx], averaged: [[dy, dx]] });
    }
  }
  return lags;
}

/** Shortest squared distance of two sites of a torus. */
function squaredDistance(a: number, b: number, side: number): number {
  const along = (p: number, q: number) => {
    const apart = Math.abs(p - q);
    return Math.min(apart, side - apart);
  };
  const dy = along(Math.floor(a / side), Math.floor(b / side));
  const dx = along(a % side, b % side);
  return dy * dy + dx * dx;
}

/** The distances that there are on a torus, and which of them lies between two sites. */
export interface DistanceShells {
  readonly count: number;
  /** Ascending, from 0. */
  readonly distances: Float64Array;
  /** Sites at each distance from any one. */
  readonly sites: Int32Array;
  /** Index of the distance between sites a and b. */
  shellOf(a: number, b: number): number;
}

export function distanceShells(side: number): DistanceShells {
  const fromOrigin = Array.from({ length: side * side }, (_, i) => squaredDistance(0, i, side));
  const squared = [...new Set(fromOrigin)].sort((a, b) => a - b);
  const indices = Int32Array.from(fromOrigin, (d) => squared.indexOf(d));
  const sites = new Int32Array(squared.length);
  for (const index of indices) sites[index]! += 1;
  return {
    count: squared.length,
    distances: Float64Array.from(squared, Math.sqrt),
    sites,
    shellOf(a, b) {
      const dy = Math.floor(b / side) - Math.floor(a / side);
      const dx = (b % side) - (a % side);
      return indices[((dy + side) % side) * side + ((dx + side) % side)]!;
    },
  };
}
