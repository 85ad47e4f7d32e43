// Counts local patterns of spins, 16 sites at a time.

/**
 * Adds to `counts` (u32) the pattern around every site of `count` configurations of `side` x `side`
 * spins, i8, +1 or -1. Bit j of a pattern is set where the site displaced by offset j is +1;
 * `offsets` has (dy, dx) as i32, each in [0, side). At most 16 offsets. `work` is room for
 * side * (2 side + 16) + 32 bytes.
 */
export function countPatterns(
  spins: usize,
  count: i32,
  side: i32,
  offsets: usize,
  bits: i32,
  counts: usize,
  work: usize,
): void {
  // A line of spins twice, so that a pattern may reach across the end, with room for the last 16.
  const length = <usize>side;
  const line = (length << 1) + 16;
  const low = work + length * line;
  const high = low + 16;
  for (; count > 0; count--, spins += <usize>(side * side)) {
    for (let y = 0; y < side; y++) {
      const to = work + <usize>y * line;
      memory.copy(to, spins + <usize>(y * side), length);
      memory.copy(to + length, to, length);
    }
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x += 16) {
        let first = i8x16.splat(0);
        let second = i8x16.splat(0);
        for (let j = 0; j < bits; j++) {
          const offset = offsets + (<usize>j << 3);
          let row = y + load<i32>(offset);
          if (row >= side) row -= side;
          const sites = v128.load(work + <usize>row * line + <usize>(x + load<i32>(offset, 4)));
          const bit: i32 = 1 << (j & 7);
          const up = v128.and(i8x16.gt_s(sites, i8x16.splat(0)), i8x16.splat(<i8>bit));
          if (j < 8) first = v128.or(first, up);
          else second = v128.or(second, up);
        }
        v128.store(low, first);
        v128.store(high, second);
        const width = <usize>min(16, side - x);
        for (let i: usize = 0; i < width; i++) {
          const pattern = <usize>load<u8>(low + i) | (<usize>load<u8>(high + i) << 8);
          const cell = counts + (pattern << 2);
          store<u32>(cell, load<u32>(cell) + 1);
        }
      }
    }
  }
}
