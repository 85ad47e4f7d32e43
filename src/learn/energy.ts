/**
 * The energy per site of a periodic square lattice as a layer: e = -sum of x x' / N over the 2 N
 * nearest neighbours, also of real numbers x. On a 2 x 2 lattice every pair counts twice.
 */
import type { Tf } from "./backend.ts";
import type { Layer } from "./model.ts";
import type { Batched, LoadedLayer } from "./operation.ts";

export function loadEnergy(tf: Tf, layer: Layer): LoadedLayer {
  const sites = layer.inputs;
  const side = Math.round(Math.sqrt(sites));
  return {
    layer,
    apply({ values: x }: Batched) {
      const rows = x.length / sites;
      const z = Float32Array.from({ length: rows }, (_, row) =>
        energyPerSite(x.subarray(row * sites, (row + 1) * sites), side),
      );
      return {
        z: tf.tensor2d(z, [rows, 1]),
        backward(dz, wanted) {
          const inputs = wanted.inputs ? new Float32Array(x.length) : undefined;
          if (inputs) for (let row = 0; row < rows; row++) addGradient(inputs, x, row, side, dz);
          return { parameters: [], inputs };
        },
      };
    },
    dispose() {},
  };
}

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

/** de/dx = -(sum of the four neighbours) / N, times dL/de of this row. */
function addGradient(
  gradient: Float32Array,
  x: Float32Array,
  row: number,
  side: number,
  dz: Float32Array,
): void {
  const start = row * side * side;
  const factor = -dz[row]! / (side * side);
  for (let y = 0; y < side; y++) {
    const here = start + y * side;
    const above = start + ((y + side - 1) % side) * side;
    const below = start + ((y + 1) % side) * side;
    for (let i = 0; i < side; i++) {
      const [left, right] = [here + ((i + side - 1) % side), here + ((i + 1) % side)];
      gradient[here + i] = factor * (x[left]! + x[right]! + x[above + i]! + x[below + i]!);
    }
  }
}
