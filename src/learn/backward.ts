/**
 * The gradient of a loss with respect to every trainable parameter, by the chain rule written out.
 * The backend multiplies the matrices; what is element by element is done here, which is faster
 * than a backend's call per operation at these sizes. Does not know optimizers.
 */
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { toPreactivation } from "./activation.ts";
import type { Tf } from "./backend.ts";
import type { Pass } from "./forward.ts";
import { lossGradient, lossOf } from "./loss.ts";
import type { Loss } from "./model.ts";

export interface Gradients {
  /** Of the batch, without penalties. */
  readonly loss: number;
  /** Kernel (outputs x inputs) and bias of each layer that is not frozen, first to last. */
  readonly gradients: readonly Float32Array[];
}

/** `passes` from `forward`, `targets` (batch, outputs). Leaves tensors for the caller's `inScope`. */
export function backward(
  tf: Tf,
  passes: readonly Pass[],
  targets: Float32Array,
  loss: Loss,
): Gradients {
  const last = passes.at(-1)!;
  const activation = last.loaded.layer.activation;
  const y = last.y.values;
  const value = lossOf(loss, activation, y, targets);
  const lowest = passes.findIndex(({ loaded }) => !loaded.layer.frozen);
  const gradients: Float32Array[] = [];
  let gradient = lossGradient(loss, activation, y, targets);
  for (let i = passes.length - 1; i >= lowest && lowest >= 0; i--) {
    const { loaded, x, z, y: output } = passes[i]!;
    const { layer, kernel } = loaded;
    const top = i === passes.length - 1;
    // For bce the gradient of the loss is one with respect to z already.
    if (!top || loss === "mse") {
      toPreactivation(layer.activation, gradient, output.values, () => read(z));
    }
    const dz = tf.tensor2d(gradient, z.shape); // (batch, outputs)
    if (!layer.frozen) {
      const bias = columnSums(gradient, layer.outputs);
      gradients.unshift(read(tf.matMul(dz, x, true, false)), bias); // (outputs, inputs)
    }
    if (i > lowest) gradient = read(tf.matMul(dz, kernel)); // (batch, inputs)
  }
  return { loss: value, gradients };
}

function read(tensor: Tensor2D): Float32Array {
  return tensor.dataSync() as Float32Array;
}

function columnSums(values: Float32Array, columns: number): Float32Array {
  const sums = new Float64Array(columns);
  for (let i = 0; i < values.length; i += columns) {
    for (let j = 0; j < columns; j++) sums[j]! += values[i + j]!;
  }
  return Float32Array.from(sums);
}
