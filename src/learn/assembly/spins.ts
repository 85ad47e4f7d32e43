// Packed bits as spins, and back.

/** `bytes` bytes as eight float32 numbers each, least significant bit first: +1 if it is set, else -1. */
export function unpackSpins(bits: usize, bytes: i32, to: usize): void {
  const low = i32x4(1, 2, 4, 8);
  const high = i32x4(16, 32, 64, 128);
  const minus = f32x4.splat(-1);
  const signBit = i32x4.splat(i32.MIN_VALUE);
  for (const end = bits + <usize>bytes; bits < end; bits++, to += 32) {
    const byte = v128.load8_splat(bits);
    const wide = v128.and(byte, i32x4.splat(0xff));
    const lower = v128.and(i32x4.eq(v128.and(wide, low), low), signBit);
    const upper = v128.and(i32x4.eq(v128.and(wide, high), high), signBit);
    v128.store(to, v128.xor(minus, lower));
    v128.store(to, v128.xor(minus, upper), 16);
  }
}

/** Bits of `count` numbers, least significant first: set where the number is at least `threshold`. */
export function packSpins(values: usize, count: i32, threshold: f32, bits: usize): void {
  const limit = f32x4.splat(threshold);
  for (const end = bits + <usize>((count + 7) >> 3); bits < end; bits++, values += 32) {
    const low = i32x4.bitmask(f32x4.ge(v128.load(values), limit));
    const high = i32x4.bitmask(f32x4.ge(v128.load(values, 16), limit));
    store<u8>(bits, low | (high << 4));
  }
}
