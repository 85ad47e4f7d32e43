/** What a backend does: it runs networks and trains them. Knows none. */
import type { Layer, Loss } from "../model.ts";
import type { Rows } from "../rows.ts";
import type { OptimizerSpec, OptimizerState } from "../training/optimizer.ts";
import type { Penalty } from "../training/penalty.ts";
import type { BackendName } from "./description.ts";

export interface Backend {
  readonly name: BackendName;
  /** The version of what computes. */
  readonly version: string;
  /** A network for batches of up to `rows` rows. */
  network(layers: readonly Layer[], rows: number): Network;
  trainee(options: TraineeOptions): Trainee;
}

/** A network that is ready to run. */
export interface Network {
  /** The outputs for the picked rows. They hold until the next call. */
  run(inputs: Rows, picked: ArrayLike<number>): Float32Array;
  dispose(): void;
}

export interface TraineeOptions {
  /** Frozen layers stay as they are. */
  readonly layers: readonly Layer[];
  readonly loss: Loss;
  /** Penalties on the kernels of these layers, by name. */
  readonly penalties: ReadonlyMap<string, Penalty>;
  readonly optimizer: OptimizerSpec;
  readonly state: OptimizerState;
  /** Rows in a batch. */
  readonly batch: number;
}

/** Inputs and targets, which may be the same, and which rows of them make a batch. */
export type Batch = readonly [x: Rows, y: Rows, picked: ArrayLike<number>];

/** A network in training. */
export interface Trainee {
  /** The loss of a batch, without penalties, and its gradients, in the order of `parametersOf`. */
  gradients(...batch: Batch): {
    readonly loss: number;
    readonly gradients: readonly Float32Array[];
  };
  /** One step of the optimizer on a batch; returns the loss of the batch before, without penalties. */
  step(...batch: Batch): number;
  /** Brings the layers and the state that it began with up to date. */
  save(): void;
  dispose(): void;
}
