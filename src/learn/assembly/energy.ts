// The energy of periodic square lattices of real numbers, and its gradient.

/** For each of `rows` lattices, -(1/N) sum of x (right + below), to `out`; sums in order, in float64. */
export function energies(x: usize, rows: i32, side: i32, out: usize): void {
  const line = <usize>side << 2;
  const sites = <f64>side * <f64>side;
  for (; rows > 0; rows--, out += 4) {
    const top = x;
    let sum: f64 = 0;
    for (const end = x + line * <usize>side; x < end; x += line) {
      const below = x + line < end ? x + line : top;
      let at: usize = 0;
      let here = <f64>load<f32>(x);
      for (; at < line - 4; at += 4) {
        const right = <f64>load<f32>(x + at, 4);
        sum += here * (right + <f64>load<f32>(below + at));
        here = right;
      }
      sum += here * (<f64>load<f32>(x) + <f64>load<f32>(below + at));
    }
    store<f32>(out, <f32>(0 - sum / sites));
  }
}

/**
 * For each of `rows` lattices, -(left + right + above + below) / N times its number in `factors`, to
 * `out`.
 */
export function energyGradients(
  x: usize,
  rows: i32,
  side: i32,
  factors: usize,
  out: usize,
): void {
  const line = <usize>side << 2;
  const sites = <f64>side * <f64>side;
  for (; rows > 0; rows--, factors += 4) {
    const factor = -(<f64>load<f32>(factors)) / sites;
    const top = x;
    const end = x + line * <usize>side;
    for (; x < end; x += line, out += line) {
      const above = x > top ? x - line : end - line;
      const below = x + line < end ? x + line : top;
      let left = <f64>load<f32>(x + line - 4);
      for (let at: usize = 0; at < line; at += 4) {
        const right = <f64>load<f32>(at + 4 < line ? x + at + 4 : x);
        const column = left + right + <f64>load<f32>(above + at) + <f64>load<f32>(below + at);
        store<f32>(out + at, <f32>(factor * column));
        left = <f64>load<f32>(x + at);
      }
    }
  }
}
