/** Dense layers: z = W x + b, and its gradients. Does not know activations. */
import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { Layer } from "../model.ts";
import type { Tf } from "./namespace.ts";
import { type Batched, columnSums, type LoadedLayer, read } from "./operation.ts";

export function loadDense(tf: Tf, layer: Layer): LoadedLayer {
  const kernel = tf.tensor2d(layer.kernel, [layer.outputs, layer.inputs]);
  const bias = tf.tensor1d(layer.bias);
  return {
    layer,
    apply({ tensor: x }: Batched) {
      // Not fused: the library's WebAssembly adds the bias wrongly where b is transposed.
      const z = tf.add(tf.matMul(x, kernel, false, true), bias) as Tensor2D;
      return {
        z,
        backward(gradient, wanted) {
          const dz = tf.tensor2d(gradient, z.shape); // (batch, outputs)
          const parameters = wanted.parameters
            ? [read(tf.matMul(dz, x, true, false)), columnSums(gradient, layer.outputs)]
            : [];
          return { parameters, inputs: wanted.inputs ? read(tf.matMul(dz, kernel)) : undefined };
        },
      };
    },
    dispose() {
      for (const tensor of [kernel, bias]) tensor.dispose();
    },
  };
}
