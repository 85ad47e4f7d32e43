import { expect, test } from "vitest";
import { loadBackend } from "../../src/learn/backend/backend.ts";
import { predict } from "../../src/learn/layers/forward.ts";
import { principalComponents } from "../../src/learn/pca.ts";
import { floatRows } from "../../src/learn/rows.ts";
import { optimizerOf } from "../../src/learn/training/optimizer.ts";
import { train } from "../../src/learn/training/train.ts";
import { dense, random } from "./networks.ts";

const [rows, width, units] = [256, 6, 2];

/**
 * Rows with known principal components: orthonormal directions (a product of Householder
 * reflections) with standard deviations 3, 2, 1, ½, ¼, ⅛, a mean, and exact sample covariance,
 * because the coordinates are orthogonal columns of a Hadamard matrix.
 */
function components() {
  const deviations = [3, 2, 1, 1 / 2, 1 / 4, 1 / 8];
  let basis = deviations.map((_, i) => deviations.map((_, j) => Number(i === j)));
  for (const purpose of ["first", "second"]) {
    const generator = random(purpose);
    const v = deviations.map(() => generator.normal());
    const norm = v.reduce((sum, a) => sum + a * a, 0);
    basis = basis.map((row) => {
      const along = row.reduce((sum, a, i) => sum + a * v[i]!, 0);
      return row.map((a, i) => a - (2 * along * v[i]!) / norm);
    });
  }
  return { deviations, basis };
}

function data() {
  const { deviations, basis } = components();
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < width; k++) {
      // Column 2^k of the Hadamard matrix: mean 0, variance 1, orthogonal to the others.
      const coordinate = deviations[k]! * ((row >> k) & 1 ? 1 : -1);
      for (let i = 0; i < width; i++) values[row * width + i]! += coordinate * basis[k]![i]!;
    }
    for (let i = 0; i < width; i++) values[row * width + i]! += 0.5 - 0.1 * i;
  }
  return floatRows(values, width);
}

/** The map less what it does to 0, against the projector on the first components. */
function expectProjector(at: (rows: number[][]) => Float32Array, tolerance: number): void {
  const { basis } = components();
  const zero = at([Array<number>(width).fill(0)]);
  for (const [k, direction] of basis.entries()) {
    const image = at([direction]);
    for (let i = 0; i < width; i++) {
      const want = k < units ? direction[i]! : 0;
      expect(Math.abs(image[i]! - zero[i]! - want)).toBeLessThan(tolerance);
    }
  }
}

test("principalComponents() finds the same subspace at once", async () => {
  const backend = await loadBackend("wasm");
  const { layers, variances } = principalComponents(data(), units);
  for (const [k, deviation] of components().deviations.entries()) {
    // The rows were rounded to float32.
    expect(Math.abs(variances[k]! - deviation * deviation)).toBeLessThan(1e-5);
  }
  expectProjector((rows) => predict(backend, layers, floatRows(rows.flat(), width)), 1e-5);
});

test("train() of a linear autoencoder finds the principal subspace (Baldi, Hornik 1989)", async () => {
  const backend = await loadBackend("wasm");
  const x = data();
  const layers = [dense("code", width, units, "linear"), dense("image", units, width, "linear")];
  const { layers: trained, history } = await train({
    backend,
    layers,
    loss: "mse",
    penalties: new Map(),
    optimizer: optimizerOf({ sgd: { learning_rate: 0.1, momentum: 0.9 } }),
    batch: rows,
    epochs: 1500,
    data: { x, y: x },
    random,
  });
  // The optimum is the variance outside the first two components, over all outputs.
  const { deviations } = components();
  const outside = deviations.slice(units).reduce((sum, d) => sum + d * d, 0) / width;
  // No linear network of this width lies below; float32 rounding is about 1e-7, and what training
  // has not yet reached after these steps is smaller still.
  const excess = history.at(-1)!.loss / outside - 1;
  expect(excess).toBeGreaterThan(-1e-6);
  expect(excess).toBeLessThan(1e-5);
  expectProjector((rows) => predict(backend, trained, floatRows(rows.flat(), width)), 1e-3);
});
