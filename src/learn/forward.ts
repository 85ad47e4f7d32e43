/** Runs a network: y = activation(W x + b), layer by layer. Does not know what it is trained for. */
import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { type Activated, activate } from "./activation.ts";
import { type Backend, inScope, type Tf } from "./backend.ts";
import { inputsOf, type Layer, outputsOf } from "./model.ts";
import { floatRows, type Rows } from "./rows.ts";

/** A layer whose parameters are where the backend can use them. */
export interface LoadedLayer {
  readonly layer: Layer;
  readonly kernel: Tensor2D; // (outputs, inputs)
  readonly transposed: Tensor2D; // (inputs, outputs)
  readonly bias: Tensor1D;
}

/** What one layer did with a batch: what the backward pass needs. */
export interface Pass {
  readonly loaded: LoadedLayer;
  readonly x: Tensor2D; // (batch, inputs)
  readonly z: Tensor2D; // (batch, outputs)
  readonly y: Activated; // (batch, outputs)
}

export function loadLayer(tf: Tf, layer: Layer): LoadedLayer {
  const kernel = tf.tensor2d(layer.kernel, [layer.outputs, layer.inputs]);
  return { layer, kernel, transposed: tf.transpose(kernel), bias: tf.tensor1d(layer.bias) };
}

export function unloadLayer({ kernel, transposed, bias }: LoadedLayer): void {
  kernel.dispose();
  transposed.dispose();
  bias.dispose();
}

/** One pass per layer, first to last. The caller disposes, best by `inScope`. */
export function forward(tf: Tf, layers: readonly LoadedLayer[], batch: Tensor2D): Pass[] {
  let x = batch;
  return layers.map((loaded) => {
    const { transposed, bias, layer } = loaded;
    const z = tf.fused.matMul({ a: x, b: transposed, bias }) as Tensor2D;
    const pass = { loaded, x, z, y: activate(tf, layer.activation, z) };
    x = pass.y.tensor;
    return pass;
  });
}

/** Rows that a prediction handles at once; the result does not depend on it. */
const batchRows = 1024;

/**
 * The network's outputs for rows `start` to `end` (exclusive; default: all), row after row.
 * Throws a RangeError if the rows are not as wide as the network's input.
 */
export function predict(
  { tf }: Backend,
  layers: readonly Layer[],
  inputs: Rows,
  start = 0,
  end = inputs.rows,
): Float32Array {
  const [width, outputs] = [inputsOf(layers), outputsOf(layers)];
  if (inputs.width !== width) {
    throw new RangeError(`the network takes ${width} numbers a row, got ${inputs.width}`);
  }
  const result = new Float32Array((end - start) * outputs);
  const loaded = layers.map((layer) => loadLayer(tf, layer));
  for (let row = start; row < end; row += batchRows) {
    const rows = Math.min(batchRows, end - row);
    const values = inScope(tf, () => {
      const x = new Float32Array(rows * width);
      for (let i = 0; i < rows; i++) inputs.copy(row + i, x, i * width);
      const passes = forward(tf, loaded, tf.tensor2d(x, [rows, width]));
      return passes.at(-1)!.y.values;
    });
    result.set(values, (row - start) * outputs);
  }
  loaded.forEach(unloadLayer);
  return result;
}

/** The outputs of the leading layers as the inputs of the rest. */
export function encode(backend: Backend, layers: readonly Layer[], inputs: Rows): Rows {
  if (layers.length === 0) return inputs;
  return floatRows(predict(backend, layers, inputs), outputsOf(layers));
}
