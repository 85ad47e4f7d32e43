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

/** How many bits of each byte are set. */
export const onesOf = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
  return ones;
});

/** `count` bits from the first on, a byte each. */
export function unpackBits(bits: Uint8Array, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let i = 0, byte = 0; i < count; i++, byte >>= 1) {
    if (i % 8 === 0) byte = bits[byteOf(i)]!;
    bytes[i] = byte & 1;
  }
  return bytes;
}

/** One bit per value; the last byte's other bits are zero. */
export function packBits(values: ArrayLike<boolean | number | null>): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 8));
  for (let byte = 0; byte < packed.length; byte++) {
    const from = 8 * byte;
    const count = Math.min(8, values.length - from);
    let ones = 0;
    for (let i = 0; i < count; i++) ones |= Number(Boolean(values[from + i])) << i;
    packed[byte] = ones;
  }
  return packed;
}

/**
 * Copies `count` bits from position `from` of one array to position `to` of another, inverted if
 * `flip` is set. Bits of the target behind the copied ones, in the same byte, become zero: write in
 * ascending order.
 */
export function copyBits(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  count: number,
  flip = false,
): void {
  const mask = flip ? 0xff : 0;
  let [at, left] = [byteOf(to), count];
  // Up to the first whole byte of the target.
  const head = Math.min((8 - (to % 8)) % 8, left);
  if (head > 0) {
    const kept = target[at]! & ((1 << (to % 8)) - 1);
    const value = (byteAt(source, from) ^ mask) & ((1 << head) - 1);
    target[at++] = kept | (value << (to % 8));
    left -= head;
  }
  let byte = byteOf(from + head);
  const shift = (from + head) % 8;
  const whole = byteOf(left);
  if (shift === 0 && whole > bytesByOne) {
    target.set(source.subarray(byte, byte + whole), at);
    if (flip) invert(target, at, at + whole);
    [at, byte] = [at + whole, byte + whole];
  } else if (shift === 0) {
    for (const end = at + whole; at < end; at++, byte++) target[at] = source[byte]! ^ mask;
  } else {
    for (const end = at + whole; at < end; at++, byte++) {
      target[at] = ((source[byte]! | (source[byte + 1]! << 8)) >>> shift) ^ mask;
    }
  }
  const tail = left % 8;
  if (tail > 0) target[at] = (byteAt(source, 8 * byte + shift) ^ mask) & ((1 << tail) - 1);
}

/** Inverts bytes, four at a time where they lie so. */
function invert(bytes: Uint8Array, from: number, to: number): void {
  let at = from;
  const offset = bytes.byteOffset;
  for (; at < to && (offset + at) % 4 !== 0; at++) bytes[at]! ^= 0xff;
  const words = new Uint32Array(bytes.buffer, offset + at, Math.floor((to - at) / 4));
  for (let i = 0; i < words.length; i++) words[i] = ~words[i]!;
  for (at += words.byteLength; at < to; at++) bytes[at]! ^= 0xff;
}

/** Up to here a loop is faster than a view and its copy. */
const bytesByOne = 64;

/** Eight bits from any position; behind the end there are zeros. */
function byteAt(bits: Uint8Array, bit: number): number {
  const byte = byteOf(bit);
  return ((bits[byte]! | ((bits[byte + 1] ?? 0) << 8)) >>> (bit % 8)) & 0xff;
}
