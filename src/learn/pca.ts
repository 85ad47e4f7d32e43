/**
 * Principal components of rows of numbers as a network of two linear layers: the best that a linear
 * autoencoder can do (Baldi and Hornik, Neural Networks 2, 53 (1989)).
 */
import { symmetricEigen } from "./eigen.ts";
import type { Layer } from "./model.ts";
import type { Rows } from "./rows.ts";
import { sumsOfProducts } from "./wasm/arrays.ts";

export interface PrincipalComponents {
  /** `code`: W (x - mean); `image`: W^T code + mean. */
  readonly layers: readonly [Layer, Layer];
  /** Variance along each direction, descending; all of them. */
  readonly variances: Float64Array;
}

/** The first `units` directions of the covariance (with 1/n). */
export function principalComponents(rows: Rows, units: number): PrincipalComponents {
  const width = rows.width;
  const { mean, covariance } = covarianceOf(rows);
  const { values, vectors } = symmetricEigen(covariance, width);
  const kernel = Float32Array.from(vectors.subarray(0, units * width));
  const transposed = new Float32Array(units * width);
  const bias = new Float32Array(units);
  for (let k = 0; k < units; k++) {
    let along = 0;
    for (let i = 0; i < width; i++) {
      along += vectors[k * width + i]! * mean[i]!;
      transposed[i * units + k] = kernel[k * width + i]!;
    }
    bias[k] = -along;
  }
  const rest = { kind: "dense", activation: "linear", frozen: false } as const;
  return {
    layers: [
      { ...rest, name: "code", inputs: width, outputs: units, kernel, bias },
      {
        ...{ ...rest, name: "image", inputs: units, outputs: width },
        ...{ kernel: transposed, bias: Float32Array.from(mean) },
      },
    ],
    // Rounding can turn a variance of zero negative.
    variances: values.map((value) => Math.max(0, value)),
  };
}

function covarianceOf(rows: Rows): { mean: Float64Array; covariance: Float64Array } {
  const { width, rows: count } = rows;
  const row = new Float32Array(width);
  const mean = new Float64Array(width);
  for (let r = 0; r < count; r++) {
    rows.copy(r, row, 0);
    for (let i = 0; i < width; i++) mean[i]! += row[i]!;
  }
  for (let i = 0; i < width; i++) mean[i]! /= count;
  const sums = sumsOfProducts(count, width, (r, deviation) => {
    rows.copy(r, row, 0);
    for (let i = 0; i < width; i++) deviation[i] = row[i]! - mean[i]!;
  });
  for (let i = 0; i < width; i++) {
    for (let k = 0; k <= i; k++) {
      const value = sums[i * width + k]! / count;
      sums[i * width + k] = value;
      sums[k * width + i] = value;
    }
  }
  return { mean, covariance: sums };
}
