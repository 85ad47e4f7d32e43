/** What the kernel does, for arrays that lie elsewhere. */
import { kernel, lend, work } from "./kernel.ts";

/**
 * tanh of every number, in a new array: within 3 units in the last place, odd to the bit, and the
 * same on every machine.
 */
export function tanhOf(values: Float32Array): Float32Array {
  return lend([values], ({ at, view }) => {
    kernel.tanh(at, view.length);
    return view.slice(0, values.length);
  });
}

/** Sums over rows of `columns` numbers, rounded once. */
export function columnSums(values: Float32Array, columns: number): Float32Array {
  return lend([values, new Float32Array(columns)], (all, sums) => {
    kernel.columnSums(all.at, values.length / columns, columns, sums.at);
    return sums.view.slice(0, columns);
  });
}

interface Factors {
  /** `aTransposed`: it lies in memory as (k x m); `bTransposed`: as (n x k). */
  readonly aTransposed?: boolean;
  readonly bTransposed?: boolean;
  /** Added to every row of the product. */
  readonly bias?: Float32Array;
}

/** The product (m x n) of two matrices with `k` numbers a sum, each sum in order, from the bias on. */
export function product(
  a: Float32Array,
  b: Float32Array,
  k: number,
  { aTransposed = false, bTransposed = false, bias }: Factors = {},
): Float32Array {
  const [m, n] = [a.length / k, b.length / k];
  const arrays = [a, b, new Float32Array(m * n), ...(bias ? [bias] : [])];
  return lend(arrays, (left, right, result, line) => {
    const matrices = [left.at, right.at, bias ? line.at : 0, result.at] as const;
    kernel.product(...matrices, m, n, k, aTransposed, bTransposed, false, work);
    return result.view.slice(0, m * n);
  });
}
