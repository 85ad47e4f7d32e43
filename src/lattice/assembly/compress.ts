// Bits at chosen places of a word, side by side. Knows no lattice.

/**
 * Prepares `compress` for the first bit of every `factor` ones: 7 words at `masks` (Warren, Hacker's
 * Delight, section 7-4).
 */
export function prepareCompress(factor: i32, masks: usize): void {
  let mask: u64 = 0;
  for (let bit = 0; bit < 64; bit += factor) mask |= <u64>1 << bit;
  store<u64>(masks, mask);
  let left = ~mask << 1;
  for (let i = 0; i < 6; i++) {
    // Bit by bit, whether an odd number of bits to the right are left out.
    let odd = left ^ (left << 1);
    odd ^= odd << 2;
    odd ^= odd << 4;
    odd ^= odd << 8;
    odd ^= odd << 16;
    odd ^= odd << 32;
    const moved = odd & mask;
    store<u64>(masks + 8 + ((<usize>i) << 3), moved);
    mask = (mask ^ moved) | (moved >> (1 << i));
    left &= ~odd;
  }
}

@inline
function move(bits: u64, masks: usize, step: i32): u64 {
  const moved = bits & load<u64>(masks + 8 + ((<usize>step) << 3));
  return (bits ^ moved) | (moved >> (1 << step));
}

/** The bits at the places that were prepared, side by side. */
@inline
export function compress(bits: u64, masks: usize): u64 {
  bits &= load<u64>(masks);
  bits = move(bits, masks, 0);
  bits = move(bits, masks, 1);
  bits = move(bits, masks, 2);
  bits = move(bits, masks, 3);
  bits = move(bits, masks, 4);
  return move(bits, masks, 5);
}

/** `n` even bits of a word of 128 bits, side by side (Warren, Hacker's Delight, section 7-2). */
@inline
export function evenBits(bits: v128, n: i32): u64 {
  bits = v128.and(bits, i64x2.splat(0x5555555555555555));
  bits = v128.and(v128.or(bits, i64x2.shr_u(bits, 1)), i64x2.splat(0x3333333333333333));
  bits = v128.and(v128.or(bits, i64x2.shr_u(bits, 2)), i64x2.splat(0x0f0f0f0f0f0f0f0f));
  bits = v128.and(v128.or(bits, i64x2.shr_u(bits, 4)), i64x2.splat(0x00ff00ff00ff00ff));
  bits = v128.and(v128.or(bits, i64x2.shr_u(bits, 8)), i64x2.splat(0x0000ffff0000ffff));
  bits = v128.or(bits, i64x2.shr_u(bits, 16));
  const low = i64x2.extract_lane(bits, 0) & 0xffffffff;
  return (low | (i64x2.extract_lane(bits, 1) << 32)) & (<u64>-1 >> (64 - n));
}
