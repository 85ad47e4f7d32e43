// Counts local patterns of bits, several neighbouring ones at a time.
import { bitsAround, bitsAt } from "./words";

/**
 * Adds 1 to the u32 of the pattern around every site of `count` configurations of `size` x `size` bits,
 * back to back. A pattern is pieces of up to three lines: for each, i32 at `parts`, the line down from the
 * site, in [0, size), the first column, in [0, 8), and the number of columns (0 without a further piece),
 * 12 in all at most. Its bits are those of the pieces, one behind the other.
 *
 * The patterns around `together` sites in a row are pieces of wider windows, whose bits, at most 16, are a
 * cell of `wide`; what is left at the end of a line is a cell of `single`. `work`: size (size / 8 + 32)
 * bytes.
 */
export function countPatterns(
  rows: usize,
  count: i32,
  size: i32,
  parts: usize,
  together: i32,
  wide: usize,
  single: usize,
  work: usize,
): void {
  const step = (<usize>((size + 63) >> 6) + 2) << 3;
  const dy0 = load<i32>(parts);
  const dy1 = load<i32>(parts, 12);
  const dy2 = load<i32>(parts, 24);
  const x0 = load<i32>(parts, 4);
  const x1 = load<i32>(parts, 16);
  const x2 = load<i32>(parts, 28);
  const n0 = load<i32>(parts, 8);
  const n1 = load<i32>(parts, 20);
  const n2 = load<i32>(parts, 32);
  // A word holds the columns of so many windows, and leaves room to shift them to their places.
  const most = together * (32 / together);
  const end = size - (size % together);
  for (let row = 0; row < count; row++) {
    layAround(rows, <u64>row * <u64>(size * size), size, work, step);
    for (let y = 0; y < size; y++) {
      const line0 = work + <usize>(y + dy0 < size ? y + dy0 : y + dy0 - size) * step;
      const line1 = work + <usize>(y + dy1 < size ? y + dy1 : y + dy1 - size) * step;
      const line2 = work + <usize>(y + dy2 < size ? y + dy2 : y + dy2 - size) * step;
      for (let x = 0; x < end; x += most) {
        const a = wordAt(line0, x + x0);
        const b = wordAt(line1, x + x1);
        const c = wordAt(line2, x + x2);
        const n = min(most, end - x);
        if (n2 > 0) countThree(a, n0, b, n1, c, n2, n, together, wide);
        else countTwo(a, n0, b, n1, n, together, wide);
      }
      for (let x = end; x < size; x++) {
        const a = wordAt(line0, x + x0);
        const b = wordAt(line1, x + x1);
        const c = wordAt(line2, x + x2);
        if (n2 > 0) countThree(a, n0, b, n1, c, n2, 1, 1, single);
        else countTwo(a, n0, b, n1, 1, 1, single);
      }
    }
  }
}

/** At least 57 bits. */
@inline
function wordAt(line: usize, x: i32): u64 {
  return load<u64>(line + ((<usize>x) >> 3)) >> (x & 7);
}

/** The lowest `n` bits. */
@inline
function lowest(n: i32): u64 {
  return (<u64>1 << n) - 1;
}

/** Windows of pieces of three lines, `step` columns from one to the next, over `columns` columns. */
@inline
function countThree(
  a: u64,
  n0: i32,
  b: u64,
  n1: i32,
  c: u64,
  n2: i32,
  columns: i32,
  step: i32,
  counts: usize,
): void {
  const more = step - 1;
  // A cell has four bytes.
  const at1 = n0 + more + 2;
  const at2 = at1 + n1 + more;
  const mask0 = lowest(n0 + more) << 2;
  const mask1 = lowest(n1 + more) << at1;
  const mask2 = lowest(n2 + more) << at2;
  a <<= 2;
  b <<= at1;
  c <<= at2;
  for (; columns > 0; columns -= step) {
    const cell = counts + <usize>((a & mask0) | (b & mask1) | (c & mask2));
    store<u32>(cell, load<u32>(cell) + 1);
    a >>= step;
    b >>= step;
    c >>= step;
  }
}

@inline
function countTwo(
  a: u64,
  n0: i32,
  b: u64,
  n1: i32,
  columns: i32,
  step: i32,
  counts: usize,
): void {
  const more = step - 1;
  const at1 = n0 + more + 2;
  const mask0 = lowest(n0 + more) << 2;
  const mask1 = lowest(n1 + more) << at1;
  a <<= 2;
  b <<= at1;
  for (; columns > 0; columns -= step) {
    const cell = counts + <usize>((a & mask0) | (b & mask1));
    store<u32>(cell, load<u32>(cell) + 1);
    a >>= step;
    b >>= step;
  }
}

/** Lines that go on with their first bits for 64 bits and more. */
function layAround(rows: usize, start: u64, size: i32, to: usize, step: usize): void {
  for (let y = 0; y < size; y++, to += step) {
    const line = start + <u64>(y * size);
    const whole = size < 64 ? bitsAt(rows, line, size) : 0;
    for (let word: usize = 0; word < step; word += 8) {
      const x = (<i32>word) << 3;
      store<u64>(to + word, size < 64 ? repeated(whole, size, x % size) : around(rows, line, size, x));
    }
  }
}

/** A line again and again, from its `x`-th bit on. */
@inline
function repeated(line: u64, size: i32, x: i32): u64 {
  let word = line >> x;
  for (let at = size - x; at < 64; at += size) word |= line << at;
  return word;
}

@inline
function around(rows: usize, line: u64, size: i32, x: i32): u64 {
  return bitsAround(rows, line, size, x < 2 * size ? x : x - size, 64);
}
