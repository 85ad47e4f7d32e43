/**
 * The energy per site of a periodic square lattice: e = -sum of x x' / N over the 2 N nearest
 * neighbours, also of real numbers x. On a 2 x 2 lattice every pair counts twice. Knows no layer.
 */

/** -(1/N) sum of x (right + below), for `side` x `side` numbers in row-major order. */
export function energyPerSite(x: ArrayLike<number>, side: number): number {
  let sum = 0;
  for (let row = 0; row < side; row++) {
    const [here, below] = [row * side, ((row + 1) % side) * side];
    for (let i = 0; i < side; i++) {
      sum += x[here + i]! * (x[here + ((i + 1) % side)]! + x[below + i]!);
    }
  }
  return 0 - sum / (side * side);
}
