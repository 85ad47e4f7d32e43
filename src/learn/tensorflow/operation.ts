/** What every kind of layer can do with a batch. Knows no kind. */
import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { Layer } from "../model.ts";

/** Numbers of a batch, row after row: as the backend's tensor, and as an array that nobody changes. */
export interface Batched {
  readonly tensor: Tensor2D;
  readonly values: Float32Array;
}

/** A layer whose parameters are the backend's tensors. */
export interface LoadedLayer {
  readonly layer: Layer;
  /** Leaves tensors for the caller's `inScope`. */
  apply(x: Batched): Applied;
  dispose(): void;
}

/** A layer's outputs for a batch, and its backward step. */
export interface Applied {
  /** (batch, outputs), before the activation. */
  readonly z: Tensor2D;
  /**
   * From dL/dz: dL/dW and dL/db, if `parameters` are wanted, else nothing; dL/dx if `inputs` are.
   */
  backward(
    dz: Float32Array,
    wanted: { readonly parameters: boolean; readonly inputs: boolean },
  ): { readonly parameters: readonly Float32Array[]; readonly inputs: Float32Array | undefined };
}

export function read(tensor: { dataSync(): unknown }): Float32Array {
  return tensor.dataSync() as Float32Array;
}

/** Sums over rows of `columns` numbers, rounded once. */
export function columnSums(values: Float32Array, columns: number): Float32Array {
  const sums = new Float64Array(columns);
  for (let i = 0; i < values.length; i += columns) {
    for (let column = 0; column < columns; column++) sums[column]! += values[i + column]!;
  }
  return Float32Array.from(sums);
}
