// Reads and writes of up to 64 bits at any position, least significant bit first.

/** `count` (1 to 64) bits from position `bit` on; reads up to 8 bytes behind them. */
@inline
export function bitsAt(base: usize, bit: u64, count: u32): u64 {
  const at = base + <usize>(bit >> 3);
  const shift = bit & 7;
  let bits = load<u64>(at) >> shift;
  if (shift) bits |= <u64>load<u8>(at, 8) << (64 - shift);
  return bits & (<u64>-1 >> (64 - count));
}

/** Sets `count` (1 to 64) bits at a position where there are zeros; touches up to 8 bytes behind. */
@inline
export function putBits(base: usize, bit: u64, value: u64, count: u32): void {
  const at = base + <usize>(bit >> 3);
  const shift = bit & 7;
  store<u64>(at, load<u64>(at) | (value << shift));
  if (shift + count > 64) store<u8>(at, load<u8>(at, 8) | <u8>(value >> (64 - shift)), 8);
}

/** `count` bits of a line of `size` bits that goes on with its first, from `x` < 2 `size` on. */
@inline
export function bitsAround(base: usize, line: u64, size: u32, x: u32, count: u32): u64 {
  if (x >= size) x -= size;
  const left = size - x;
  if (count <= left) return bitsAt(base, line + x, count);
  return bitsAt(base, line + x, left) | (bitsAt(base, line, count - left) << left);
}
