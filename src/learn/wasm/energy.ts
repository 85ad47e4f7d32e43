/**
 * The energy per site of a periodic square lattice as a layer: e = -sum of x x' / N over the 2 N
 * nearest neighbours, also of real numbers x. On a 2 x 2 lattice every pair counts twice.
 */
import type { Layer } from "../model.ts";
import { kernel } from "./kernel.ts";
import type { Operation } from "./operation.ts";

export function energy({ inputs }: Layer): Operation {
  const side = Math.round(Math.sqrt(inputs));
  return {
    forward(x, rows, z) {
      kernel.energies(x, rows, side, z);
    },
    backward(x, rows, dz, _, dx) {
      // de/dx = -(sum of the four neighbours) / N, times dL/de of this row.
      if (dx) kernel.energyGradients(x, rows, side, dz, dx);
    },
  };
}
