/**
 * Windows of a periodic lattice as rows of a matrix, and back: what turns convolutions into matrix
 * products. Row-major sites, channels fastest. Knows neither weights nor a backend.
 */
import type { Windows } from "../model.ts";

/** Numbers on the fine lattice. */
export function fineSize({ rows, columns, stride, fine }: Windows): number {
  return rows * columns * stride * stride * fine;
}

/** Numbers on the coarse lattice. */
export function coarseSize({ rows, columns, coarse }: Windows): number {
  return rows * columns * coarse;
}

/**
 * Where the numbers of each window lie on the fine lattice, window by window. A window is centred
 * on the `stride` x `stride` block of its coarse site, half a site early where that cannot be; one
 * smaller than the block begins where the block does. So `side` 2 and `stride` 2 are the blocks of a
 * coarse-graining by 2. No window may be wider than the lattice.
 */
export function windowIndex({ rows, columns, stride, side, fine }: Windows): Int32Array {
  const [height, width] = [rows * stride, columns * stride];
  const before = Math.max(0, Math.ceil((side - stride) / 2));
  const index = new Int32Array(rows * columns * side * side * fine);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let dy = 0; dy < side; dy++) {
        const y = (row * stride + dy - before + height) % height;
        for (let dx = 0; dx < side; dx++) {
          const x = (column * stride + dx - before + width) % width;
          for (let channel = 0; channel < fine; channel++) {
            index[at++] = (y * width + x) * fine + channel;
          }
        }
      }
    }
  }
  return index;
}

/** The windows of every row of `values`, which have `size` numbers each. */
export function gather(values: Float32Array, size: number, index: Int32Array): Float32Array {
  const rows = values.length / size;
  const result = new Float32Array(rows * index.length);
  for (let row = 0, at = 0; row < rows; row++) {
    const start = row * size;
    for (let i = 0; i < index.length; i++) result[at++] = values[start + index[i]!]!;
  }
  return result;
}

/** The transpose of `gather`: adds every window to its place, in order. */
export function scatter(values: Float32Array, size: number, index: Int32Array): Float32Array {
  const rows = values.length / index.length;
  const result = new Float32Array(rows * size);
  for (let row = 0, at = 0; row < rows; row++) {
    const start = row * size;
    for (let i = 0; i < index.length; i++) result[start + index[i]!]! += values[at++]!;
  }
  return result;
}
