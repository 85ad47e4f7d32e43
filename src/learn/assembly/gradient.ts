// The numbers of a batch on the way back: losses, derivatives and sums. All is calculated in float64
// and rounded to float32 where it is stored; sums are in order.
import { load, store } from "./pairs";

/**
 * Sum of (y - t)^2; y - t times `factor` takes the place of y. An even count: zeros behind the numbers
 * add nothing.
 */
export function squaredErrors(y: usize, t: usize, count: i32, factor: f64): f64 {
  let sum: f64 = 0;
  const bytes = (<usize>count) << 2;
  for (let at: usize = 0; at < bytes; at += 8) {
    const difference = f64x2.sub(load(y + at), load(t + at));
    const square = f64x2.mul(difference, difference);
    sum += f64x2.extract_lane(square, 0);
    sum += f64x2.extract_lane(square, 1);
    store(y + at, f64x2.mul(f64x2.splat(factor), difference));
  }
  return sum;
}

/** Multiplies every number, an even count of them, by the derivative of tanh, 1 - y^2. */
export function throughTanh(gradient: usize, y: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  for (let at: usize = 0; at < bytes; at += 8) {
    const value = load(y + at);
    const derivative = f64x2.sub(f64x2.splat(1), f64x2.mul(value, value));
    store(gradient + at, f64x2.mul(load(gradient + at), derivative));
  }
}

/** Sums over `rows` rows of `columns` numbers, which take the place of the first row. */
export function columnSums(values: usize, rows: i32, columns: i32): void {
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
      a = f64x2.add(a, load(at));
      b = f64x2.add(b, load(at + 8));
      c = f64x2.add(c, load(at + 16));
      d = f64x2.add(d, load(at + 24));
    }
    const to = values + column;
    store(to, a);
    store(to + 8, b);
    store(to + 16, c);
    store(to + 24, d);
  }
  for (; column < step; column += 4) {
    let sum: f64 = 0;
    for (let at = values + column; at < end; at += step) sum += <f64>f32.load(at);
    f32.store(values + column, <f32>sum);
  }
}
