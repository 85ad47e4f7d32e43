// Matrices of bits, and products of their columns.
import { bitsAt } from "./words";

/**
 * Turns `count` rows of `width` bits, back to back, into `width` columns of `count` bits, each from a word
 * of 64 bits on, zeros behind them. `work`: 512 bytes.
 */
export function transpose(rows: usize, count: i32, width: i32, out: usize, work: usize): void {
  const stride = (<usize>((count + 63) >> 6)) << 3;
  for (let row = 0; row < count; row += 64) {
    const height = min(64, count - row);
    for (let x = 0; x < width; x += 64) {
      const n = min(64, width - x);
      for (let i = 0; i < height; i++) {
        const bit = <u64>(row + i) * <u64>width + <u64>x;
        store<u64>(work + ((<usize>i) << 3), bitsAt(rows, bit, n));
      }
      memory.fill(work + ((<usize>height) << 3), 0, (<usize>(64 - height)) << 3);
      transposeSquare(work);
      let to = out + <usize>x * stride + ((<usize>row) >> 3);
      for (let i: usize = 0; i < <usize>n; i++, to += stride) store<u64>(to, load<u64>(work + (i << 3)));
    }
  }
}

/** 64 words of 64 bits: exchanges blocks of 32, 16, … 1 bits (Warren, Hacker's Delight, section 7-3). */
export function transposeSquare(words: usize): void {
  let mask: u64 = 0xffffffff;
  for (let j: usize = 32; j > 1; j >>= 1, mask ^= mask << j) {
    const far = j << 3;
    const masks = i64x2.splat(mask);
    // Two words at a time: both have a partner that is as far away.
    for (let k: usize = 0; k < 64; k = (k + j + 2) & ~j) {
      const at = words + (k << 3);
      const low = v128.load(at);
      const high = v128.load(at + far);
      const moved = v128.and(v128.xor(i64x2.shr_u(low, <i32>j), high), masks);
      v128.store(at + far, v128.xor(high, moved));
      v128.store(at, v128.xor(low, i64x2.shl(moved, <i32>j)));
    }
  }
  for (let at = words; at < words + 512; at += 16) {
    const low = load<u64>(at);
    const high = load<u64>(at, 8);
    const moved = ((low >> 1) ^ high) & mask;
    store<u64>(at, low ^ (moved << 1));
    store<u64>(at, high ^ moved, 8);
  }
}

/** Of each of so many columns, each `words` words of 64 bits, the number of set bits, as i32 at `out`. */
export function countBits(columns: usize, count: i32, words: i32, out: usize): void {
  for (let column = 0; column < count; column++, out += 4) {
    let sum: i64 = 0;
    for (let word = 0; word < words; word++, columns += 8) sum += popcnt(load<u64>(columns));
    store<i32>(out, <i32>sum);
  }
}

/**
 * For every column of `x` and of `y`, each `words` words of 64 bits: in how many bits they differ, as
 * i32 at `out`, the columns of `x` side by side.
 */
export function countUnequal(
  x: usize,
  columnsOfX: i32,
  y: usize,
  columnsOfY: i32,
  words: i32,
  out: usize,
): void {
  const bytes = (<usize>words) << 3;
  const endOfX = x + <usize>columnsOfX * bytes;
  const endOfY = y + <usize>columnsOfY * bytes;
  for (; y < endOfY; y += bytes) {
    for (let at = x; at < endOfX; at += bytes, out += 4) store<i32>(out, unequal(at, y, bytes));
  }
}

/** In how many bits two pieces of memory differ, of an even number of bytes. */
@inline
export function unequal(x: usize, y: usize, bytes: usize): i32 {
  const whole = bytes & ~15;
  let count = whole > 0 ? unequalWords(x, y, whole) : 0;
  let at = whole;
  for (; at + 8 <= bytes; at += 8) {
    count += <i32>popcnt<i64>(load<i64>(x + at) ^ load<i64>(y + at));
  }
  for (; at < bytes; at += 2) count += popcnt<i32>(load<u16>(x + at) ^ load<u16>(y + at));
  return count;
}

/** The same of whole words of 128 bits. */
@inline
function unequalWords(x: usize, y: usize, bytes: usize): i32 {
  let sum = i32x4.splat(0);
  let at: usize = 0;
  while (at < bytes) {
    // A byte counts up to 8 at a time, 28 times.
    let counts = i8x16.splat(0);
    const end = min(bytes, at + 16 * 28);
    for (; at + 64 <= end; at += 64) {
      const a = i8x16.popcnt(v128.xor(v128.load(x + at), v128.load(y + at)));
      const b = i8x16.popcnt(v128.xor(v128.load(x + at, 16), v128.load(y + at, 16)));
      const c = i8x16.popcnt(v128.xor(v128.load(x + at, 32), v128.load(y + at, 32)));
      const d = i8x16.popcnt(v128.xor(v128.load(x + at, 48), v128.load(y + at, 48)));
      counts = i8x16.add(counts, i8x16.add(i8x16.add(a, b), i8x16.add(c, d)));
    }
    for (; at < end; at += 16) {
      counts = i8x16.add(counts, i8x16.popcnt(v128.xor(v128.load(x + at), v128.load(y + at))));
    }
    const wider = i16x8.extadd_pairwise_i8x16_u(counts);
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(wider));
  }
  return (
    i32x4.extract_lane(sum, 0) +
    i32x4.extract_lane(sum, 1) +
    i32x4.extract_lane(sum, 2) +
    i32x4.extract_lane(sum, 3)
  );
}
