// The optimizer's step, two numbers at a time.
import { load, store } from "./pairs";

/**
 * A step of Adam, in place: float32 numbers, an even count of them, calculated with in float64 and
 * rounded where they are stored.
 */
export function adam(
  parameters: usize,
  gradient: usize,
  first: usize,
  second: usize,
  count: i32,
  rate: f64,
  beta1: f64,
  beta2: f64,
  correction: f64,
  epsilon: f64,
): void {
  const bytes = (<usize>count) << 2;
  for (let at: usize = 0; at < bytes; at += 8) {
    const g = load(gradient + at);
    const m = f64x2.add(
      f64x2.mul(f64x2.splat(beta1), load(first + at)),
      f64x2.mul(f64x2.splat(1 - beta1), g),
    );
    const v = f64x2.add(
      f64x2.mul(f64x2.splat(beta2), load(second + at)),
      f64x2.mul(f64x2.mul(f64x2.splat(1 - beta2), g), g),
    );
    store(first + at, m);
    store(second + at, v);
    const scale = f64x2.add(
      f64x2.sqrt(f64x2.mul(v, f64x2.splat(correction))),
      f64x2.splat(epsilon),
    );
    const change = f64x2.div(f64x2.mul(f64x2.splat(rate), m), scale);
    store(parameters + at, f64x2.sub(load(parameters + at), change));
  }
}
