/** 2 x 2 blocks of a periodic square lattice and what surrounds them. Knows no spins. */

/** A block and one site beyond each of its sides; site numbers, row-major. */
export interface Block {
  /** From the upper left, row by row. */
  readonly sites: readonly [number, number, number, number];
  /** Above the first site, and so on, clockwise: a pinwheel. */
  readonly around: readonly [number, number, number, number];
}

/** The tiling by 2 x 2 blocks that begins at site 0, row by row; `side` is even and at least 4. */
export function blocksOf(side: number): Block[] {
  const half = side / 2;
  return Array.from({ length: half * half }, (_, block) => {
    const [y0, x0] = [2 * Math.floor(block / half), 2 * (block % half)];
    const site = (dy: number, dx: number) =>
      ((y0 + dy + side) % side) * side + ((x0 + dx + side) % side);
    return {
      sites: [site(0, 0), site(0, 1), site(1, 0), site(1, 1)],
      around: [site(-1, 0), site(0, 2), site(2, 1), site(1, -1)],
    };
  });
}

/** Patterns of four spins. */
export const patterns = 16;

/** The pattern of the numbers at four places: a bit is set where one is 0 or more. */
export function patternAt(values: ArrayLike<number>, offset: number, at: Block["sites"]): number {
  let pattern = 0;
  for (let k = 0; k < 4; k++) if (values[offset + at[k]!]! >= 0) pattern |= 1 << k;
  return pattern;
}
