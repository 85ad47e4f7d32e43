// dL/dz from dL/dy, in place, for y = activation(z), four numbers at a time.

/** 1 - y^2, by factors, which lose nothing where y is near 1. */
export function throughTanh(gradient: usize, y: usize, count: i32): void {
  const one = f32x4.splat(1);
  for (const end = y + ((<usize>count) << 2); y < end; y += 16, gradient += 16) {
    const value = v128.load(y);
    const derivative = f32x4.mul(f32x4.sub(one, value), f32x4.add(one, value));
    v128.store(gradient, f32x4.mul(v128.load(gradient), derivative));
  }
}

export function throughSigmoid(gradient: usize, y: usize, count: i32): void {
  const one = f32x4.splat(1);
  for (const end = y + ((<usize>count) << 2); y < end; y += 16, gradient += 16) {
    const value = v128.load(y);
    const derivative = f32x4.mul(value, f32x4.sub(one, value));
    v128.store(gradient, f32x4.mul(v128.load(gradient), derivative));
  }
}

export function throughRelu(gradient: usize, y: usize, count: i32): void {
  for (const end = y + ((<usize>count) << 2); y < end; y += 16, gradient += 16) {
    const isOff = f32x4.le(v128.load(y), f32x4.splat(0));
    v128.store(gradient, v128.andnot(v128.load(gradient), isOff));
  }
}

/**
 * `sign` has no useful derivative and takes that of the clipped identity, 1 where |z| <= 1
 * (straight-through estimator: Bengio, Leonard, Courville, arXiv:1308.3432; clipped as in Hubara et al.,
 * arXiv:1602.02830).
 */
export function throughSign(gradient: usize, z: usize, count: i32): void {
  for (const end = z + ((<usize>count) << 2); z < end; z += 16, gradient += 16) {
    const isBeyond = f32x4.gt(f32x4.abs(v128.load(z)), f32x4.splat(1));
    v128.store(gradient, v128.andnot(v128.load(gradient), isBeyond));
  }
}
