/**
 * What a network is: layers with their parameters, in float32 arrays. Does not know how to run or
 * train one, and loads no backend.
 */

export const activations = ["linear", "tanh", "relu", "sigmoid", "sign"] as const;
export type Activation = (typeof activations)[number];

export const losses = ["mse", "bce"] as const;
export type Loss = (typeof losses)[number];

/**
 * How a convolution's windows lie on the periodic lattice: one window of `side` x `side` sites for
 * each of `rows` x `columns` coarse sites, `stride` fine sites apart. `fine` and `coarse` are the
 * numbers a site (channels), which vary fastest.
 */
export interface Windows {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly side: number;
  readonly fine: number;
  readonly coarse: number;
}

interface Size {
  /** Unique in its network. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
}
export interface ConvolutionSize extends Size {
  readonly kind: "conv" | "conv_transpose";
  readonly windows: Windows;
}
/** Name, kind and sizes of a layer, which are known before its numbers are. */
export type LayerSize =
  | (Size & { readonly kind: "dense" })
  | (Size & { readonly kind: "energy" })
  | ConvolutionSize;

/**
 * y = activation(z). What z is depends on the kind:
 *
 * - `dense`: W x + b, with W `outputs` rows of `inputs` numbers (hidden x visible).
 * - `conv`: the same small W for every window; W has a row for each coarse channel, with the numbers
 *   of a window (row, column, fine channel); b a number for each coarse channel.
 * - `conv_transpose`: every coarse site adds W^T x to its window; W has a row for each coarse channel
 *   as above, b a number for each fine channel.
 * - `energy`: -sum over nearest neighbours of x x' / N on the periodic square lattice of N inputs;
 *   without parameters.
 */
export type Layer = LayerSize & {
  readonly activation: Activation;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  /** Training left its parameters as they were. */
  readonly frozen: boolean;
};

/** A column that a network learned to read, and the values that it was shown. */
export interface Target {
  readonly column: string;
  readonly from: number;
  readonly to: number;
}

export interface Model {
  /** At least one; each takes the outputs of the one before. */
  readonly layers: readonly Layer[];
  /** What training minimized; `likelihood` for a Boltzmann machine, whose layers are mean fields. */
  readonly loss: Loss | "likelihood";
  /** Ids of the chains that it was fitted or stopped on, sorted; with those of the models it uses. */
  readonly chains: readonly string[];
  /** What the number is, for a network that learned one number a row. */
  readonly target?: Target;
  /** The shape of its rows, if only that shows that they are not a square lattice. */
  readonly shape?: readonly number[] | undefined;
}

export function inputsOf(layers: readonly { readonly inputs: number }[]): number {
  return layers[0]!.inputs;
}

export function outputsOf(layers: readonly { readonly outputs: number }[]): number {
  return layers.at(-1)!.outputs;
}

/** The layers up to and including the named one; throws a RangeError if no layer has the name. */
export function until<L extends { readonly name: string }>(
  layers: readonly L[],
  name: string,
): readonly L[] {
  const at = layers.findIndex((layer) => layer.name === name);
  if (at >= 0) return layers.slice(0, at + 1);
  const names = layers.map((layer) => JSON.stringify(layer.name)).join(", ");
  throw new RangeError(`must be a layer of the model (${names}), got ${JSON.stringify(name)}`);
}

/** The layer whose output is the code: the one named "code", else the first of the narrowest. */
export function codeLayer<L extends { readonly name: string; readonly outputs: number }>(
  layers: readonly L[],
): L {
  const named = layers.find((layer) => layer.name === "code");
  return named ?? layers.reduce((best, layer) => (layer.outputs < best.outputs ? layer : best));
}

/** Rows and columns of a layer's W, and how many numbers b has. */
export function parameterSizes(layer: LayerSize): {
  readonly rows: number;
  readonly columns: number;
  readonly biases: number;
} {
  const { inputs, outputs } = layer;
  if (layer.kind === "energy") return { rows: 0, columns: 0, biases: 0 };
  if (layer.kind === "dense") return { rows: outputs, columns: inputs, biases: outputs };
  const { side, fine, coarse } = layer.windows;
  const biases = layer.kind === "conv" ? coarse : fine;
  return { rows: coarse, columns: side * side * fine, biases };
}

/** Outputs of a unit from this on count as spin +1. */
export function codeThreshold(activation: Activation): number {
  if (activation === "relu") return 2 ** -149; // The smallest float32 above 0.
  return activation === "sigmoid" ? 0.5 : 0;
}

/** A layer's arrays in the order that optimizers and checkpoints use. */
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
