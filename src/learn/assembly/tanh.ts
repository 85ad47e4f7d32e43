// tanh of float32 numbers, four at a time.

// ln 2 in two parts: the first has so few bits that k times it is exact for |k| < 2^10.
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;

/** 1.5 2^23: a number of size 2^22 or less plus this has the nearest integer in its last bits. */
const SHIFT: f32 = 12582912;

/**
 * In place, for x >= 0, with the sign put back: tanh x = E / (E + 2) with E = expm1(2x), which keeps
 * small x exact. 2x = k ln 2 + r with |r| <= ln(2)/2, expm1(2x) = 2^k expm1(r) + 2^k - 1, and
 * expm1(r) is its Taylor sum up to r^8. `count` is a multiple of 4.
 */
export function tanh(at: usize, count: i32): void {
  const one = f32x4.splat(1);
  // tanh 9.02 rounds to 1 in float32. A NaN stays one.
  const limit = f32x4.splat(9.02);
  for (let end = at + ((<usize>count) << 2); at < end; at += 16) {
    const given = v128.load(at);
    const x = f32x4.pmin(f32x4.abs(given), limit);
    const twice = f32x4.add(x, x);
    const shifted = f32x4.add(f32x4.mul(twice, f32x4.splat(1.44269504)), f32x4.splat(SHIFT));
    const k = f32x4.sub(shifted, f32x4.splat(SHIFT));
    let r = f32x4.sub(twice, f32x4.mul(k, f32x4.splat(LN2_HIGH)));
    r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(LN2_LOW)));
    let sum = f32x4.splat(1.0 / 40320.0);
    sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 5040.0));
    sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 720.0));
    sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 120.0));
    sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 24.0));
    sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 6.0));
    sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 2.0));
    sum = f32x4.add(f32x4.mul(f32x4.mul(sum, r), r), r);
    // 2^k from its exponent bits; those above them are shifted out.
    const power = i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23);
    const e = f32x4.add(f32x4.mul(power, sum), f32x4.sub(power, one));
    const y = f32x4.div(e, f32x4.add(e, f32x4.splat(2)));
    v128.store(at, v128.or(y, v128.and(given, i32x4.splat(i32.MIN_VALUE))));
  }
}
