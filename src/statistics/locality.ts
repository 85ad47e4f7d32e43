/** How spread out a unit's weights are on the periodic lattice that they look at. */
import { atan2, cos, sin } from "../math/index.ts";

/**
 * Radius of gyration of w^2 on a torus, sqrt(sum w^2 d^2 / sum w^2), in sites, about the circular
 * mean of w^2 along each axis (Mardia & Jupp 2000, eq. 2.2.3). `d` is the shortest distance. 0 for a
 * single site, sqrt(1/2) for a 2x2 block. A circular mean that does not exist (w^2 balanced around
 * the ring) is taken as the origin. NaN for zero weights.
 * @param weights side * side values, row-major.
 */
export function gyrationRadius(weights: ArrayLike<number>, side: number): number {
  const across = new Float64Array(side);
  const down = new Float64Array(side);
  let total = 0;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const w = weights[y * side + x]!;
      across[x] = across[x]! + w * w;
      down[y] = down[y]! + w * w;
      total += w * w;
    }
  }
  return Math.sqrt((ringSpread(across) + ringSpread(down)) / total);
}

/** Radius of gyration of weights spread evenly over a large torus: side / sqrt 6. */
export function gyrationRadiusUniform(side: number): number {
  return side / Math.sqrt(6);
}

/** Sum of mass times squared shortest distance to the circular mean. */
function ringSpread(mass: Float64Array): number {
  const side = mass.length;
  const turn = (2 * Math.PI) / side;
  let sine = 0;
  let cosine = 0;
  for (let x = 0; x < side; x++) {
    sine += mass[x]! * sin(turn * x);
    cosine += mass[x]! * cos(turn * x);
  }
  const center = atan2(sine, cosine) / turn;
  let spread = 0;
  for (let x = 0; x < side; x++) {
    const apart = Math.abs(x - center) % side;
    const d = Math.min(apart, side - apart);
    spread += mass[x]! * d * d;
  }
  return spread;
}
