/** Runs a network, layer by layer. Does not know what it is trained for. */

import { type Backend, inScope, type Tf } from "../backend/backend.ts";
import { inputsOf, type Layer, outputsOf } from "../model.ts";
import { floatRows, type Rows } from "../rows.ts";
import { activate } from "./activation.ts";
import { loadConvolution } from "./convolution.ts";
import { loadDense } from "./dense.ts";
import { loadEnergy } from "./energy.ts";
import type { Applied, Batched, LoadedLayer } from "./operation.ts";

/** One layer's inputs and outputs for a batch, which the backward pass needs. */
export interface Pass extends Applied {
  readonly layer: Layer;
  readonly y: Batched; // (batch, outputs)
}

export function loadLayer(tf: Tf, layer: Layer): LoadedLayer {
  switch (layer.kind) {
    case "dense":
      return loadDense(tf, layer);
    case "energy":
      return loadEnergy(tf, layer);
    case "conv":
    case "conv_transpose":
      return loadConvolution(tf, layer);
  }
}

/** One pass per layer, first to last, for rows of `values`. The caller's `inScope` disposes them. */
export function forward(tf: Tf, layers: readonly LoadedLayer[], values: Float32Array): Pass[] {
  const width = layers[0]!.layer.inputs;
  let x: Batched = { values, tensor: tf.tensor2d(values, [values.length / width, width]) };
  return layers.map(({ layer, apply }) => {
    const { z, backward } = apply(x);
    x = activate(tf, layer.activation, z);
    return { layer, z, backward, y: x };
  });
}

/** Rows that a prediction handles at once; the result does not depend on this number. */
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
      return forward(tf, loaded, x).at(-1)!.y.values;
    });
    result.set(values, (row - start) * outputs);
  }
  for (const layer of loaded) layer.dispose();
  return result;
}

/** The outputs of the leading layers, as rows for the others. */
export function encode(backend: Backend, layers: readonly Layer[], inputs: Rows): Rows {
  if (layers.length === 0) return inputs;
  return floatRows(predict(backend, layers, inputs), outputsOf(layers));
}
