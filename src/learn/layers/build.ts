/** Makes the network that training starts from. Does not know how layers are written in YAML. */
import type { Generator } from "../../random/generator.ts";
import { type Layer, type LayerSize, type Model, parameterSizes } from "../model.ts";
import { type Initialization, initialWeights } from "./initialize.ts";
import type { ResolvedLayer } from "./resolve-layers.ts";

/**
 * New layers get zero biases and initial weights from the stream of purpose "initialization" and the
 * layer's name; the layers of `models`, by port, are copied.
 */
export function buildLayers(
  resolved: readonly ResolvedLayer[],
  models: ReadonlyMap<string, Model>,
  initialization: Initialization,
  random: (purpose: string, name: string) => Generator,
): Layer[] {
  return resolved.map((layer): Layer => {
    if (layer.source === "new") {
      const { source: _, penalty: __, ...size } = layer;
      const { rows, columns, biases } = parameterSizes(size);
      const { inputs, outputs } = fans(size);
      const stream = random("initialization", layer.name);
      const kernel = initialWeights(initialization, inputs, outputs, stream, rows * columns);
      // A layer without parameters stays as it is.
      return { ...size, kernel, bias: new Float32Array(biases), frozen: rows === 0 };
    }
    const model = models.get(layer.port)!;
    const original = model.layers.find((one) => one.name === layer.original)!;
    const frozen = layer.frozen || original.kernel.length === 0;
    return { ...original, name: layer.name, frozen };
  });
}

/** How many inputs an output has, and how many outputs an input. */
function fans(layer: LayerSize): { inputs: number; outputs: number } {
  if (layer.kind === "dense" || layer.kind === "energy") return layer;
  const { side, stride, fine, coarse } = layer.windows;
  const [window, overlap] = [side * side * fine, ((side * side) / (stride * stride)) * coarse];
  return layer.kind === "conv"
    ? { inputs: window, outputs: overlap }
    : { inputs: overlap, outputs: window };
}
