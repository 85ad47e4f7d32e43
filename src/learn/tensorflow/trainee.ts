/** A network that learns: TensorFlow.js multiplies matrices, the rest is plain loops over arrays. */
import type { Batch, Trainee, TraineeOptions } from "../backend/contract.ts";
import { inputsOf, outputsOf, parametersOf } from "../model.ts";
import { copyRows } from "../rows.ts";
import { step } from "../training/optimizer.ts";
import { addPenaltyGradient } from "../training/penalty.ts";
import { backward } from "./backward.ts";
import { forward, loadLayer } from "./forward.ts";
import { inScope, type Tf } from "./namespace.ts";

export function traineeOf(tf: Tf, options: TraineeOptions): Trainee {
  const { layers, batch, optimizer, state, penalties } = options;
  const free = layers.filter((layer) => !layer.frozen);
  const parameters = free.flatMap(parametersOf);
  const inputs = new Float32Array(batch * inputsOf(layers));
  const targets = new Float32Array(batch * outputsOf(layers));
  const fixed = layers.map((layer) => layer.frozen && loadLayer(tf, layer));
  const gradients = (...[x, y, picked]: Batch) => {
    copyRows(x, picked, inputs);
    copyRows(y, picked, targets);
    return inScope(tf, () => {
      const loaded = layers.map((layer, i) => fixed[i] || loadLayer(tf, layer));
      return backward(forward(tf, loaded, inputs), targets, options.loss);
    });
  };
  return {
    gradients,
    step(...rows) {
      const result = gradients(...rows);
      for (const [i, layer] of free.entries()) {
        const penalty = penalties.get(layer.name);
        if (penalty) addPenaltyGradient(result.gradients[2 * i]!, layer.kernel, penalty);
      }
      step(optimizer, state, parameters, result.gradients);
      return result.loss;
    },
    save() {},
    dispose() {
      for (const layer of fixed) if (layer) layer.dispose();
    },
  };
}
