/** Puts configurations through a network again and again. Does not know what the network is. */
import type { Generator } from "../random/generator.ts";
import type { Backend } from "./backend/contract.ts";
import { drawSpins } from "./boltzmann.ts";
import { predict } from "./layers/forward.ts";
import type { Model } from "./model.ts";
import { floatRows } from "./rows.ts";
import { asSpins } from "./training/loss.ts";

/**
 * How an image becomes the next input: `sample` draws the spins of every layer from their means,
 * `sign` takes the image's signs, `none` the image as it is.
 */
export const binarizations = ["sample", "sign", "none"] as const;
export type Binarization = (typeof binarizations)[number];

/** `values` after one step, row after row. `random` is asked once for each layer that is drawn. */
export function iterate(
  backend: Backend,
  { layers, loss }: Model,
  values: Float32Array,
  binarize: Binarization,
  random: (layer: number) => Generator,
): Float32Array {
  if (binarize === "sample") {
    return layers.reduce(
      (rows, layer, i) =>
        drawSpins(predict(backend, [layer], floatRows(rows, layer.inputs)), random(i)),
      values,
    );
  }
  const { activation } = layers.at(-1)!;
  const image = predict(backend, layers, floatRows(values, layers[0]!.inputs));
  const spins = asSpins(loss, activation, image);
  return binarize === "sign" ? signsOf(spins, activation === "relu") : spins;
}

/** Zero counts as +1, but for outputs that are never below it. */
export function signsOf(values: Float32Array, strictly = false): Float32Array {
  return values.map((value) => (value > 0 || (value === 0 && !strictly) ? 1 : -1));
}
