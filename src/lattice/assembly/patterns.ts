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
  const step: usize = size < 64 ? 16 : (<usize>((size + 63) >> 6) + 2) << 3;
  const dy0 = load<i32>(parts);
  const dy1 = load<i32>(parts, 12);
  const dy2 = load<i32>(parts, 24);
  const x0 = load<i32>(parts, 4);
  const x1 = load<i32>(parts, 16);
  const x2 = load<i32>(parts, 28);
  const n0 = load<i32>(parts, 8);
  const n1 = load<i32>(parts, 20);
  const n2 = load<i32>(parts, 32);
  // Where the bits of each strip are in a cell's address (a cell has four bytes), of one pattern and of
  // several: each strip of a window is longer by the others.
  const more = together - 1;
  const oneAt1 = n0 + 2;
  const oneAt2 = oneAt1 + n1;
  const at1 = oneAt1 + more;
  const at2 = oneAt2 + 2 * more;
  const oneMask0 = lowest(n0) << 2;
  const oneMask1 = lowest(n1) << oneAt1;
  const oneMask2 = lowest(n2) << oneAt2;
  const mask0 = lowest(n0 + more) << 2;
  const mask1 = lowest(n1 + more) << at1;
  const mask2 = n2 > 0 ? lowest(n2 + more) << at2 : 0;
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
        let a = wordAt(line0, x + x0) << 2;
        let b = wordAt(line1, x + x1) << at1;
        let left = min(most, end - x);
        if (n2 == 0) {
          for (; left > 0; left -= together) {
            count1(wide + <usize>((a & mask0) | (b & mask1)));
            a >>= together;
            b >>= together;
          }
          continue;
        }
        let c = wordAt(line2, x + x2) << at2;
        for (; left > 0; left -= together) {
          count1(wide + <usize>((a & mask0) | (b & mask1) | (c & mask2)));
          a >>= together;
          b >>= together;
          c >>= together;
        }
      }
      for (let x = end; x < size; x++) {
        const a = (wordAt(line0, x + x0) << 2) & oneMask0;
        const b = (wordAt(line1, x + x1) << oneAt1) & oneMask1;
        const c = (wordAt(line2, x + x2) << oneAt2) & oneMask2;
        count1(single + <usize>(a | b | c));
      }
    }
  }
}

@inline
function count1(cell: usize): void {
  store<u32>(cell, load<u32>(cell) + 1);
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

/** Lines that go on with their first bits for 64 bits and more. */
function layAround(rows: usize, start: u64, size: i32, to: usize, step: usize): void {
  for (let y = 0; y < size; y++, to += step) {
    const line = start + <u64>(y * size);
    if (size < 64) {
      const whole = bitsAt(rows, line, size);
      store<u64>(to, repeated(whole, size, 0));
      store<u64>(to, repeated(whole, size, 64 % size), 8);
      continue;
    }
    for (let word: usize = 0; word < step; word += 8) {
      const x = (<i32>word) << 3;
      store<u64>(to + word, bitsAround(rows, line, size, x < 2 * size ? x : x - size, 64));
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
