// Sums of the products of every two numbers of a row, in float64.

/**
 * Adds to the lower triangle at `sums`, the diagonal included, the products of `rows` rows of `width` float64
 * numbers. Every sum takes the rows in order. Any counts.
 */
export function addProducts(values: usize, rows: i32, width: i32, sums: usize): void {
  const step = (<usize>width) << 3;
  for (; rows >= 4; rows -= 4, values += 4 * step) {
    const second = values + step;
    const third = second + step;
    const fourth = third + step;
    let line = sums;
    for (let end: usize = 8; end <= step; end += 8, line += step) {
      const a = v128.load64_splat(values + end - 8);
      const b = v128.load64_splat(second + end - 8);
      const c = v128.load64_splat(third + end - 8);
      const d = v128.load64_splat(fourth + end - 8);
      let at: usize = 0;
      for (; at + 16 <= end; at += 16) {
        let sum = v128.load(line + at);
        sum = f64x2.add(sum, f64x2.mul(a, v128.load(values + at)));
        sum = f64x2.add(sum, f64x2.mul(b, v128.load(second + at)));
        sum = f64x2.add(sum, f64x2.mul(c, v128.load(third + at)));
        sum = f64x2.add(sum, f64x2.mul(d, v128.load(fourth + at)));
        v128.store(line + at, sum);
      }
      if (at < end) {
        let sum = load<f64>(line + at);
        sum += f64x2.extract_lane(a, 0) * load<f64>(values + at);
        sum += f64x2.extract_lane(b, 0) * load<f64>(second + at);
        sum += f64x2.extract_lane(c, 0) * load<f64>(third + at);
        sum += f64x2.extract_lane(d, 0) * load<f64>(fourth + at);
        store<f64>(line + at, sum);
      }
    }
  }
  for (; rows > 0; rows--, values += step) {
    let line = sums;
    for (let end: usize = 8; end <= step; end += 8, line += step) {
      const a = load<f64>(values + end - 8);
      for (let at: usize = 0; at < end; at += 8) {
        store<f64>(line + at, load<f64>(line + at) + a * load<f64>(values + at));
      }
    }
  }
}
