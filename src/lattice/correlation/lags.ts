/**
 * Displacements on a periodic square lattice, and the pairs of sites that they join.
 * Sites are numbered row-major: site y * side + x.
 */

/** Rows down and columns to the right; negative ones wrap around. */
export type Offset = readonly [dy: number, dx: number];

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

const planes = new Map<number, WeakRef<readonly Lag[]>>();

/** Every displacement once, of the two that are each other's reverse: G(r) = G(-r). Made once. */
export function planeLags(side: number): readonly Lag[] {
  const made = planes.get(side)?.deref() ?? makePlane(side);
  planes.set(side, new WeakRef(made));
  return made;
}

function makePlane(side: number): readonly Lag[] {
  const lags: Lag[] = [];
  for (let dy = 0; dy < side; dy++) {
    for (let dx = 0; dx < side; dx++) {
      const reverse = ((side - dy) % side) * side + ((side - dx) % side);
      if (dy * side + dx > reverse) continue;
      const offset = [dy, dx] as const;
      lags.push({ offset, averaged: [offset] });
    }
  }
  return lags;
}

/** The distances that there are between sites of a torus. */
export interface DistanceShells {
  readonly side: number;
  /** Ascending, from 0. */
  readonly distances: Float64Array;
  /** Sites at each distance from any one. */
  readonly sites: Int32Array;
  /** Which of the distances lies between site 0 and each site. */
  readonly shellOf: Int32Array;
}

export function distanceShells(side: number): DistanceShells {
  const square = (d: number) => Math.min(d, side - d) * Math.min(d, side - d);
  const squared = Int32Array.from(
    { length: side * side },
    (_, i) => square(Math.floor(i / side)) + square(i % side),
  );
  const all = [...new Set(squared)].sort((a, b) => a - b);
  const shellOf = squared.map((d) => all.indexOf(d));
  const sites = new Int32Array(all.length);
  for (const shell of shellOf) sites[shell]! += 1;
  return { side, distances: Float64Array.from(all, Math.sqrt), sites, shellOf };
}
