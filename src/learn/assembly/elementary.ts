// Elementary functions of four float32 numbers, in float32.

// ln 2 in two parts: the first has so few bits that k times it is exact for |k| < 2^10.
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;

/**
 * 1.5 2^23: a number of size 2^22 or less plus this has the nearest integer in its last bits. With 127
 * more, these are the exponent of that power of two.
 */
const SHIFT: f32 = 12582912 + 127;

/** x / ln 2, rounded to an integer k, in the last bits of SHIFT + k. For |x| < 88. */
@inline
export function shiftedPower(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504)), f32x4.splat(SHIFT));
}

/** 2^k; what is above the exponent's bits is shifted out. */
@inline
export function powerOf(shifted: v128): v128 {
  return i32x4.shl(shifted, 23);
}

/** expm1(r) for r = x - k ln 2, |r| <= ln(2)/2: the polynomial of Cephes' expf (S. Moshier, netlib). */
@inline
export function restOf(x: v128, shifted: v128): v128 {
  const k = f32x4.sub(shifted, f32x4.splat(SHIFT));
  let r = f32x4.sub(x, f32x4.mul(k, f32x4.splat(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(LN2_LOW)));
  let sum = f32x4.splat(1.987569150e-4);
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.3981999507e-3));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(8.3334519073e-3));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(4.1665795894e-2));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.6666665459e-1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(5.0000001201e-1));
  return f32x4.add(f32x4.mul(f32x4.mul(sum, r), r), r);
}

/** ln x of positive, normal x: x = 2^e m with sqrt(1/2) <= m < sqrt(2), ln m by Cephes' logf. */
@inline
export function log4(x: v128): v128 {
  // The bits of sqrt(1/2) less those of x count from there; what is above the mantissa is the exponent.
  const offset = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23));
  const m = i32x4.add(v128.and(offset, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const r = f32x4.sub(m, f32x4.splat(1));
  let sum = f32x4.splat(7.0376836292e-2);
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(-1.151461031e-1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.1676998740e-1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(-1.2420140846e-1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.4249322787e-1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(-1.6668057665e-1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(2.0000714765e-1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(-2.4999993993e-1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(3.3333331174e-1));
  const square = f32x4.mul(r, r);
  let y = f32x4.mul(f32x4.mul(sum, r), square);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(LN2_LOW)));
  y = f32x4.sub(y, f32x4.mul(square, f32x4.splat(0.5)));
  return f32x4.add(f32x4.add(y, r), f32x4.mul(e, f32x4.splat(LN2_HIGH)));
}
