/** Rows of one configuration each, and the bits in a word. */

/**
 * The side of a square lattice; undefined if this number or shape is not that of one. Without a shape
 * the number alone decides. Dimensions of length 1 behind the lattice's two change no order.
 */
export function squareSide(sites: number, shape?: readonly number[]): number | undefined {
  const side = Math.round(Math.sqrt(sites));
  if (side * side !== sites || side === 0) return undefined;
  return !shape || (shape[0] === side && shape[1] === side) ? side : undefined;
}

/** The rows named in `order`, each `width` items. */
export function gatherRows<T extends Int8Array | Float32Array | Float64Array>(
  rows: T,
  width: number,
  order: ArrayLike<number>,
): T {
  const gathered = new (rows.constructor as new (length: number) => T)(order.length * width);
  for (let to = 0; to < order.length; to++) {
    const from = order[to]! * width;
    gathered.set(rows.subarray(from, from + width), to * width);
  }
  return gathered;
}

/** Set bits of a 32-bit word (Warren, Hacker's Delight, section 5-1). */
export function bitCount(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  n = (n + (n >>> 4)) & 0x0f0f0f0f;
  return Math.imul(n, 0x01010101) >>> 24;
}
