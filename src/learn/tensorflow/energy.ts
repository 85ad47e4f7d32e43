/** The energy per site of a periodic square lattice as a layer, by plain loops: nothing to multiply. */
import { energyPerSite } from "../layers/energy.ts";
import type { Layer } from "../model.ts";
import type { Tf } from "./namespace.ts";
import type { Batched, LoadedLayer } from "./operation.ts";

export function loadEnergy(tf: Tf, layer: Layer): LoadedLayer {
  const sites = layer.inputs;
  const side = Math.round(Math.sqrt(sites));
  return {
    layer,
    apply({ values: x }: Batched) {
      const rows = x.length / sites;
      const energies = Float32Array.from({ length: rows }, (_, row) =>
        energyPerSite(x.subarray(row * sites, (row + 1) * sites), side),
      );
      return {
        z: tf.tensor2d(energies, [rows, 1]),
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
  const sites = side * side;
  return x.map((_, at) => {
    const [lattice, site] = [Math.floor(at / sites), at % sites];
    const [row, column] = [Math.floor(site / side), site % side];
    const neighbour = (y: number, i: number) =>
      x[lattice * sites + ((y + side) % side) * side + ((i + side) % side)]!;
    const sum =
      neighbour(row, column - 1) +
      neighbour(row, column + 1) +
      neighbour(row - 1, column) +
      neighbour(row + 1, column);
    return (-dz[lattice]! / sites) * sum;
  });
}
