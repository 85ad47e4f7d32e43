/**
 * Packed bits, least significant first, as columns hold them. A table may hold more than 2^31 of them,
 * where shifts turn negative.
 */

/** The byte that has this bit. Its place there is `bit & 7`, however large `bit` is. */
export function byteOf(bit: number): number {
  return Math.floor(bit / 8);
}

/** The value of one bit. */
export function bitAt(bits: ArrayLike<number>, bit: number): 0 | 1 {
  return ((bits[byteOf(bit)]! >> (bit & 7)) & 1) as 0 | 1;
}

/** `count` bits from the first on, a byte each. */
export function unpackBits(bits: Uint8Array, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = bitAt(bits, i);
  return bytes;
}

/** One bit per value; the last byte's other bits are zero. */
export function packBits(values: ArrayLike<boolean | number | null>): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 8));
  for (let i = 0; i < values.length; i++) {
    if (values[i]) packed[byteOf(i)]! |= 1 << (i & 7);
  }
  return packed;
}

/** Copies `count` bits; the bits of `target` must be zero there. */
export function copyBits(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  count: number,
): void {
  if (from % 8 === 0 && to % 8 === 0) {
    const [whole, first, start] = [byteOf(count), byteOf(from), byteOf(to)];
    target.set(source.subarray(first, first + whole), start);
    const rest = count % 8;
    if (rest) target[start + whole]! |= source[first + whole]! & ((1 << rest) - 1);
    return;
  }
  for (let i = 0; i < count; i++)
    target[byteOf(to + i)]! |= bitAt(source, from + i) << ((to + i) & 7);
}
