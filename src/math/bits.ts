/** Positions in packed bits. A table may hold more than 2^31 of them, where shifts turn negative. */

/** The byte that has this bit. Its place there is `bit & 7`, however large `bit` is. */
export function byteOf(bit: number): number {
  return Math.floor(bit / 8);
}
