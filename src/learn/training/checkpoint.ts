/**
 * The state of a training as a table, so that it can be stored and continued: one row with the
 * scalars, then one row per array, in a fixed order. Knows neither Arrow nor the engine.
 */
import { copyLayers, type Layer, parametersOf } from "../model.ts";
import { initialState, type OptimizerSpec } from "./optimizer.ts";
import type { TrainingState } from "./train.ts";

export const checkpointColumns = {
  spec: { type: "utf8" },
  values: { type: "list", item: "float32" },
} as const;

export type Checkpoint = {
  readonly spec: readonly string[];
  readonly values: readonly Float32Array[];
};

interface Scalars {
  readonly epoch: number;
  readonly power1: number;
  readonly power2: number;
  readonly best: { readonly epoch: number; readonly loss: number } | null;
}

export function writeCheckpoint({ epoch, layers, optimizer, best }: TrainingState): Checkpoint {
  const { power1, power2, moments } = optimizer;
  const kept = best ? { epoch: best.epoch, loss: best.loss } : null;
  // JSON gives every float64 back exactly.
  const scalars: Scalars = { epoch, power1, power2, best: kept };
  const arrays = [
    ...layers.flatMap(parametersOf),
    ...moments,
    ...(best?.layers.flatMap(parametersOf) ?? []),
  ];
  return {
    spec: [JSON.stringify(scalars), ...arrays.map(() => "")],
    values: [new Float32Array(0), ...arrays],
  };
}

/** `layers`: the network that the training started from. */
export function readCheckpoint(
  { spec, values }: Checkpoint,
  layers: readonly Layer[],
  optimizer: OptimizerSpec,
): TrainingState {
  const scalars = JSON.parse(spec[0]!) as Scalars;
  let next = 1;
  const filled = (arrays: readonly Float32Array[]) => {
    for (const array of arrays) array.set(values[next++]!);
  };
  const network = () => {
    const copies = copyLayers(layers);
    filled(copies.flatMap(parametersOf));
    return copies;
  };
  const current = network();
  const trained = layers.filter(({ frozen }) => !frozen).flatMap(parametersOf);
  const sizes = trained.map((array) => array.length);
  const { moments } = initialState(optimizer, sizes);
  filled(moments);
  const { epoch, power1, power2 } = scalars;
  return {
    epoch,
    layers: current,
    optimizer: { power1, power2, moments },
    ...(scalars.best ? { best: { ...scalars.best, layers: network() } } : {}),
  };
}
