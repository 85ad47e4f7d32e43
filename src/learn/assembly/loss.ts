// Losses with their gradients. Sums are of float64 numbers, in four parts.
import { log4 } from "./elementary";

/** Sum of (y - t)^2 over any `count`; (y - t) times `factor` goes to `gradient`, which may be y. */
export function squaredErrors(y: usize, t: usize, gradient: usize, count: i32, factor: f32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const scale = f32x4.splat(factor);
  const end = y + ((<usize>count) << 2);
  for (const whole = end & ~15; y < whole; y += 16, t += 16, gradient += 16) {
    const difference = f32x4.sub(v128.load(y), v128.load(t));
    v128.store(gradient, f32x4.mul(scale, difference));
    const first = f64x2.promote_low_f32x4(difference);
    const second = f64x2.promote_low_f32x4(upper(difference));
    low = f64x2.add(low, f64x2.mul(first, first));
    high = f64x2.add(high, f64x2.mul(second, second));
  }
  let sum = total(low, high);
  for (; y < end; y += 4, t += 4, gradient += 4) {
    const difference = load<f32>(y) - load<f32>(t);
    store<f32>(gradient, factor * difference);
    sum += <f64>difference * <f64>difference;
  }
  return sum;
}

/**
 * Sum of -(q ln p + (1 - q) ln(1 - p)) over `count` numbers, for q = (1 + t)/2 and p = `scale` y +
 * `shift`, with p and 1 - p no less than 1e-7. The gradient with respect to the input of the activation,
 * (y - t) or (y - q) times `factor`, goes to `gradient`. `count` may be any; what is behind counts for
 * nothing, and gets the gradient 0.
 */
export function crossEntropy(
  y: usize,
  t: usize,
  gradient: usize,
  count: i32,
  scale: f32,
  shift: f32,
  factor: f32,
): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const smallest = f32x4.splat(1e-7);
  const half = f32x4.splat(0.5);
  // p = (1 + y)/2 for tanh, whose mean spin is y; p = y for sigmoid, whose target is (1 + t)/2.
  const a = f32x4.splat(scale);
  const b = f32x4.splat(shift);
  const other = f32x4.splat(1 - shift);
  const targetScale = f32x4.splat(scale == 1 ? 0.5 : 1);
  const targetShift = f32x4.splat(scale == 1 ? 0.5 : 0);
  let left = i32x4.splat(count);
  left = i32x4.sub(left, i32x4(0, 1, 2, 3));
  for (const end = y + ((<usize>count) << 2); y < end; y += 16, t += 16, gradient += 16) {
    const value = v128.load(y);
    const target = v128.load(t);
    const isThere = i32x4.gt_s(left, i32x4.splat(0));
    left = i32x4.sub(left, i32x4.splat(4));
    const aim = f32x4.add(f32x4.mul(target, targetScale), targetShift);
    const slope = f32x4.mul(f32x4.splat(factor), f32x4.sub(value, aim));
    v128.store(gradient, v128.and(slope, isThere));
    const p = f32x4.add(f32x4.mul(a, value), b);
    // 1 - p from y, which loses nothing where p is near 1.
    const notP = f32x4.sub(other, f32x4.mul(a, value));
    const q = f32x4.add(f32x4.mul(half, target), half);
    const notQ = f32x4.sub(half, f32x4.mul(half, target));
    const mine = f32x4.mul(q, log4(f32x4.max(smallest, p)));
    const rest = f32x4.mul(notQ, log4(f32x4.max(smallest, notP)));
    const sum = v128.and(f32x4.add(mine, rest), isThere);
    low = f64x2.sub(low, f64x2.promote_low_f32x4(sum));
    high = f64x2.sub(high, f64x2.promote_low_f32x4(upper(sum)));
  }
  return total(low, high);
}

@inline
function upper(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 2, 3, 2, 3);
}

@inline
function total(low: v128, high: v128): f64 {
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
