/** Small dense matrices, rows of numbers: linear systems and the largest eigenvalue. */

type Matrix = readonly (readonly number[])[];

/**
 * X of A X = B by Gaussian elimination with row pivoting; undefined where A, scaled to a unit
 * diagonal, is singular to within 1e-10. For covariance matrices A.
 */
export function solve(a: Matrix, b: Matrix): number[][] | undefined {
  const n = a.length;
  const scale = a.map((row, i) => Math.sqrt(row[i]!));
  if (scale.some((s) => !(s > 0))) return undefined;
  // A = S C S and so X = S^-1 C^-1 S^-1 B, with S the diagonal of the scales.
  const rows = a.map((row, i) => [
    ...row.map((x, j) => x / scale[i]! / scale[j]!),
    ...b[i]!.map((x) => x / scale[i]!),
  ]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    }
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const top = rows[k]!;
    if (!(Math.abs(top[k]!) > 1e-10)) return undefined;
    for (const [i, row] of rows.entries()) {
      if (i === k) continue;
      const factor = row[k]! / top[k]!;
      for (let j = k; j < row.length; j++) row[j] = row[j]! - factor * top[j]!;
    }
  }
  return rows.map((row, i) => row.slice(n).map((x) => x / row[i]! / scale[i]!));
}

/**
 * The eigenvalue of largest magnitude of a real matrix, by the power method with squaring: the
 * columns of A^(2^k) turn towards its eigenvector. NaN where it is one of a complex pair, or the
 * powers do not settle.
 */
export function largestEigenvalue(a: Matrix): number {
  let power: number[][] = a.map((row) => [...row]);
  for (let k = 0; k < 40; k++) {
    const largest = Math.max(...power.flat().map(Math.abs));
    if (!(largest > 0 && largest < Infinity)) return largest === 0 ? 0 : Number.NaN;
    const scaled = power.map((row) => row.map((x) => x / largest));
    power = multiply(scaled, scaled);
  }
  const columns = a.map((_, j) => power.map((row) => row[j]!));
  const squares = columns.map((column) => dot(column, column));
  const vector = columns[squares.indexOf(Math.max(...squares))]!;
  const image = a.map((row) => dot(row, vector));
  const eigenvalue = dot(vector, image) / dot(vector, vector);
  const rest = image.map((x, i) => x - eigenvalue * vector[i]!);
  return dot(rest, rest) <= 1e-16 * dot(image, image) ? eigenvalue : Number.NaN;
}

function multiply(a: Matrix, b: Matrix): number[][] {
  const columns = b.map((_, j) => b.map((row) => row[j]!));
  return a.map((row) => columns.map((column) => dot(row, column)));
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
