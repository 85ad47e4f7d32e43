/** Activation functions with their derivatives. Knows nothing of layers. */
import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { Activation } from "../model.ts";
import type { Tf } from "./namespace.ts";
import { type Batched, read } from "./operation.ts";

export function activate(tf: Tf, activation: Activation, z: Tensor2D): Batched {
  const own = (values: Float32Array) => ({ tensor: tf.tensor2d(values, z.shape), values });
  const of = (tensor: Tensor2D) => ({ tensor, values: read(tensor) });
  switch (activation) {
    case "linear":
      return of(z);
    case "tanh":
      return of(tf.tanh(z));
    case "relu":
      return of(tf.relu(z));
    case "sigmoid":
      return of(tf.sigmoid(z));
    case "sign":
      return own(signs(read(z)));
  }
}

/**
 * dL/dz from dL/dy, in place, for y = activation(z), element by element. `sign` has no useful
 * derivative and takes that of the clipped identity (straight-through estimator: Bengio, Leonard,
 * Courville, arXiv:1308.3432; clipped as in Hubara et al., arXiv:1602.02830).
 */
export function toPreactivation(
  activation: Activation,
  gradient: Float32Array,
  y: Float32Array,
  readZ: () => Float32Array,
): void {
  if (activation === "linear") return;
  const n = gradient.length;
  const values = activation === "sign" ? readZ() : y;
  switch (activation) {
    case "tanh":
      for (let i = 0; i < n; i++) gradient[i]! *= 1 - values[i]! * values[i]!;
      return;
    case "relu":
      for (let i = 0; i < n; i++) if (values[i]! <= 0) gradient[i] = 0;
      return;
    case "sigmoid":
      for (let i = 0; i < n; i++) gradient[i]! *= values[i]! * (1 - values[i]!);
      return;
    case "sign":
      for (let i = 0; i < n; i++) if (Math.abs(values[i]!) > 1) gradient[i] = 0;
      return;
  }
}

/** +1 or -1; zero counts as +1, as wherever a real number becomes a spin. */
function signs(z: Float32Array): Float32Array {
  return z.map((value) => (value >= 0 ? 1 : -1));
}
