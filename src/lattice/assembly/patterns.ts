// Counts local patterns of bits, several neighbouring ones at a time, in eight lines at once.
import { bitsAround, bitsAt } from "./words";

/** Bytes of what takes strips to cells. */
const viewBytes: usize = 112;

/**
 * Adds 1 to the u32 of the pattern around every site of `count` configurations of `size` x `size` bits,
 * back to back. A pattern is strips of up to three successive lines: i32 at `parts`, for each, the first
 * column and the number of columns, together at most 9, or 0 and 0. Its bits are those of the strips, one
 * behind the other.
 *
 * The patterns around `together` (1, 2 or 4) sites in a row are strips of a wider window, whose bits, at
 * most 16, are a cell of `wide`; what is left at the end of a line is a cell of `single`. `work`:
 * (size + 16) (size / 8 + 16) + 224 bytes.
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
  const step: usize = size < 64 ? 16 : (<usize>((size + 63) >> 6) + 1) << 3;
  const one = work + viewBytes;
  const lines = one + viewBytes;
  layView(work, parts, together);
  layView(one, parts, 1);
  const end = size - (size % together);
  for (let row = 0; row < count; row++) {
    layAround(rows, <u64>row * <u64>(size * size), size, lines, step);
    for (let x = 0; x < size; x += 8) {
      const column = lines + ((<usize>x) >> 3);
      const whole = min(8, end - x) / together;
      const from = whole * together;
      const left = min(8, size - x) - from;
      if (whole > 0) countColumn(column, size, step, parts, 0, whole, together, work, wide);
      if (left > 0) countColumn(column, size, step, parts, from, left, 1, one, single);
    }
  }
}

/** `count` windows of every line, the first in column `from` and each `together` columns further. */
function countColumn(
  column: usize,
  size: i32,
  step: usize,
  parts: usize,
  from: i32,
  count: i32,
  together: i32,
  view: usize,
  sums: usize,
): void {
  const x0 = from + load<i32>(parts);
  const x1 = from + load<i32>(parts, 8);
  const x2 = from + load<i32>(parts, 16);
  const down = step << 3;
  let next = eightLines(column, step);
  for (let y = 0; y < size; y += 8) {
    const here = next;
    column += down;
    next = eightLines(column, step);
    // Lanes are lines, and hold 16 columns of them.
    const below = v128.shuffle<i16>(here, next, 1, 2, 3, 4, 5, 6, 7, 8);
    const second = v128.shuffle<i16>(here, next, 2, 3, 4, 5, 6, 7, 8, 9);
    let a = i16x8.shr_u(here, x0);
    let b = i16x8.shr_u(below, x1);
    let c = i16x8.shr_u(second, x2);
    const lines = size - y;
    for (let left = count; left > 0; left--) {
      const cells = cellsOf(a, b, c, view);
      if (lines < 8) countFew(cells, lines, view, sums);
      else countEight(cells, sums);
      // A shift by a constant is one instruction.
      if (together == 1) {
        a = i16x8.shr_u(a, 1);
        b = i16x8.shr_u(b, 1);
        c = i16x8.shr_u(c, 1);
      } else if (together == 2) {
        a = i16x8.shr_u(a, 2);
        b = i16x8.shr_u(b, 2);
        c = i16x8.shr_u(c, 2);
      } else {
        a = i16x8.shr_u(a, 4);
        b = i16x8.shr_u(b, 4);
        c = i16x8.shr_u(c, 4);
      }
    }
  }
}

/**
 * Adds the u32 of those of 2^`bits` cells that differ in one bit alone, the `bit`-th, which is left out of their
 * numbers. `out` may be `cells`.
 */
export function leaveOutBit(cells: usize, bits: i32, bit: i32, out: usize): void {
  const far: usize = 4 << bit;
  const end = out + (<usize>4 << (bits - 1));
  for (; out < end; cells += far) {
    for (const stop = out + far; out < stop; out += 4, cells += 4) {
      store<u32>(out, load<u32>(cells) + load<u32>(cells + far));
    }
  }
}

/** 16 bits of eight lines. */
@inline
function eightLines(at: usize, step: usize): v128 {
  let lines = i16x8.splat(0);
  lines = v128.load_lane<u16>(at, lines, 0);
  lines = v128.load_lane<u16>((at += step), lines, 1);
  lines = v128.load_lane<u16>((at += step), lines, 2);
  lines = v128.load_lane<u16>((at += step), lines, 3);
  lines = v128.load_lane<u16>((at += step), lines, 4);
  lines = v128.load_lane<u16>((at += step), lines, 5);
  lines = v128.load_lane<u16>((at += step), lines, 6);
  return v128.load_lane<u16>(at + step, lines, 7);
}

/** What takes the strips of a lane to a cell: a mask for each, and a power of two that moves it. */
function layView(to: usize, parts: usize, together: i32): void {
  let bits: i16 = 0;
  for (let strip: usize = 0; strip < 3; strip++, to += 16) {
    const width = load<i32>(parts + (strip << 3), 4);
    const n = width > 0 ? <i16>(width + together - 1) : 0;
    v128.store(to, i16x8.splat((<i16>1 << n) - 1));
    v128.store(to, i16x8.splat(<i16>1 << bits), 48);
    bits += n;
  }
}

/** The cells of eight windows. */
@inline
function cellsOf(a: v128, b: v128, c: v128, view: usize): v128 {
  const first = v128.and(a, v128.load(view));
  const second = i16x8.mul(v128.and(b, v128.load(view, 16)), v128.load(view, 64));
  const third = i16x8.mul(v128.and(c, v128.load(view, 32)), v128.load(view, 80));
  return v128.or(v128.or(first, second), third);
}

@inline
function countEight(cells: v128, sums: usize): void {
  count1(sums + (<usize>i16x8.extract_lane_u(cells, 0) << 2));
  count1(sums + (<usize>i16x8.extract_lane_u(cells, 1) << 2));
  count1(sums + (<usize>i16x8.extract_lane_u(cells, 2) << 2));
  count1(sums + (<usize>i16x8.extract_lane_u(cells, 3) << 2));
  count1(sums + (<usize>i16x8.extract_lane_u(cells, 4) << 2));
  count1(sums + (<usize>i16x8.extract_lane_u(cells, 5) << 2));
  count1(sums + (<usize>i16x8.extract_lane_u(cells, 6) << 2));
  count1(sums + (<usize>i16x8.extract_lane_u(cells, 7) << 2));
}

/** The first of them. */
function countFew(cells: v128, count: i32, view: usize, sums: usize): void {
  const found = view + 96;
  v128.store(found, cells);
  for (let i: usize = 0; i < <usize>count; i++) count1(sums + (<usize>load<u16>(found + (i << 1)) << 2));
}

@inline
function count1(cell: usize): void {
  store<u32>(cell, load<u32>(cell) + 1);
}

/** Lines that go on with their first bits, and behind them the first lines again: two, and what makes eight. */
function layAround(rows: usize, start: u64, size: i32, to: usize, step: usize): void {
  const end = to + <usize>size * step;
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
  const more = <usize>(16 - (size & 7)) * step;
  const bytes = <usize>size * step;
  for (let at: usize = 0; at < more; at += 8) store<u64>(end + at, load<u64>(end + at - bytes));
}

/** A line again and again, from its `x`-th bit on. */
@inline
function repeated(line: u64, size: i32, x: i32): u64 {
  let word = line >> x;
  for (let at = size - x; at < 64; at += size) word |= line << at;
  return word;
}
