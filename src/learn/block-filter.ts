/**
 * Encoders that are one filter for every block, and so no matter of size: the filter out of a model, and
 * into one. Knows neither how a filter is learned nor what it does to spins.
 */
import { codeLayer, type Layer, type LayerSize } from "./model.ts";
import { convolutionSize } from "./model-table.ts";

/** What `lattice/block-filter.ts` applies. */
interface Filter {
  /** Sites a side of a window. */
  readonly side: number;
  /** Sites from one window to the next, a side: b. */
  readonly stride: number;
  /** A weight for each site of the window, row by row. */
  readonly weights: ArrayLike<number>;
}

/**
 * The code layer of a model, if it is one filter on spins: the first layer, a convolution with one channel.
 * Throws a RangeError else.
 */
export function filterLayer<L extends LayerSize>(layers: readonly L[]): L & { kind: "conv" } {
  const code = codeLayer(layers);
  if (code === layers[0] && code.kind === "conv") {
    const { fine, coarse, stride } = code.windows;
    if (fine === 1 && coarse === 1 && stride > 1) return code as L & { kind: "conv" };
  }
  const wanted = "expected a first layer conv with one channel and a stride of 2 or more";
  throw new RangeError(`has a code that is not one filter for every block: ${wanted}`);
}

/**
 * The filter of a trained layer. Its bias is left out, so that block spins have the symmetry of the
 * spins; and since a code and its negative are one code, the sum of the weights is made positive.
 */
export function filterOf({ windows, kernel }: Layer & { kind: "conv" }): Filter {
  const { side, stride } = windows;
  return { side, stride, weights: upright(kernel) };
}

/** The weights or their negatives, whichever have the larger sum. */
export function upright<W extends Float32Array | Float64Array>(weights: W): W {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return sum < 0 ? (weights.map((weight) => -weight) as W) : weights;
}

/** The layer `code` that has this filter, for lattices of `size` sites a side. */
export function layerOf({ side, stride, weights }: Filter, size: number): Layer {
  const width = size / stride;
  const windows = { rows: width, columns: width, stride, side, fine: 1, coarse: 1 };
  return {
    ...convolutionSize("conv", "code", windows),
    activation: "tanh",
    kernel: Float32Array.from(weights),
    bias: new Float32Array(1),
    frozen: false,
  };
}
