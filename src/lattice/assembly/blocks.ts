// Coarse-graining of rows of bits: `count` configurations of `size` x `size` bits back to back, and so are
// the blocks. What is written to must be zero.
import { compress, evenBits, prepareCompress } from "./compress";
import { bitsAround, bitsAt, putBits } from "./words";

/** What becomes of a tie: the bits of `Ties` in coarse-graining.ts. */
const UP: i32 = 1;
const FIRST: i32 = 2;
const RANDOM: i32 = 3;

/** The lattices seen from site (dy, dx), which comes first. */
export function translate(rows: usize, count: i32, size: i32, dy: i32, dx: i32, out: usize): void {
  let to: u64 = 0;
  for (let row = 0; row < count; row++) {
    const start = <u64>row * <u64>(size * size);
    for (let y = 0; y < size; y++) {
      const from = y + dy < size ? y + dy : y + dy - size;
      const line = start + <u64>(from * size);
      for (let x = 0; x < size; x += 64) {
        const n = <u32>min(64, size - x);
        putBits(out, to, bitsAround(rows, line, size, x + dx, n), n);
        to += n;
      }
    }
  }
}

/** 128 bits, of which those that were asked for count. */
@inline
function wideAt(base: usize, bit: u64, count: i32): v128 {
  if ((bit & 7) == 0) return v128.load(base + <usize>(bit >> 3));
  const low = bitsAt(base, bit, 64);
  if (count <= 64) return i64x2.replace_lane(i64x2.splat(0), 0, low);
  return i64x2.replace_lane(i64x2.splat(low), 1, bitsAt(base, bit + 64, 64));
}

/** `decimate` by 2. */
export function decimateByTwo(rows: usize, count: i32, size: i32, out: usize): void {
  const width = size >> 1;
  let to: u64 = 0;
  for (let line = 0; line < count * width; line++) {
    const start = <u64>line * <u64>(2 * size);
    for (let block = 0; block < width; block += 64) {
      const n = min(64, width - block);
      putBits(out, to, evenBits(wideAt(rows, start + <u64>(2 * block), 2 * n), n), n);
      to += n;
    }
  }
}

/** `majority` of blocks of 2 x 2. */
export function majorityByTwo(
  rows: usize,
  count: i32,
  size: i32,
  ties: i32,
  out: usize,
  tieRows: usize,
  tieBytes: i32,
): void {
  const width = size >> 1;
  let to: u64 = 0;
  for (let row = 0; row < count; row++) {
    const tieRow = tieRows + <usize>row * <usize>tieBytes;
    let at: u64 = 0;
    for (let y = 0; y < width; y++) {
      const line = <u64>row * <u64>(size * size) + <u64>(2 * y * size);
      for (let block = 0; block < width; block += 64) {
        const n = min(64, width - block);
        const start = line + <u64>(2 * block);
        const above = wideAt(rows, start, 2 * n);
        const below = wideAt(rows, start + size, 2 * n);
        // Adds two lines, and then neighbours: bits are right at the blocks' first sites.
        const one = v128.xor(above, below);
        const two = v128.and(above, below);
        const oneMore = i64x2.shr_u(one, 1);
        const twoMore = i64x2.shr_u(two, 1);
        let up = v128.or(v128.and(two, v128.or(twoMore, oneMore)), v128.and(twoMore, one));
        const tied = v128.or(
          v128.or(
            v128.andnot(two, v128.or(twoMore, oneMore)),
            v128.andnot(twoMore, v128.or(two, one)),
          ),
          v128.and(one, oneMore),
        );
        if (ties == UP) up = v128.or(up, tied);
        else if (ties == FIRST) up = v128.or(up, v128.and(tied, above));
        else if (ties == RANDOM) putBits(tieRow, at, evenBits(tied, n), n);
        putBits(out, to, evenBits(up, n), n);
        to += n;
        at += n;
      }
    }
  }
}

/** Keeps the first bit of every `factor` x `factor` block. `work`: 56 bytes. */
export function decimate(
  rows: usize,
  count: i32,
  size: i32,
  factor: i32,
  out: usize,
  work: usize,
): void {
  prepareCompress(factor, work);
  const width = size / factor;
  const together = max(1, 64 / factor);
  let to: u64 = 0;
  // Lines of blocks, counted over all configurations.
  for (let line = 0; line < count * width; line++) {
    const start = <u64>line * <u64>(factor * size);
    for (let block = 0; block < width; block += together) {
      const n = min(together, width - block);
      const bits = bitsAt(rows, start + <u64>(block * factor), min(64, n * factor));
      putBits(out, to, compress(bits, work), n);
      to += n;
    }
  }
}

/** Of the blocks that were looked at last: where the sum is 0. */
let tied: u64 = 0;

