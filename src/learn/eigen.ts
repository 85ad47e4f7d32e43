/**
 * Eigenvalues and eigenvectors of a symmetric matrix in float64, by arithmetic and square roots
 * alone, so that they are the same bits everywhere. Knows nothing of what the matrix is.
 */

export interface Eigen {
  /** Descending. */
  readonly values: Float64Array;
  /** Row k is the unit eigenvector of value k, with its largest component positive. */
  readonly vectors: Float64Array;
}

/**
 * Householder's reduction to three diagonals, then QL steps with implicit shifts (Golub and Van Loan,
 * Matrix Computations, sections 8.3.1 and 8.3.3). `matrix`: n x n, row-major; not changed.
 * The sign of a vector is that of its first component of largest size; vectors of equal values are
 * any orthonormal basis, so compare projectors.
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const { diagonal, below, basis } = tridiagonal(matrix.slice(), n);
  diagonalize(diagonal, below, basis);
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b]! - diagonal[a]! || a - b);
  const vectors = new Float64Array(n * n);
  for (const [k, from] of order.entries()) {
    const vector = basis.subarray(from * n, (from + 1) * n);
    const largest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
    for (let i = 0; i < n; i++) vectors[k * n + i] = largest < 0 ? -vector[i]! : vector[i]!;
  }
  return { values: Float64Array.from(order, (k) => diagonal[k]!), vectors };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** below[i] stands beside diagonal[i] and diagonal[i + 1]; the last one is 0. */
  readonly below: Float64Array;
  /** Q transposed, for matrix = Q T Q^T. */
  readonly basis: Float64Array;
}

/** Overwrites `a` with what is left after each reflection. */
function tridiagonal(a: Float64Array, n: number): Tridiagonal {
  const below = new Float64Array(n);
  // Reflection j is 1 - v v^T, |v|^2 = 2, on the components after j; row j holds v.
  const reflections = new Float64Array(n * n);
  for (let j = 0; j < n - 1; j++) {
    const v = reflections.subarray(j * n, (j + 1) * n);
    below[j] = reflection(a, n, j, v);
    reflectBothSides(a, n, j + 1, v);
  }
  const diagonal = Float64Array.from({ length: n }, (_, i) => a[i * n + i]!);
  return { diagonal, below, basis: accumulate(reflections, n) };
}

/** Makes the v that reflects column j below the diagonal onto (alpha, 0, 0, ...); returns alpha. */
function reflection(a: Float64Array, n: number, j: number, v: Float64Array): number {
  let squares = 0;
  for (let i = j + 1; i < n; i++) {
    v[i] = a[i * n + j]!;
    squares += v[i]! * v[i]!;
  }
  const first = v[j + 1]!;
  const alpha = first > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  // |x - alpha e|^2 / 2; nothing to reflect where all but the first are 0.
  const half = squares - alpha * first;
  if (squares === first * first || half <= 0) {
    v.fill(0);
    return first;
  }
  v[j + 1] = first - alpha;
  const scale = 1 / Math.sqrt(half);
  for (let i = j + 1; i < n; i++) v[i]! *= scale;
  return alpha;
}

/** a <- (1 - v v^T) a (1 - v v^T) on the components from `start` on. */
function reflectBothSides(a: Float64Array, n: number, start: number, v: Float64Array): void {
  const w = new Float64Array(n);
  for (let i = start; i < n; i++) {
    let sum = 0;
    for (let k = start; k < n; k++) sum += a[i * n + k]! * v[k]!;
    w[i] = sum;
  }
  let along = 0;
  for (let i = start; i < n; i++) along += v[i]! * w[i]!;
  for (let i = start; i < n; i++) w[i]! -= (along / 2) * v[i]!;
  for (let i = start; i < n; i++) {
    const [vi, wi] = [v[i]!, w[i]!];
    for (let k = start; k < n; k++) a[i * n + k]! -= vi * w[k]! + wi * v[k]!;
  }
}

/** The transpose of the product of the reflections, first to last. */
function accumulate(reflections: Float64Array, n: number): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  const w = new Float64Array(n);
  for (let j = n - 2; j >= 0; j--) {
    const v = reflections.subarray(j * n, (j + 1) * n);
    w.fill(0);
    for (let i = j + 1; i < n; i++) {
      for (let k = j + 1; k < n; k++) w[k]! += v[i]! * q[i * n + k]!;
    }
    for (let i = j + 1; i < n; i++) {
      for (let k = j + 1; k < n; k++) q[i * n + k]! -= v[i]! * w[k]!;
    }
  }
  const transposed = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) transposed[k * n + i] = q[i * n + k]!;
  return transposed;
}

/** QL with implicit shifts, in place: `diagonal` becomes the values, rows of `basis` the vectors. */
function diagonalize(d: Float64Array, e: Float64Array, basis: Float64Array): void {
  const n = d.length;
  const largest = d.reduce((most, x, i) => Math.max(most, Math.abs(x), Math.abs(e[i]!)), 0);
  for (let low = 0; low < n; low++) {
    for (let turn = 0; ; turn++) {
      // A matrix of low rank leaves blocks of rounding errors, whose digits never settle.
      const least = turn < 30 ? 0 : largest;
      let high = low;
      while (high < n - 1 && !isNegligible(d, e, high, least)) high++;
      if (high === low) break;
      if (turn === 60) throw new RangeError("the eigenvalues do not converge: not finite numbers?");
      step(d, e, basis, low, high);
    }
  }
}

function isNegligible(d: Float64Array, e: Float64Array, i: number, least: number): boolean {
  const scale = Math.max(Math.abs(d[i]!) + Math.abs(d[i + 1]!), least);
  return scale + Math.abs(e[i]!) === scale;
}

/** One implicit QL step on the block from `low` to `high`. */
function step(d: Float64Array, e: Float64Array, basis: Float64Array, low: number, high: number) {
  const n = d.length;
  const ratio = (d[low + 1]! - d[low]!) / (2 * e[low]!);
  const root = Math.sqrt(ratio * ratio + 1);
  let g = d[high]! - d[low]! + e[low]! / (ratio + (ratio < 0 ? -root : root));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = high - 1; i >= low; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      // The block splits here; the next step does the rest.
      d[i + 1]! -= shift;
      e[high] = 0;
      return;
    }
    [sine, cosine] = [f / r, g / r];
    g = d[i + 1]! - shift;
    const next = (d[i]! - g) * sine + 2 * cosine * b;
    shift = sine * next;
    d[i + 1] = g + shift;
    g = cosine * next - b;
    rotate(basis, n, i, cosine, sine);
  }
  d[low]! -= shift;
  e[low] = g;
  e[high] = 0;
}

/** Turns rows i and i + 1 into each other. */
function rotate(basis: Float64Array, n: number, i: number, cosine: number, sine: number): void {
  const [upper, lower] = [i * n, (i + 1) * n];
  for (let k = 0; k < n; k++) {
    const [a, b] = [basis[upper + k]!, basis[lower + k]!];
    basis[lower + k] = sine * a + cosine * b;
    basis[upper + k] = cosine * a - sine * b;
  }
}
