/** Makes the network that training starts from. Does not know how layers are written in YAML. */
import type { Generator } from "../random/generator.ts";
import { type Initialization, initialWeights } from "./initialize.ts";
import type { Layer, Model } from "./model.ts";
import type { ResolvedLayer } from "./resolve-layers.ts";

/**
 * New layers with initial weights, from the stream of purpose "initialization" and the layer's
 * name, and zero biases; and copies of the layers of `models`, which are given by port.
 */
export function buildLayers(
  resolved: readonly ResolvedLayer[],
  models: ReadonlyMap<string, Model>,
  initialization: Initialization,
  random: (purpose: string, name: string) => Generator,
): Layer[] {
  return resolved.map((layer): Layer => {
    const { name, inputs, outputs } = layer;
    if (layer.source === "new") {
      const { activation } = layer;
      const stream = random("initialization", name);
      const kernel = initialWeights(initialization, inputs, outputs, stream);
      const bias = new Float32Array(outputs);
      return { kind: "dense", name, activation, inputs, outputs, kernel, bias, frozen: false };
    }
    const model = models.get(layer.port)!;
    const original = model.layers.find((one) => one.name === layer.original)!;
    return { ...original, name, frozen: layer.frozen };
  });
}
