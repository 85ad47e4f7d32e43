// Walls between domains, and sums along lines and columns.
import { bitsAround, bitsAt } from "./words";

/**
 * For each of `count` configurations of `size` x `size` bits, back to back, i32 at `out`: the bonds between
 * unequal neighbours, the sites that differ from all four neighbours, the set bits of each line, and those
 * of each column. `work`: 128 bytes.
 */
export function measureDomains(rows: usize, count: i32, size: i32, out: usize, work: usize): void {
  for (let row = 0; row < count; row++) {
    const start = <u64>row * <u64>(size * size);
    const lines = out + 8;
    const columns = lines + ((<usize>size) << 2);
    let walls: i64 = 0;
    let alone: i64 = 0;
    memory.fill(lines, 0, (<usize>size) << 2);
    for (let x = 0; x < size; x += 64) {
      const n = min(64, size - x);
      let planes: usize = 0;
      let above = bitsAt(rows, start + <u64>((size - 1) * size + x), n);
      let here = bitsAt(rows, start + x, n);
      for (let y = 0; y < size; y++) {
        const line = start + <u64>(y * size);
        const next = y == size - 1 ? start : line + size;
        const below = bitsAt(rows, next + x, n);
        const toRight = here ^ bitsAround(rows, line, size, x + 1, n);
        const toLeft = here ^ bitsAround(rows, line, size, x + size - 1, n);
        walls += popcnt(toRight) + popcnt(here ^ below);
        alone += popcnt(toRight & toLeft & (here ^ above) & (here ^ below));
        const sum = lines + ((<usize>y) << 2);
        store<i32>(sum, load<i32>(sum) + <i32>popcnt(here));
        // Plane p holds bit p of the sums of columns so far.
        let carry = here;
        for (let p: usize = 0; p < planes && carry != 0; p += 8) {
          const plane = load<u64>(work + p);
          store<u64>(work + p, plane ^ carry);
          carry &= plane;
        }
        if ((y & (y + 1)) == 0) {
          store<u64>(work + planes, carry);
          planes += 8;
        }
        above = here;
        here = below;
      }
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let p: usize = 0; p < planes; p += 8) {
          sum |= <i32>((load<u64>(work + p) >> i) & 1) << (<i32>(p >> 3));
        }
        store<i32>(columns + ((<usize>(x + i)) << 2), sum);
      }
    }
    store<i32>(out, <i32>walls);
    store<i32>(out, <i32>alone, 4);
    out = columns + ((<usize>size) << 2);
  }
}
