/** Runs a network in TensorFlow.js, layer by layer. Does not know what it is trained for. */
import type { Network } from "../backend/contract.ts";
import { inputsOf, type Layer } from "../model.ts";
import { copyRows } from "../rows.ts";
import { activate } from "./activation.ts";
import { loadConvolution } from "./convolution.ts";
import { loadDense } from "./dense.ts";
import { loadEnergy } from "./energy.ts";
import { inScope, type Tf } from "./namespace.ts";
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

export function networkOf(tf: Tf, layers: readonly Layer[]): Network {
  const loaded = layers.map((layer) => loadLayer(tf, layer));
  const width = inputsOf(layers);
  return {
    run(inputs, picked) {
      const x = new Float32Array(picked.length * width);
      copyRows(inputs, picked, x);
      return inScope(tf, () => forward(tf, loaded, x).at(-1)!.y.values);
    },
    dispose() {
      for (const layer of loaded) layer.dispose();
    },
  };
}
