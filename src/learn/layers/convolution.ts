/**
 * Convolutions on a periodic lattice, and their transposes, as matrix products with the windows
 * gathered first (Chellapilla, Puri, Simard 2006): so both backends have every gradient, although
 * one of them lacks the kernel `Conv2DBackpropFilter`, and sums have one order.
 */
import type { Tf } from "../backend/backend.ts";
import type { Layer } from "../model.ts";
import { type Applied, type Batched, columnSums, type LoadedLayer, read } from "./operation.ts";
import { fineSize, gather, scatter, windowIndex } from "./windows.ts";

type ConvolutionLayer = Layer & { readonly kind: "conv" | "conv_transpose" };

export function loadConvolution(tf: Tf, layer: ConvolutionLayer): LoadedLayer {
  const { windows, kind } = layer;
  const { coarse, fine, side } = windows;
  const width = side * side * fine; // Numbers in a window.
  const index = windowIndex(windows);
  const kernel = tf.tensor2d(layer.kernel, [coarse, width]);
  const bias = tf.tensor1d(layer.bias);
  const size = fineSize(windows);
  const matrix = (values: Float32Array, columns: number) =>
    tf.tensor2d(values, [values.length / columns, columns]);

  function conv({ values: x, tensor }: Batched): Applied {
    const seen = matrix(gather(x, size, index), width); // (batch x sites, window)
    const z = tf.fused.matMul({ a: seen, b: kernel, transposeB: true, bias });
    return {
      z: tf.reshape(z, [tensor.shape[0], layer.outputs]),
      backward(gradient, wanted) {
        const dz = matrix(gradient, coarse);
        const parameters = wanted.parameters
          ? [read(tf.matMul(dz, seen, true, false)), columnSums(gradient, coarse)]
          : [];
        const inputs = wanted.inputs
          ? scatter(read(tf.matMul(dz, kernel)), size, index)
          : undefined;
        return { parameters, inputs };
      },
    };
  }

  function convTranspose({ values, tensor }: Batched): Applied {
    const x = matrix(values, coarse); // (batch x sites, coarse channels)
    const z = scatter(read(tf.matMul(x, kernel)), size, index);
    for (let i = 0; i < z.length; i += fine) {
      for (let channel = 0; channel < fine; channel++) z[i + channel]! += layer.bias[channel]!;
    }
    return {
      z: tf.tensor2d(z, [tensor.shape[0], size]),
      backward(gradient, wanted) {
        const dz = matrix(gather(gradient, size, index), width);
        const parameters = wanted.parameters
          ? [read(tf.matMul(x, dz, true, false)), columnSums(gradient, fine)]
          : [];
        const inputs = wanted.inputs ? read(tf.matMul(dz, kernel, false, true)) : undefined;
        return { parameters, inputs };
      },
    };
  }

  return {
    layer,
    apply: kind === "conv" ? conv : convTranspose,
    dispose() {
      for (const tensor of [kernel, bias]) tensor.dispose();
    },
  };
}
