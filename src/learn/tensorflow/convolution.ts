/**
 * Convolutions on a periodic lattice, and their transposes, as matrix products with the windows
 * gathered first (Chellapilla, Puri, Simard 2006): so every gradient is a product, which all
 * builds of the library have; its wasm one lacks the kernel `Conv2DBackpropFilter`.
 */
import { fineSize, windowCells } from "../layers/windows.ts";
import type { Layer } from "../model.ts";
import type { Tf } from "./namespace.ts";
import { type Applied, type Batched, columnSums, type LoadedLayer, read } from "./operation.ts";

type ConvolutionLayer = Layer & { readonly kind: "conv" | "conv_transpose" };

export function loadConvolution(tf: Tf, layer: ConvolutionLayer): LoadedLayer {
  const { windows, kind } = layer;
  const { rows, columns, coarse, fine, side } = windows;
  const width = side * side * fine; // Numbers in a window.
  const cells = windowCells(windows);
  const index = Int32Array.from({ length: rows * columns * width }, (_, i) => {
    return cells[Math.floor(i / fine)]! + (i % fine);
  });
  const kernel = tf.tensor2d(layer.kernel, [coarse, width]);
  const bias = tf.tensor1d(layer.bias);
  const size = fineSize(windows);
  const matrix = (values: Float32Array, columns: number) =>
    tf.tensor2d(values, [values.length / columns, columns]);

  function conv({ values: x, tensor }: Batched): Applied {
    const seen = matrix(gather(x, size, index), width); // (batch x sites, window)
    const z = tf.add(tf.matMul(seen, kernel, false, true), bias);
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

/** The windows of every row of `values`, which have `size` numbers each. */
function gather(values: Float32Array, size: number, index: Int32Array): Float32Array {
  const rows = values.length / size;
  const result = new Float32Array(rows * index.length);
  for (let row = 0, at = 0; row < rows; row++) {
    const start = row * size;
    for (let i = 0; i < index.length; i++) result[at++] = values[start + index[i]!]!;
  }
  return result;
}

/** The transpose of `gather`: adds every window to its place, in order. */
function scatter(values: Float32Array, size: number, index: Int32Array): Float32Array {
  const rows = values.length / index.length;
  const result = new Float32Array(rows * size);
  for (let row = 0, at = 0; row < rows; row++) {
    const start = row * size;
    for (let i = 0; i < index.length; i++) result[start + index[i]!]! += values[at++]!;
  }
  return result;
}
