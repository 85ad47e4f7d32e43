/**
 * The best linear map from codes to spins: ridge regression, by its normal equations in float64. Knows
 * neither lattices nor what made the codes.
 */
import type { Layer } from "./model.ts";
import type { Rows } from "./rows.ts";

/**
 * spins = W codes + b with the least squared error over these rows, plus `ridge` times the mean variance
 * of a code times |W|^2 (Hoerl and Kennard, Technometrics 12, 55 (1970)), as a layer of a network. A
 * small ridge only decides between codes that say the same; a code that never varies gets no weight.
 */
export function fitProbe(codes: Rows, spins: Rows, ridge: number): Layer {
  const { width: units } = codes;
  const { width: sites } = spins;
  const { codeMean, spinMean, gram, products } = centredMoments(codes, spins);
  let trace = 0;
  for (let a = 0; a < units; a++) trace += gram[a * units + a]!;
  // Where no code varies, any diagonal gives weights of 0.
  const added = trace > 0 ? (ridge * trace) / units : 1;
  for (let a = 0; a < units; a++) gram[a * units + a]! += added;
  solve(gram, units, products, sites);
  const kernel = new Float32Array(sites * units);
  const bias = new Float32Array(sites);
  for (let i = 0; i < sites; i++) {
    let along = 0;
    for (let a = 0; a < units; a++) {
      const weight = products[a * sites + i]!;
      kernel[i * units + a] = weight;
      along += weight * codeMean[a]!;
    }
    bias[i] = spinMean[i]! - along;
  }
  const kind = { kind: "dense", name: "probe", activation: "linear", frozen: false } as const;
  return { ...kind, inputs: units, outputs: sites, kernel, bias };
}

/** The mean of each of the numbers in a row; NaN without rows. */
export function meanOf(rows: Rows): Float64Array {
  const row = new Float32Array(rows.width);
  const mean = new Float64Array(rows.width);
  for (let r = 0; r < rows.rows; r++) {
    rows.copy(r, row, 0);
    for (let i = 0; i < row.length; i++) mean[i]! += row[i]!;
  }
  return mean.map((sum) => sum / rows.rows);
}

/** Means, and sums over rows of products of deviations from them: units x units, and units x sites. */
function centredMoments(codes: Rows, spins: Rows) {
  const [codeMean, spinMean] = [meanOf(codes), meanOf(spins)];
  const [units, sites] = [codes.width, spins.width];
  // What is summed stands side by side, so that one loop makes both sums.
  const width = units + sites;
  const sums = new Float64Array(units * width);
  // A few rows at a time, so that each sum is loaded and stored once for all of them.
  const [code, spin] = [new Float32Array(units), new Float32Array(sites)];
  const blank = () => new Float64Array(width);
  const [r0, r1, r2, r3] = [blank(), blank(), blank(), blank()];
  const rows = [r0, r1, r2, r3];
  for (let first = 0; first < codes.rows; first += 4) {
    for (const [k, values] of rows.entries()) {
      values.fill(0);
      if (first + k >= codes.rows) continue;
      codes.copy(first + k, code, 0);
      spins.copy(first + k, spin, 0);
      for (let a = 0; a < units; a++) values[a] = code[a]! - codeMean[a]!;
      values.set(spin, units);
    }
    for (let a = 0; a < units; a++) {
      const [d0, d1, d2, d3] = [r0[a]!, r1[a]!, r2[a]!, r3[a]!];
      for (let i = a, at = a * width + a; i < width; i++, at++) {
        sums[at]! += d0 * r0[i]! + d1 * r1[i]! + d2 * r2[i]! + d3 * r3[i]!;
      }
    }
  }
  const part = (from: number, to: number) => {
    const values = new Float64Array(units * (to - from));
    for (let a = 0; a < units; a++) {
      values.set(sums.subarray(a * width + from, a * width + to), a * (to - from));
    }
    return values;
  };
  // Of the first only the upper triangle is made, which is all that is solved with.
  return { codeMean, spinMean, gram: part(0, units), products: part(units, width) };
}
/**
 * Solves gram X = right in place of `right` by Cholesky's factors R^T R (Golub and Van Loan, Matrix
 * Computations, section 4.2); gram: n x n, its upper triangle, overwritten by R.
 */
function solve(gram: Float64Array, n: number, right: Float64Array, columns: number): void {
  for (let k = 0; k < n; k++) {
    const pivot = Math.sqrt(gram[k * n + k]!);
    for (let j = k; j < n; j++) gram[k * n + j]! /= pivot;
    for (let i = k + 1; i < n; i++) {
      const factor = gram[k * n + i]!;
      for (let j = i; j < n; j++) gram[i * n + j]! -= factor * gram[k * n + j]!;
    }
  }
  const row = (k: number) => right.subarray(k * columns, (k + 1) * columns);
  const subtract = (from: number, what: number, factor: number) => {
    const [target, source] = [row(from), row(what)];
    for (let i = 0; i < columns; i++) target[i]! -= factor * source[i]!;
  };
  const divide = (k: number) => {
    const target = row(k);
    for (let i = 0; i < columns; i++) target[i]! /= gram[k * n + k]!;
  };
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < k; j++) subtract(k, j, gram[j * n + k]!);
    divide(k);
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) subtract(k, j, gram[k * n + j]!);
    divide(k);
  }
}
