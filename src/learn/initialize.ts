/** Initial weights from a random stream. Does not know which network they are for. */
import type { Generator } from "../random/generator.ts";

export const initializations = ["normal", "glorot_uniform"] as const;
export type Initialization = (typeof initializations)[number];

/**
 * `count` weights of a layer whose units have `inputs` inputs. `normal`: mean 0, variance 1/inputs, so that |W x|^2 is about |x|^2
 * a unit. `glorot_uniform`: uniform on +-sqrt(6/(inputs + outputs)) (Glorot and Bengio, AISTATS
 * 2010, equation 16).
 */
export function initialWeights(
  initialization: Initialization,
  inputs: number,
  outputs: number,
  random: Generator,
  count: number = inputs * outputs,
): Float32Array {
  const weights = new Float32Array(count);
  const deviation = 1 / Math.sqrt(inputs);
  const bound = Math.sqrt(6 / (inputs + outputs));
  for (let i = 0; i < weights.length; i++) {
    weights[i] =
      initialization === "normal"
        ? deviation * random.normal()
        : bound * (2 * random.float64() - 1);
  }
  return weights;
}
