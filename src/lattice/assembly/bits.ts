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
function transposeSquare(words: usize): void {
  let mask: u64 = 0xffffffff;
  for (let j: usize = 32; j != 0; j >>= 1, mask ^= mask << j) {
    const far = j << 3;
    for (let k: usize = 0; k < 64; k = (k + j + 1) & ~j) {
      const at = words + (k << 3);
      const low = load<u64>(at);
      const high = load<u64>(at + far);
      const moved = ((low >> j) ^ high) & mask;
      store<u64>(at + far, high ^ moved);
      store<u64>(at, low ^ (moved << j));
    }
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
    for (let at = x; at < endOfX; at += bytes, out += 4) {
      let count: i64 = 0;
      for (let word: usize = 0; word < bytes; word += 8) {
        count += popcnt<i64>(load<i64>(at + word) ^ load<i64>(y + word));
      }
      store<i32>(out, <i32>count);
    }
  }
}
