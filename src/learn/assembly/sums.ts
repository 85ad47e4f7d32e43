// Sums over the rows of a matrix, and the reverse.

/** Sums over `rows` rows of any number of columns, to `out`: of float64 numbers in order, rounded once. */
export function columnSums(values: usize, rows: i32, columns: i32, out: usize): void {
  const step = (<usize>columns) << 2;
  const end = values + <usize>rows * step;
  let column: usize = 0;
  // Eight columns at a time, whose sums stay in registers.
  for (; column + 32 <= step; column += 32) {
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let c = f64x2.splat(0);
    let d = f64x2.splat(0);
    for (let at = values + column; at < end; at += step) {
      a = f64x2.add(a, pair(at));
      b = f64x2.add(b, pair(at + 8));
      c = f64x2.add(c, pair(at + 16));
      d = f64x2.add(d, pair(at + 24));
    }
    const to = out + column;
    v128.store64_lane(to, f32x4.demote_f64x2_zero(a), 0);
    v128.store64_lane(to, f32x4.demote_f64x2_zero(b), 0, 8);
    v128.store64_lane(to, f32x4.demote_f64x2_zero(c), 0, 16);
    v128.store64_lane(to, f32x4.demote_f64x2_zero(d), 0, 24);
  }
  for (; column < step; column += 4) {
    let sum: f64 = 0;
    for (let at = values + column; at < end; at += step) sum += <f64>f32.load(at);
    f32.store(out + column, <f32>sum);
  }
}

/** The `columns` numbers at `line`, `rows` times one behind the other. */
export function repeat(line: usize, rows: i32, columns: i32, to: usize): void {
  const bytes = (<usize>columns) << 2;
  memory.copy(to, line, bytes);
  const all = <usize>rows * bytes;
  for (let done = bytes; done < all; done *= 2) memory.copy(to + done, to, min(done, all - done));
}

@inline
function pair(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}
