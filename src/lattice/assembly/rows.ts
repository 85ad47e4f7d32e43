// Configurations as rows of bits, least significant bit first, and what is measured on them. A row
// is size x size bits, row-major; `stride` is the distance of two rows in bits.
import { bitsAt } from "./words";

/** Packs a byte (0 or 1) a site; `spins` has zeros up to a multiple of 16 sites. */
export function packBytes(spins: usize, sites: i32, out: usize): void {
  for (let i = 0; i < sites; i += 16) {
    const bytes = i8x16.neg(v128.load(spins + i));
    store<u16>(out + (i >> 3), <u16>i8x16.bitmask(bytes));
  }
}

/**
 * Turns 128 chains side by side (a 128-bit word a site, zeros up to a multiple of 16 sites) into a
 * row of bits a chain; `stride` is a multiple of 16.
 */
export function packLanes(spins: usize, sites: i32, out: usize, stride: i32): void {
  const step = <usize>stride >> 3;
  for (let site = 0; site < sites; site += 16) {
    for (let byte: usize = 0; byte < 16; byte++) {
      const from = spins + (<usize>site << 4) + byte;
      // Byte `byte` of sixteen sites: eight chains.
      let bytes = i8x16.splat(0);
      bytes = v128.load_lane<u8>(from, bytes, 0, 0);
      bytes = v128.load_lane<u8>(from, bytes, 1, 16);
      bytes = v128.load_lane<u8>(from, bytes, 2, 32);
      bytes = v128.load_lane<u8>(from, bytes, 3, 48);
      bytes = v128.load_lane<u8>(from, bytes, 4, 64);
      bytes = v128.load_lane<u8>(from, bytes, 5, 80);
      bytes = v128.load_lane<u8>(from, bytes, 6, 96);
      bytes = v128.load_lane<u8>(from, bytes, 7, 112);
      bytes = v128.load_lane<u8>(from, bytes, 8, 128);
      bytes = v128.load_lane<u8>(from, bytes, 9, 144);
      bytes = v128.load_lane<u8>(from, bytes, 10, 160);
      bytes = v128.load_lane<u8>(from, bytes, 11, 176);
      bytes = v128.load_lane<u8>(from, bytes, 12, 192);
      bytes = v128.load_lane<u8>(from, bytes, 13, 208);
      bytes = v128.load_lane<u8>(from, bytes, 14, 224);
      bytes = v128.load_lane<u8>(from, bytes, 15, 240);
      let to = out + (byte * 8 + 7) * step + (site >> 3);
      for (let bit = 0; bit < 8; bit++) {
        store<u16>(to, <u16>i8x16.bitmask(bytes));
        bytes = i8x16.add(bytes, bytes);
        to -= step;
      }
    }
  }
}

/** The same as `measureRows` for 8, 16 or 32 sites a side, whole lines of which make a word. */
function measureLines(
  rows: usize,
  count: i32,
  size: i32,
  energies: usize,
  magnetizations: usize,
): void {
  const sites = size * size;
  const bytes = <usize>(sites >> 3);
  // The first site of every line in a word, and the last.
  const first = <u64>-1 / ((<u64>1 << size) - 1);
  const last = first << (size - 1);
  for (let row = 0; row < count; row++, rows += bytes) {
    let up = 0;
    let broken = 0;
    let here = load<u64>(rows);
    for (let at: usize = 0; at < bytes; at += 8) {
      const next = load<u64>(rows + (at + 8 == bytes ? 0 : at + 8));
      const right = ((here >> 1) & ~last) | ((here & first) << (size - 1));
      const below = (here >> size) | (next << (64 - size));
      up += <i32>popcnt(here);
      broken += <i32>(popcnt(here ^ right) + popcnt(here ^ below));
      here = next;
    }
    store<i32>(energies + (<usize>row << 2), 2 * (broken - sites));
    store<i32>(magnetizations + (<usize>row << 2), 2 * up - sites);
  }
}

/** For every row, -sum over neighbours of s s' into `energies`, and sum of s into the other. */
export function measureRows(
  rows: usize,
  count: i32,
  stride: i32,
  size: i32,
  energies: usize,
  magnetizations: usize,
): void {
  const sites = size * size;
  if (stride == sites && (size == 8 || size == 16 || size == 32)) {
    measureLines(rows, count, size, energies, magnetizations);
    return;
  }
  for (let row = 0; row < count; row++) {
    const start = <u64>row * <u64>stride;
    let up = 0;
    let broken = 0;
    for (let y = 0; y < size; y++) {
      const line = start + <u64>(y * size);
      const below = start + <u64>((y == size - 1 ? 0 : y + 1) * size);
      for (let x = 0; x < size; x += 64) {
        const n = <u32>min(64, size - x);
        const here = bitsAt(rows, line + x, n);
        let right = bitsAt(rows, line + x + 1, n);
        if (x + 64 >= size) {
          // The last site's neighbour is the first of the line.
          const top = <u64>1 << (n - 1);
          right = (right & ~top) | (bitsAt(rows, line, 1) ? top : 0);
        }
        up += <i32>popcnt(here);
        broken += <i32>popcnt(here ^ right);
        broken += <i32>popcnt(here ^ bitsAt(rows, below + x, n));
      }
    }
    store<i32>(energies + (<usize>row << 2), 2 * (broken - sites));
    store<i32>(magnetizations + (<usize>row << 2), 2 * up - sites);
  }
}
