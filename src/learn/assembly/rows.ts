// Rows of outputs beside the spins that they stand for. Any counts.

/**
 * For each of `rows` rows of `width` outputs f and spins s, three float64 numbers to `out`: the sum of
 * (f - s)^2, the number of sites where sign f = s (0 counts as +1), and the sum of |f + g|, where g are
 * the numbers at `flipped` (none at 0). Sums are of float64 numbers, in four parts.
 */
export function compareRows(
  image: usize,
  flipped: usize,
  spins: usize,
  rows: i32,
  width: i32,
  out: usize,
): void {
  const whole = (<usize>(width & ~3)) << 2;
  const all = <usize>width << 2;
  for (; rows > 0; rows--, image += all, spins += all, out += 24) {
    let squares = f64x2.splat(0);
    let defects = f64x2.splat(0);
    let same = 0;
    for (let at: usize = 0; at < whole; at += 16) {
      const f = v128.load(image + at);
      const s = v128.load(spins + at);
      const error = f32x4.sub(f, s);
      squares = f64x2.add(squares, sumOfPairs(f32x4.mul(error, error)));
      const isUp = f32x4.ge(f, f32x4.splat(0));
      same += popcnt(i32x4.bitmask(v128.xor(isUp, f32x4.lt(s, f32x4.splat(0)))));
      if (flipped) {
        const sum = f32x4.abs(f32x4.add(f, v128.load(flipped + at)));
        defects = f64x2.add(defects, sumOfPairs(sum));
      }
    }
    let square = f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1);
    let defect = f64x2.extract_lane(defects, 0) + f64x2.extract_lane(defects, 1);
    for (let at = whole; at < all; at += 4) {
      const f = load<f32>(image + at);
      const s = load<f32>(spins + at);
      square += <f64>((f - s) * (f - s));
      same += f >= 0 == s >= 0 ? 1 : 0;
      if (flipped) defect += <f64>abs<f32>(f + load<f32>(flipped + at));
    }
    store<f64>(out, square);
    store<f64>(out, <f64>same, 8);
    store<f64>(out, defect, 16);
    if (flipped) flipped += all;
  }
}

@inline
function sumOfPairs(x: v128): v128 {
  const upper = v128.shuffle<f32>(x, x, 2, 3, 2, 3);
  return f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(upper));
}
