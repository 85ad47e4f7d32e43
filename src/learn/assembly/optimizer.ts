// The optimizer's steps and penalties, in place, in float32.

/**
 * A step of Adam (Kingma and Ba, arXiv:1412.6980, algorithm 1). `fresh1` and `fresh2` are 1 - beta1 and
 * 1 - beta2: a moment moves by this share towards the new value. `rate` has the correction of the first
 * moment, `correction` is that of the second one.
 */
export function adam(
  parameters: usize,
  gradient: usize,
  first: usize,
  second: usize,
  count: i32,
  rate: f32,
  fresh1: f32,
  fresh2: f32,
  correction: f32,
  epsilon: f32,
): void {
  const bytes = (<usize>count) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const g = v128.load(gradient + at);
    const old1 = v128.load(first + at);
    const old2 = v128.load(second + at);
    const m = f32x4.add(old1, f32x4.mul(f32x4.splat(fresh1), f32x4.sub(g, old1)));
    const v = f32x4.add(old2, f32x4.mul(f32x4.splat(fresh2), f32x4.sub(f32x4.mul(g, g), old2)));
    v128.store(first + at, m);
    v128.store(second + at, v);
    const scale = f32x4.add(
      f32x4.sqrt(f32x4.mul(v, f32x4.splat(correction))),
      f32x4.splat(epsilon),
    );
    const change = f32x4.div(f32x4.mul(f32x4.splat(rate), m), scale);
    v128.store(parameters + at, f32x4.sub(v128.load(parameters + at), change));
  }
}

/** Heavy ball: v <- momentum v + g, w <- w - rate v. */
export function sgd(
  parameters: usize,
  gradient: usize,
  velocity: usize,
  count: i32,
  rate: f32,
  momentum: f32,
): void {
  const bytes = (<usize>count) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const old = f32x4.mul(f32x4.splat(momentum), v128.load(velocity + at));
    const v = f32x4.add(old, v128.load(gradient + at));
    v128.store(velocity + at, v);
    const change = f32x4.mul(f32x4.splat(rate), v);
    v128.store(parameters + at, f32x4.sub(v128.load(parameters + at), change));
  }
}

/** Adds the gradient of l1 |w| + l2 w^2; at w = 0 it is the subgradient 0. */
export function penalize(gradient: usize, weights: usize, count: i32, l1: f32, l2: f32): void {
  const bytes = (<usize>count) << 2;
  const none = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const w = v128.load(weights + at);
    const size = v128.and(f32x4.ne(w, none), f32x4.splat(l1));
    const slope = v128.or(size, v128.and(w, i32x4.splat(i32.MIN_VALUE)));
    const all = f32x4.add(slope, f32x4.mul(f32x4.splat(2 * l2), w));
    v128.store(gradient + at, f32x4.add(v128.load(gradient + at), all));
  }
}
