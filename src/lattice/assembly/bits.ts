// Products of spins as bits.

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
