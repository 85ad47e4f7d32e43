/** Initial weights from a random stream. Does not know which network they are for. */
import type { Generator } from "../../random/generator.ts";

export const initializations = ["normal", "half_normal", "glorot_uniform"] as const;
export type Initialization = (typeof initializations)[number];

/**
 * `count` weights of a layer whose units have `inputs` inputs. `normal`: mean 0, variance 1/inputs, so
 * that |W x|^2 is about |x|^2 a unit; `half_normal`: their absolute values, so that all units begin
 * with one sign; `glorot_uniform`: uniform on +-sqrt(6/(inputs + outputs)) (Glorot and Bengio, AISTATS
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
  const draw = {
    normal: () => deviation * random.normal(),
    half_normal: () => Math.abs(deviation * random.normal()),
    glorot_uniform: () => bound * (2 * random.float64() - 1),
  }[initialization];
  for (let i = 0; i < weights.length; i++) weights[i] = draw();
  return weights;
}
