/**
 * What a network is: layers with their parameters, in float32 arrays. Does not know how to run or
 * train one, and loads no backend.
 */

export const activations = ["linear", "tanh", "relu", "sigmoid", "sign"] as const;
export type Activation = (typeof activations)[number];

export const losses = ["mse", "bce"] as const;
export type Loss = (typeof losses)[number];

/**
 * y = activation(W x + b). Another kind of layer joins here as another member of a union by `kind`,
 * and in forward.ts, backward.ts and model-table.ts.
 */
export interface Layer {
  readonly kind: "dense";
  /** Unique in its network. */
  readonly name: string;
  readonly activation: Activation;
  readonly inputs: number;
  readonly outputs: number;
  /** W, hidden x visible: `outputs` rows of `inputs` numbers. */
  readonly kernel: Float32Array;
  /** b: one number an output. */
  readonly bias: Float32Array;
  /** Was left as it came when the network was trained. */
  readonly frozen: boolean;
}

export interface Model {
  /** At least one; each takes what the one before gives. */
  readonly layers: readonly Layer[];
  readonly loss: Loss;
  /** Ids of the chains that it was fitted or stopped on, sorted; with those of the models it uses. */
  readonly chains: readonly string[];
}

/** Name and sizes of a layer: what is known of it before its numbers are. */
export type LayerSize = Pick<Layer, "name" | "inputs" | "outputs">;

export function inputsOf(layers: readonly LayerSize[]): number {
  return layers[0]!.inputs;
}

export function outputsOf(layers: readonly LayerSize[]): number {
  return layers.at(-1)!.outputs;
}

/** The layers up to and including the named one; throws a RangeError if there is none such. */
export function until<L extends LayerSize>(layers: readonly L[], name: string): readonly L[] {
  const at = layers.findIndex((layer) => layer.name === name);
  if (at >= 0) return layers.slice(0, at + 1);
  const names = layers.map((layer) => JSON.stringify(layer.name)).join(", ");
  throw new RangeError(`must be a layer of the model (${names}), got ${JSON.stringify(name)}`);
}

/** The layer whose output is the code: the one named "code", else the first of the narrowest. */
export function codeLayer<L extends LayerSize>(layers: readonly L[]): L {
  const named = layers.find((layer) => layer.name === "code");
  return named ?? layers.reduce((best, layer) => (layer.outputs < best.outputs ? layer : best));
}

/** Weights and biases of one layer kind in one order: how optimizers and checkpoints see them. */
export function parametersOf(layer: Layer): readonly Float32Array[] {
  return [layer.kernel, layer.bias];
}

/** The same layers with parameters of their own. */
export function copyLayers(layers: readonly Layer[]): Layer[] {
  return layers.map((layer) => ({
    ...layer,
    kernel: layer.kernel.slice(),
    bias: layer.bias.slice(),
  }));
}
