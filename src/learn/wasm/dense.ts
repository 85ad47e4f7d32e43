/** Dense layers: z = W x + b, and its gradients. Does not know activations. */
import type { Layer } from "../model.ts";
import { kernel, work } from "./kernel.ts";
import type { Operation } from "./operation.ts";
import type { Parameters } from "./parameters.ts";

export function dense({ inputs, outputs }: Layer, { kernel: w, bias }: Parameters): Operation {
  return {
    forward(x, rows, z) {
      kernel.product(x, w, bias, z, rows, outputs, inputs, false, true, false, work);
    },
    backward(x, rows, dz, slopes, dx) {
      if (slopes) {
        const to = slopes.kernel;
        kernel.product(dz, x, 0, to, outputs, inputs, rows, true, false, false, work);
        kernel.columnSums(dz, rows, outputs, slopes.bias);
      }
      if (dx) kernel.product(dz, w, 0, dx, rows, inputs, outputs, false, false, false, work);
    },
  };
}
