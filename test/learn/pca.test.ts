import { expect, test } from "vitest";
import { symmetricEigen } from "../../src/learn/eigen.ts";
import { random } from "./networks.ts";

/** A symmetric matrix with the given eigenvalues, in a random basis. */
function withValues(values: readonly number[], purpose: string) {
  const n = values.length;
  const generator = random(purpose, n);
  let basis = values.map((_, i) => values.map((_, j) => Number(i === j)));
  for (let turn = 0; turn < 3; turn++) {
    const v = values.map(() => generator.normal());
    const norm = v.reduce((sum, a) => sum + a * a, 0);
    basis = basis.map((row) => {
      const along = row.reduce((sum, a, i) => sum + a * v[i]!, 0);
      return row.map((a, i) => a - (2 * along * v[i]!) / norm);
    });
  }
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) matrix[i * n + j]! += values[k]! * basis[k]![i]! * basis[k]![j]!;
    }
  }
  return { matrix, basis };
}

/** P_ij of the eigenvectors of one value. */
function projector(vectors: readonly ArrayLike<number>[], n: number): number[] {
  return Array.from({ length: n * n }, (_, at) =>
    vectors.reduce((sum, v) => sum + v[Math.floor(at / n)]! * v[at % n]!, 0),
  );
}

test.each([
  [[2]],
  [[3, 1]],
  [[5, 5, 1, 0, -2]],
  [[4, 4, 4, 4]],
  [[0, 0, 0]],
  [Array.from({ length: 40 }, (_, i) => Math.floor(i / 4))],
  [Array.from({ length: 60 }, (_, i) => 1e-8 * i * i * i)],
])("symmetricEigen() finds values, unit vectors and projectors of %j", (values) => {
  const n = values.length;
  const { matrix, basis } = withValues(values, "symmetric");
  const found = symmetricEigen(matrix, n);
  const sorted = [...values].sort((a, b) => b - a);
  const scale = Math.max(1e-300, ...values.map(Math.abs));
  const vector = (k: number) => found.vectors.subarray(k * n, (k + 1) * n);
  for (let k = 0; k < n; k++) {
    // Backward stable: errors are some n units of 2^-53 times the largest eigenvalue.
    expect(Math.abs(found.values[k]! - sorted[k]!)).toBeLessThan(1e-13 * scale * n);
    for (let l = 0; l <= k; l++) {
      const dot = vector(k).reduce((sum, a, i) => sum + a * vector(l)[i]!, 0);
      expect(Math.abs(dot - Number(k === l))).toBeLessThan(1e-13 * n);
    }
    const largest = vector(k).reduce((best, a) => (Math.abs(a) > Math.abs(best) ? a : best), 0);
    expect(largest).toBeGreaterThan(0);
  }
  for (const value of new Set(values)) {
    const mine = projector([...sorted.keys()].filter((k) => sorted[k] === value).map(vector), n);
    const exact = projector(
      basis.filter((_, k) => values[k] === value),
      n,
    );
    // Over the gap to the next eigenvalue, which is at least 2e-5 of the largest where it matters.
    const gap = Math.min(
      1,
      ...values.filter((v) => v !== value).map((v) => Math.abs(v - value) / scale),
    );
    for (let i = 0; i < n * n; i++) {
      expect(Math.abs(mine[i]! - exact[i]!)).toBeLessThan((1e-13 * n) / gap);
    }
  }
});

test("symmetricEigen() gives a matrix back from its parts, and leaves it alone", () => {
  const n = 50;
  const generator = random("any", n);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      matrix[i * n + j] = generator.normal();
      matrix[j * n + i] = matrix[i * n + j]!;
    }
  }
  const before = matrix.slice();
  const { values, vectors } = symmetricEigen(matrix, n);
  expect(matrix).toEqual(before);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += values[k]! * vectors[k * n + i]! * vectors[k * n + j]!;
      expect(Math.abs(sum - matrix[i * n + j]!)).toBeLessThan(1e-12);
    }
  }
});
