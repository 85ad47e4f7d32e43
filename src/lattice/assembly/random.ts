// xoshiro256++ for the kernels, alone and as two streams side by side.

@inline
export function rotateLeft(x: v128, k: i32): v128 {
  return v128.or(i64x2.shl(x, k), i64x2.shr_u(x, 64 - k));
}

/**
 * Writes the next `count` 128-bit words to `out`, one stream in each half. The generator is 64
 * bytes: word i of the recurrence, of both streams, at offset 16 i.
 */
export function fill(generator: usize, out: usize, count: i32): void {
  let a = v128.load(generator);
  let b = v128.load(generator, 16);
  let c = v128.load(generator, 32);
  let d = v128.load(generator, 48);
  const end = out + (<usize>count << 4);
  for (; out < end; out += 16) {
    v128.store(out, i64x2.add(rotateLeft(i64x2.add(a, d), 23), a));
    const t = i64x2.shl(b, 17);
    c = v128.xor(c, a);
    d = v128.xor(d, b);
    b = v128.xor(b, c);
    a = v128.xor(a, d);
    c = v128.xor(c, t);
    d = rotateLeft(d, 45);
  }
  v128.store(generator, a);
  v128.store(generator, b, 16);
  v128.store(generator, c, 32);
  v128.store(generator, d, 48);
}

/** The next 64 bits of one stream; the generator is its four words. */
@inline
export function next(generator: usize): u64 {
  const a = load<u64>(generator);
  const b = load<u64>(generator, 8);
  const c = load<u64>(generator, 16) ^ a;
  const d = load<u64>(generator, 24) ^ b;
  const result = rotl<u64>(a + (d ^ b), 23) + a;
  store<u64>(generator, a ^ d);
  store<u64>(generator, b ^ c, 8);
  store<u64>(generator, c ^ (b << 17), 16);
  store<u64>(generator, rotl<u64>(d, 45), 24);
  return result;
}
