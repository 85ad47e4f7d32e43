/**
 * The energy per site of a periodic square lattice as a layer: e = -sum of x x' / N over the 2 N
 * nearest neighbours, also of real numbers x. On a 2 x 2 lattice every pair counts twice.
 */
import type { Tf } from "../backend/backend.ts";
import { kernel, type Lent, lend } from "../backend/kernel.ts";
import type { Layer } from "../model.ts";
import type { Batched, LoadedLayer } from "./operation.ts";

export function loadEnergy(tf: Tf, layer: Layer): LoadedLayer {
  const sites = layer.inputs;
  const side = Math.round(Math.sqrt(sites));
  return {
    layer,
    apply({ values: x }: Batched) {
      const rows = x.length / sites;
      const [lattices, energies] = lend([x, new Float32Array(rows)]) as [Lent, Lent];
      kernel().energies(lattices.at, rows, side, energies.at);
      return {
        z: tf.tensor2d(energies.view.slice(0, rows), [rows, 1]),
        backward(dz, wanted) {
          return { parameters: [], inputs: wanted.inputs ? gradients(x, side, dz) : undefined };
        },
      };
    },
    dispose() {},
  };
}

/** de/dx = -(sum of the four neighbours) / N, times dL/de of this row. */
function gradients(x: Float32Array, side: number, dz: Float32Array): Float32Array {
  // The second copy of x is only room for the result.
  const [lattices, factors, result] = lend([x, dz, x]) as [Lent, Lent, Lent];
  kernel().energyGradients(lattices.at, dz.length, side, factors.at, result.at);
  return result.view.slice(0, x.length);
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
