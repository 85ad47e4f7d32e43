// Products of the spins of one configuration, displaced against each other.
import { bitsAround, bitsAt } from "./words";

/** Bytes from one line to the next: a lane of a SIMD word, or whole words of 64 bits. */
@inline
function lineBytes(size: i32): usize {
  return size <= 16 ? 2 : size <= 32 ? 4 : (<usize>((size + 63) >> 6)) << 3;
}

/**
 * In how many sites x the spins at x and x + r differ, for each of `offsets` displacements r: (dy, dx) as
 * i32, each in [0, size), those of one dx side by side. Writes `offsets` i32 for each of `count`
 * configurations, rows of bits back to back. `work`: 8 (size + 2) (size / 8 + 32) bytes.
 */
export function countUnequalPairs(
  rows: usize,
  count: i32,
  size: i32,
  displacements: usize,
  offsets: i32,
  out: usize,
  work: usize,
): void {
  const step = lineBytes(size);
  const bytes = <usize>size * step;
  // The lattice; its lines turned by dx, twice one below the other; and, where lines are longer than a
  // word, its lines twice side by side.
  const lattice = work;
  const turned = lattice + bytes + 32;
  const twice = turned + 2 * bytes + 32;
  const stepTwice = <usize>(((2 * size + 63) >> 6) + 2) << 3;
  for (let row = 0; row < count; row++) {
    const start = <u64>row * <u64>(size * size);
    layLines(rows, start, size, lattice, step);
    if (size > 64) layLinesTwice(rows, start, size, twice, stepTwice);
    let last = -1;
    for (let k = 0; k < offsets; k++, out += 4) {
      const dy = load<i32>(displacements + ((<usize>k) << 3));
      const dx = load<i32>(displacements + ((<usize>k) << 3), 4);
      if (dx != last) {
        if (size > 64) turnLong(twice, stepTwice, size, dx, turned, step);
        else turnShort(lattice, size, dx, turned, step);
        memory.copy(turned + bytes, turned, bytes);
        last = dx;
      }
      store<i32>(out, unequal(lattice, turned + <usize>dy * step, bytes));
    }
  }
}

/** Lines of a lattice, each from a lane or a word on, zeros behind it. */
@inline
function layLines(rows: usize, start: u64, size: i32, to: usize, step: usize): void {
  for (let y = 0; y < size; y++, to += step) {
    for (let x = 0; x < size; x += 64) {
      const n = min(64, size - x);
      // The next lines overwrite what a lane is too short for.
      store<u64>(to + ((<usize>x) >> 3), bitsAt(rows, start + <u64>(y * size + x), n));
    }
  }
}

function layLinesTwice(rows: usize, start: u64, size: i32, to: usize, step: usize): void {
  for (let y = 0; y < size; y++, to += step) {
    const line = start + <u64>(y * size);
    for (let x = 0; x < 2 * size; x += 64) {
      store<u64>(to + ((<usize>x) >> 3), bitsAround(rows, line, size, x, 64));
    }
  }
}

/** Line by line, the spin at x + dx in place of that at x, in lines of a lane. */
function turnShort(lattice: usize, size: i32, dx: i32, out: usize, step: usize): void {
  const bytes = <usize>size * step;
  const back = size - dx;
  if (step == 2) {
    const ones: i32 = (1 << size) - 1;
    const mask = i16x8.splat(<i16>ones);
    for (let at: usize = 0; at < bytes; at += 16) {
      const lines = v128.load(lattice + at);
      const all = v128.or(i16x8.shr_u(lines, dx), back < 16 ? i16x8.shl(lines, back) : i16x8.splat(0));
      v128.store(out + at, v128.and(all, mask));
    }
  } else if (step == 4) {
    const ones: i64 = (<i64>1 << size) - 1;
    const mask = i32x4.splat(<i32>ones);
    for (let at: usize = 0; at < bytes; at += 16) {
      const lines = v128.load(lattice + at);
      const all = v128.or(i32x4.shr_u(lines, dx), back < 32 ? i32x4.shl(lines, back) : i32x4.splat(0));
      v128.store(out + at, v128.and(all, mask));
    }
  } else {
    const mask = i64x2.splat((<i64>-1) >>> (64 - size));
    for (let at: usize = 0; at < bytes; at += 16) {
      const lines = v128.load(lattice + at);
      const all = v128.or(i64x2.shr_u(lines, dx), back < 64 ? i64x2.shl(lines, back) : i64x2.splat(0));
      v128.store(out + at, v128.and(all, mask));
    }
  }
}

/** The same in lines of several words, from lines that were laid twice. */
function turnLong(
  twice: usize,
  stepTwice: usize,
  size: i32,
  dx: i32,
  out: usize,
  step: usize,
): void {
  const shift = dx & 63;
  const last: u64 = <u64>-1 >> (<u64>(64 - (size & 63)) & 63);
  for (let y = 0; y < size; y++, twice += stepTwice, out += step) {
    const from = twice + ((<usize>(dx >> 6)) << 3);
    if (shift == 0) memory.copy(out, from, step);
    else {
      for (let at: usize = 0; at < step; at += 16) {
        const low = i64x2.shr_u(v128.load(from + at), shift);
        const high = i64x2.shl(v128.load(from + at, 8), 64 - shift);
        // The next line overwrites what is too much.
        v128.store(out + at, v128.or(low, high));
      }
    }
    const end = out + step - 8;
    store<u64>(end, load<u64>(end) & last);
  }
}

/** In how many bits two pieces of memory differ. */
@inline
function unequal(x: usize, y: usize, bytes: usize): i32 {
  let sum = i32x4.splat(0);
  const whole = bytes & ~15;
  let at: usize = 0;
  while (at < whole) {
    // A byte counts up to 8 at a time, 31 times.
    let counts = i8x16.splat(0);
    const end = min(whole, at + 16 * 28);
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
  let count =
    i32x4.extract_lane(sum, 0) +
    i32x4.extract_lane(sum, 1) +
    i32x4.extract_lane(sum, 2) +
    i32x4.extract_lane(sum, 3);
  for (; at < bytes; at += 2) count += popcnt<i32>(load<u16>(x + at) ^ load<u16>(y + at));
  return count;
}