/**
 * Whether most bits of every `factor` x `factor` block are set: one bit a block. A tie is a set bit
 * (`ties` 1), the block's first (2), 0 (any other value), or 0 and a set bit at the block's place in a
 * row of `tieBytes` bytes of its configuration at `tieRows` (3). `work`: 256 bytes.
 */
export function majority(
  rows: usize,
  count: i32,
  size: i32,
  factor: i32,
  ties: i32,
  out: usize,
  tieRows: usize,
  tieBytes: i32,
  work: usize,
): void {
  prepareCompress(factor, work);
  const planes = work + 64;
  const width = size / factor;
  // Counting bit by bit is slower than counting words where blocks are large.
  const isWide = factor > 8;
  const together = isWide ? 1 : 64 / factor;
  let to: u64 = 0;
  for (let row = 0; row < count; row++) {
    const tieRow = tieRows + <usize>row * <usize>tieBytes;
    let at: u64 = 0;
    for (let y = 0; y < width; y++) {
      const line = <u64>row * <u64>(size * size) + <u64>(y * factor * size);
      for (let block = 0; block < width; block += together) {
        const n = min(together, width - block);
        const start = line + <u64>(block * factor);
        let up: u64;
        if (isWide) up = mostOfOne(rows, start, size, factor);
        else up = mostOfFew(rows, start, size, factor, n, planes);
        if (ties == UP) up |= tied;
        else if (ties == FIRST) up |= tied & bitsAt(rows, start, min(64, n * factor));
        else if (ties == RANDOM && tied != 0) putBits(tieRow, at, compress(tied, work), n);
        putBits(out, to, compress(up, work), n);
        to += n;
        at += n;
      }
    }
  }
}

/** `n` blocks of up to 8 x 8: sums as planes, plane p holding bit p of the sum from each site on. */
function mostOfFew(rows: usize, start: u64, size: i32, factor: i32, n: i32, columns: usize): u64 {
  const bits = n * factor;
  // Sums of columns, at most 8: four planes.
  let used: usize = 0;
  for (let y = 0; y < factor; y++) {
    let carry = bitsAt(rows, start + <u64>(y * size), bits);
    for (let p: usize = 0; p < used; p += 8) {
      const plane = load<u64>(columns + p);
      store<u64>(columns + p, plane ^ carry);
      carry &= plane;
    }
    if (y & (y + 1)) continue;
    store<u64>(columns + used, carry);
    used += 8;
  }
  // Sums of so many columns side by side, at most 64: seven planes.
  const sums = columns + 64;
  memory.fill(sums, 0, 64);
  memory.copy(sums, columns, used);
  for (let x = 1; x < factor; x++) {
    let carry: u64 = 0;
    for (let p: usize = 0; p < 56; p += 8) {
      const a = load<u64>(sums + p);
      const b = p < used ? load<u64>(columns + p) >> x : 0;
      const either = a ^ b;
      store<u64>(sums + p, either ^ carry);
      carry = (a & b) | (either & carry);
    }
  }
  // Compares with half of the sites, rounded down, from the most significant bit on.
  const half = (factor * factor) >> 1;
  let more: u64 = 0;
  let equal: u64 = -1;
  for (let p = 6; p >= 0; p--) {
    const plane = load<u64>(sums + ((<usize>p) << 3));
    if ((half >> p) & 1) equal &= plane;
    else {
      more |= equal & plane;
      equal &= ~plane;
    }
  }
  tied = factor & 1 ? 0 : equal;
  return more;
}

/** One block of any size. */
function mostOfOne(rows: usize, start: u64, size: i32, factor: i32): u64 {
  let up: i64 = 0;
  for (let y = 0; y < factor; y++) {
    for (let x = 0; x < factor; x += 64) {
      up += popcnt(bitsAt(rows, start + <u64>(y * size + x), min(64, factor - x)));
    }
  }
  const excess = 2 * up - <i64>factor * <i64>factor;
  tied = excess == 0 ? 1 : 0;
  return excess > 0 ? 1 : 0;
}

/**
 * Sets blocks that tie to their coins: `ties` and `coins` are rows of `tieBytes` bytes, a multiple of 8,
 * and `out` rows of `blocks` bits back to back.
 */
export function breakTies(
  ties: usize,
  coins: usize,
  tieBytes: i32,
  count: i32,
  blocks: i32,
  out: usize,
): void {
  for (let row = 0; row < count; row++) {
    const from = <usize>row * <usize>tieBytes;
    for (let block = 0; block < blocks; block += 64) {
      const at = from + ((<usize>block) >> 3);
      const up = load<u64>(ties + at) & load<u64>(coins + at);
      if (up == 0) continue;
      putBits(out, <u64>row * <u64>blocks + <u64>block, up, min(64, blocks - block));
    }
  }
}
