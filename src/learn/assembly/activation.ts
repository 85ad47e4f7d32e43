// Activation functions of float32 numbers, in place, sixteen at a time: the compiler makes every constant
// anew in each turn of a loop.
import { powerOf, restOf, shiftedPower } from "./elementary";

export function tanh(at: usize, count: i32): void {
  for (const end = at + ((<usize>count) << 2); at < end; at += 64) {
    const a = tanh4(v128.load(at));
    const b = tanh4(v128.load(at, 16));
    const c = tanh4(v128.load(at, 32));
    const d = tanh4(v128.load(at, 48));
    v128.store(at, a);
    v128.store(at, b, 16);
    v128.store(at, c, 32);
    v128.store(at, d, 48);
  }
}

/** 1 / (1 + exp(-z)). */
export function sigmoid(at: usize, count: i32): void {
  for (const end = at + ((<usize>count) << 2); at < end; at += 32) {
    const a = sigmoid4(v128.load(at));
    const b = sigmoid4(v128.load(at, 16));
    v128.store(at, a);
    v128.store(at, b, 16);
  }
}

export function relu(at: usize, count: i32): void {
  for (const end = at + ((<usize>count) << 2); at < end; at += 16) {
    v128.store(at, f32x4.max(v128.load(at), f32x4.splat(0)));
  }
}

/** +1 or -1 to `out`; zero counts as +1, as wherever a real number becomes a spin, and NaN as -1. */
export function sign(z: usize, out: usize, count: i32): void {
  for (const end = z + ((<usize>count) << 2); z < end; z += 16, out += 16) {
    const isNegative = v128.not(f32x4.ge(v128.load(z), f32x4.splat(0)));
    const bit = v128.and(isNegative, i32x4.splat(i32.MIN_VALUE));
    v128.store(out, v128.or(f32x4.splat(1), bit));
  }
}

/**
 * For x >= 0, with the sign put back: tanh x = E / (E + 2) with E = expm1(2x), which keeps small x exact.
 * 2x = k ln 2 + r, and expm1(2x) = 2^k expm1(r) + 2^k - 1.
 */
@inline
function tanh4(given: v128): v128 {
  // tanh 9.02 rounds to 1 in float32. A NaN stays one.
  const x = f32x4.pmin(f32x4.abs(given), f32x4.splat(9.02));
  const twice = f32x4.add(x, x);
  const shifted = shiftedPower(twice);
  const power = powerOf(shifted);
  const e = f32x4.add(
    f32x4.mul(power, restOf(twice, shifted)),
    f32x4.sub(power, f32x4.splat(1)),
  );
  const y = f32x4.div(e, f32x4.add(e, f32x4.splat(2)));
  return v128.or(y, v128.and(given, i32x4.splat(i32.MIN_VALUE)));
}

/** With e = exp(-|z|): 1 / (1 + e) from 0 on, e / (1 + e) below, which keeps small values exact. */
@inline
function sigmoid4(z: v128): v128 {
  const one = f32x4.splat(1);
  // exp(-87) is still a normal number.
  const x = f32x4.neg(f32x4.pmin(f32x4.abs(z), f32x4.splat(87)));
  const shifted = shiftedPower(x);
  const power = powerOf(shifted);
  const e = f32x4.add(f32x4.mul(power, restOf(x, shifted)), power);
  const isNegative = f32x4.lt(z, f32x4.splat(0));
  return f32x4.div(v128.bitselect(e, one, isNegative), f32x4.add(one, e));
}
