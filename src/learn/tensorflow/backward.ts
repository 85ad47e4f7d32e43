/**
 * The gradient of a loss with respect to every trainable parameter, by the chain rule written out.
 * TensorFlow.js multiplies the matrices. The work per element is done here: at these sizes that is
 * faster than a call of the library for each operation. Does not know optimizers.
 */
import type { Loss } from "../model.ts";
import { lossWithGradient } from "../training/loss.ts";
import { toPreactivation } from "./activation.ts";
import type { Pass } from "./forward.ts";
import { read } from "./operation.ts";

export interface Gradients {
  /** The loss of the batch, without penalties. */
  readonly loss: number;
  /** Gradients of the kernel and bias of each layer that is not frozen, first to last. */
  readonly gradients: readonly Float32Array[];
}

/** `passes` from `forward`, `targets` (batch, outputs). Leaves tensors for the caller's `inScope`. */
export function backward(passes: readonly Pass[], targets: Float32Array, loss: Loss): Gradients {
  const last = passes.at(-1)!;
  const { activation } = last.layer;
  const y = last.y.values;
  const lowest = passes.findIndex(({ layer }) => !layer.frozen);
  const gradients: Float32Array[] = [];
  const { value, gradient: atOutput } = lossWithGradient(loss, activation, y, targets);
  let gradient = atOutput;
  for (let i = passes.length - 1; i >= lowest && lowest >= 0; i--) {
    const { layer, z, y: output, backward } = passes[i]!;
    const top = i === passes.length - 1;
    // For bce the loss's gradient is with respect to z already.
    if (!top || loss === "mse") {
      toPreactivation(layer.activation, gradient, output.values, () => read(z));
    }
    const result = backward(gradient, { parameters: !layer.frozen, inputs: i > lowest });
    gradients.unshift(...result.parameters);
    if (result.inputs) gradient = result.inputs;
  }
  return { loss: value, gradients };
}
