// Products of the spins of one configuration, displaced against each other.
import { transposeSquare, unequal } from "./bits";
import { bitsAround, bitsAt } from "./words";

/** Bytes from one line to the next: a lane of a SIMD word, or whole words of 64 bits. */
@inline
function lineBytes(size: i32): usize {
  return size <= 16 ? 2 : size <= 32 ? 4 : (<usize>((size + 63) >> 6)) << 3;
}

/**
 * In how many sites x the spins at x and x + r differ, for each of `offsets` displacements r: (dy, dx) as
 * i32, each in [0, size), those of one dx side by side. Writes `offsets` i32 for each of `count`
 * configurations, rows of bits back to back. `work`: size (size + 80) + 1024 bytes.
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
  // The lattice; its lines turned by dx, twice one below the other; where lines are long,
  // its columns twice one behind the other; where they are longer than a word, its lines twice side by side.
  const lattice = work + 512;
  const turned = lattice + bytes + 32;
  const columns = turned + 2 * bytes + 32;
  const twice = columns + 2 * bytes + 32;
  const stepTwice = <usize>(((2 * size + 63) >> 6) + 2) << 3;
  const isLong = size > 64;
  const hasColumns = size > 32;
  const isPlane = isLong && goesAstray(displacements, offsets);
  for (let row = 0; row < count; row++) {
    const start = <u64>row * <u64>(size * size);
    layLines(rows, start, size, lattice, step);
    if (hasColumns) {
      layColumns(lattice, size, columns, step, work);
      memory.copy(columns + bytes, columns, bytes);
    }
    if (isPlane) layLinesTwice(rows, start, size, twice, stepTwice);
    let last = -1;
    let isDouble = false;
    for (let k = 0; k < offsets; k++, out += 4) {
      const dy = load<i32>(displacements + ((<usize>k) << 3));
      const dx = load<i32>(displacements + ((<usize>k) << 3), 4);
      // Along long lines, columns are displaced instead.
      if (hasColumns && dy == 0) {
        store<i32>(out, unequal(columns, columns + <usize>dx * step, bytes));
        continue;
      }
      if (dx != last) {
        if (!isLong) turnShort(lattice, size, dx, turned, step);
        else if (dx == 0) memory.copy(turned, lattice, bytes);
        else turnLong(twice, stepTwice, size, dx, turned, step);
        last = dx;
        isDouble = false;
      }
      if (dy > 0 && !isDouble) {
        memory.copy(turned + bytes, turned, bytes);
        isDouble = true;
      }
      store<i32>(out, unequal(lattice, turned + <usize>dy * step, bytes));
    }
  }
}

/** Whether a displacement goes along neither axis. */
function goesAstray(displacements: usize, offsets: i32): bool {
  for (let k: usize = 0; k < <usize>offsets; k++) {
    if (load<i32>(displacements + (k << 3)) && load<i32>(displacements + (k << 3), 4)) return true;
  }
  return false;
}

/** Columns as lines, from lines of whole words. */
function layColumns(lattice: usize, size: i32, to: usize, step: usize, work: usize): void {
  for (let x = 0; x < size; x += 64) {
    for (let y = 0; y < size; y += 64) {
      const height = min(64, size - y);
      for (let i = 0; i < height; i++) {
        const line = lattice + <usize>(y + i) * step;
        store<u64>(work + ((<usize>i) << 3), load<u64>(line + ((<usize>x) >> 3)));
      }
      memory.fill(work + ((<usize>height) << 3), 0, (<usize>(64 - height)) << 3);
      transposeSquare(work);
      const width = min(64, size - x);
      for (let i = 0; i < width; i++) {
        const column = to + <usize>(x + i) * step;
        store<u64>(column + ((<usize>y) >> 3), load<u64>(work + ((<usize>i) << 3)));
      }
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
