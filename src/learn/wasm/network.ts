/** A network in the kernel's memory, and its run. Does not know what it is trained for. */
import type { Network } from "../backend/contract.ts";
import { inputsOf, type Layer, outputsOf } from "../model.ts";
import { activate } from "./activation.ts";
import { convolution } from "./convolution.ts";
import { dense } from "./dense.ts";
import { energy } from "./energy.ts";
import { intake } from "./intake.ts";
import { type Room, room, view } from "./memory.ts";
import type { Operation } from "./operation.ts";
import {
  bringIn,
  type ParameterRoom,
  type Parameters,
  parameterRoom,
  twinsOf,
} from "./parameters.ts";

/** A layer with the addresses of what it takes and gives. */
export interface Placed extends Operation {
  readonly layer: Layer;
  /** (batch x inputs) */
  readonly x: number;
  /** (batch x outputs); in one place, unless y does not tell z. */
  readonly z: number;
  readonly y: number;
}

/** Lays out a network whose parameters are in memory. `x`: the address of the batch. */
export function place(
  layers: readonly Layer[],
  batch: number,
  x: number,
  parameters: (layer: Layer) => Parameters,
  here: Room,
): Placed[] {
  let from = x;
  return layers.map((layer) => {
    const z = here.floats(batch * layer.outputs);
    const y = layer.activation === "sign" ? here.floats(batch * layer.outputs) : z;
    const placed = { layer, x: from, z, y, ...operation(layer, parameters(layer), here) };
    from = y;
    return placed;
  });
}

function operation(layer: Layer, at: Parameters, here: Room): Operation {
  switch (layer.kind) {
    case "dense":
      return dense(layer, at);
    case "energy":
      return energy(layer);
    case "conv":
    case "conv_transpose":
      return convolution(layer, at, here);
  }
}

export function forward(network: readonly Placed[], rows: number): void {
  for (const { layer, x, z, y, forward } of network) {
    forward(x, rows, z);
    activate(layer.activation, z, rows * layer.outputs, y);
  }
}

/** The layers' parameters, brought into memory. */
export function parametersIn(layers: readonly Layer[], here: Room): ParameterRoom {
  const parameters = parameterRoom(layers, here);
  bringIn(layers.flatMap((layer) => twinsOf(layer, parameters.of(layer)!)));
  return parameters;
}

export function networkOf(layers: readonly Layer[], batch: number): Network {
  const here = room();
  const inputs = intake(batch, inputsOf(layers), here);
  const parameters = parametersIn(layers, here);
  const network = place(layers, batch, inputs.at, (layer) => parameters.of(layer)!, here);
  return {
    run(rows, picked) {
      inputs.take(rows, picked);
      forward(network, picked.length);
      return view(network.at(-1)!.y, picked.length * outputsOf(layers));
    },
    dispose: () => here.release(),
  };
}
