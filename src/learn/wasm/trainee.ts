/**
 * A network that learns, wholly in the kernel's memory: parameters, moments, gradients and a batch. A
 * step is a row of calls of the kernel. Does not know where the data come from.
 */
import type { Batch, Trainee, TraineeOptions } from "../backend/contract.ts";
import { inputsOf, type Layer, outputsOf } from "../model.ts";
import { toPreactivation } from "./activation.ts";
import { intake } from "./intake.ts";
import { kernel, padded } from "./kernel.ts";
import { type Room, room, view } from "./memory.ts";
import { forward, type Placed, parametersIn, place } from "./network.ts";
import { optimize } from "./optimize.ts";
import {
  bringIn,
  bringOut,
  type ParameterRoom,
  parameterRoom,
  type Twin,
  twinsOf,
} from "./parameters.ts";

export function traineeOf(options: TraineeOptions): Trainee {
  const { layers, penalties, optimizer, state } = options;
  const here = room();
  const free = layers.filter((layer) => !layer.frozen);
  const learned = parametersIn(free, here);
  const slopes = parameterRoom(free, here);
  const moments = momentsIn(options, free, here);
  bringIn(moments.twins);
  const pass = passOf(options, learned, slopes, here);
  const twins = (of: ParameterRoom) => free.flatMap((layer) => twinsOf(layer, of.of(layer)!));
  return {
    gradients(...rows) {
      const loss = pass(rows);
      const arrays = twins(slopes).map(({ array, at }) => view(at, array.length).slice());
      return { loss, gradients: arrays };
    },
    step(...rows) {
      const loss = pass(rows);
      for (const layer of free) {
        const penalty = penalties.get(layer.name);
        if (!penalty) continue;
        const [to, weights] = [slopes.of(layer)!.kernel, learned.of(layer)!.kernel];
        kernel.penalize(to, weights, padded(layer.kernel.length), penalty.l1, penalty.l2);
      }
      optimize(optimizer, state, learned, slopes, moments.at);
      return loss;
    },
    save() {
      bringOut([...twins(learned), ...moments.twins]);
    },
    dispose: () => here.release(),
  };
}

/** What the optimizer remembers: one or two numbers for each parameter. */
function momentsIn({ optimizer, state }: TraineeOptions, free: readonly Layer[], here: Room) {
  // The state has the moments array by array, all of one array beside each other.
  const each = optimizer.kind === "adam" ? 2 : 1;
  const rooms = Array.from({ length: each }, () => parameterRoom(free, here));
  const twins = rooms.flatMap((one, i): Twin[] =>
    free.flatMap((layer, l) => {
      const arrays = [2 * l, 2 * l + 1].map((array) => state.moments[each * array + i]!);
      return twinsOf(layer, one.of(layer)!, arrays);
    }),
  );
  return { at: rooms.map(({ at }) => at), twins };
}

/** Takes a batch forward and back: the gradients come to `slopes`. Returns the loss. */
function passOf(
  options: TraineeOptions,
  learned: ParameterRoom,
  slopes: ParameterRoom,
  here: Room,
): (rows: Batch) => number {
  const { layers, batch } = options;
  const inputs = intake(batch, inputsOf(layers), here);
  const targets = intake(batch, outputsOf(layers), here);
  const fixed = parametersIn(
    layers.filter((layer) => layer.frozen),
    here,
  );
  const parameters = (layer: Layer) => (learned.of(layer) ?? fixed.of(layer))!;
  const network = place(layers, batch, inputs.at, parameters, here);
  const widest = Math.max(...layers.flatMap((layer) => [layer.inputs, layer.outputs]));
  const flows = [here.floats(batch * widest), here.floats(batch * widest)] as const;
  return ([x, y, picked]) => {
    inputs.take(x, picked);
    if (x !== y) targets.take(y, picked);
    forward(network, batch);
    return backward(network, options, x === y ? inputs.at : targets.at, flows, slopes);
  };
}

/** Returns the loss. Gradients with respect to a layer's outputs and inputs lie in the two `flows`. */
function backward(
  network: readonly Placed[],
  { loss, batch }: TraineeOptions,
  targets: number,
  flows: readonly [number, number],
  slopes: ParameterRoom,
): number {
  let [gradient, next] = flows;
  const value = lossAt(loss, network.at(-1)!, targets, gradient, batch);
  const lowest = network.findIndex(({ layer }) => !layer.frozen);
  for (let i = network.length - 1; i >= lowest && lowest >= 0; i--) {
    const { layer, x, z, y, backward } = network[i]!;
    // For bce the loss's gradient is with respect to z already.
    if (i < network.length - 1 || loss === "mse") {
      toPreactivation(layer.activation, gradient, z, y, batch * layer.outputs);
    }
    backward(x, batch, gradient, slopes.of(layer), i > lowest ? next : 0);
    [gradient, next] = [next, gradient];
  }
  return value;
}

/** The loss of a batch; its gradient goes to `gradient`. */
function lossAt(
  loss: TraineeOptions["loss"],
  { layer, y }: Placed,
  t: number,
  gradient: number,
  batch: number,
): number {
  const n = batch * layer.outputs;
  if (loss === "mse") return kernel.squaredErrors(y, t, gradient, n, 2 / n) / n;
  const [scale, shift] = layer.activation === "sigmoid" ? [1, 0] : [0.5, 0.5];
  return kernel.crossEntropy(y, t, gradient, n, scale!, shift!, 1 / n) / n;
}
