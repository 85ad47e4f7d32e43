// Random numbers of one chain of clusters: two xoshiro256++ streams side by side, and bonds, which are
// bits that are set with one probability. A chain's generator is 88 bytes: the streams (see random.ts),
// 128 bonds, and how many fours of them were taken.
import { rotateLeft } from "./random";

const BONDS: usize = 64;
const TAKEN: usize = 80;

/** Fours of bonds in 128. */
export const FOURS: i32 = 32;

/** The next 64 bits of each stream. */
export function draw(generator: usize): v128 {
  const a = v128.load(generator);
  const b = v128.load(generator, 16);
  const c = v128.xor(v128.load(generator, 32), a);
  const d = v128.xor(v128.load(generator, 48), b);
  v128.store(generator, v128.xor(a, d));
  v128.store(generator, v128.xor(b, c), 16);
  v128.store(generator, v128.xor(c, i64x2.shl(b, 17)), 32);
  v128.store(generator, rotateLeft(d, 45), 48);
  return i64x2.add(rotateLeft(i64x2.add(a, v128.xor(d, b)), 23), a);
}

/**
 * 128 bits, each set with probability threshold / 2^64: 128 numbers u < threshold, compared from the
 * most significant bit on until all have decided.
 */
export function bonds(generator: usize, threshold: u64): v128 {
  let a = v128.load(generator);
  let b = v128.load(generator, 16);
  let c = v128.load(generator, 32);
  let d = v128.load(generator, 48);
  let less = i64x2.splat(0);
  let open = i64x2.splat(-1);
  for (let bit = 63; bit >= 0 && v128.any_true(open); bit--) {
    const word = i64x2.add(rotateLeft(i64x2.add(a, d), 23), a);
    const t = i64x2.shl(b, 17);
    c = v128.xor(c, a);
    d = v128.xor(d, b);
    b = v128.xor(b, c);
    a = v128.xor(a, d);
    c = v128.xor(c, t);
    d = rotateLeft(d, 45);
    if ((threshold >> bit) & 1) {
      less = v128.or(less, v128.andnot(open, word));
      open = v128.and(open, word);
    } else {
      open = v128.andnot(open, word);
    }
  }
  v128.store(generator, a);
  v128.store(generator, b, 16);
  v128.store(generator, c, 32);
  v128.store(generator, d, 48);
  return less;
}

/** How many fours of bonds were taken from those that lie there. */
@inline
export function takenOf(generator: usize): i32 {
  return load<i32>(generator, TAKEN);
}

@inline
export function keepTaken(generator: usize, taken: i32): void {
  store<i32>(generator, taken, TAKEN);
}

/** Four bonds, the lowest bits first. */
@inline
export function fourBonds(generator: usize, taken: i32): i32 {
  return <i32>(load<u8>(generator + <usize>(taken >> 1), BONDS) >> ((taken & 1) << 2)) & 15;
}

export function renewBonds(generator: usize, threshold: u64): void {
  v128.store(generator, bonds(generator, threshold), BONDS);
}
