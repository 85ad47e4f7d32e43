/**
 * Windows of a periodic lattice, which are rows of a matrix where convolutions become matrix products.
 * Row-major sites, channels fastest. Knows neither weights nor a backend.
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
 * Where the first channel of each site of each window lies on the fine lattice, window by window. A
 * window is centred on the `stride` x `stride` block of its coarse site, half a site early where that
 * cannot be; one smaller than the block begins where the block does. So `side` 2 and `stride` 2 are the
 * blocks of a coarse-graining by 2. No window may be wider than the lattice.
 */
export function windowCells({ rows, columns, stride, side, fine }: Windows): Int32Array {
  const [height, width] = [rows * stride, columns * stride];
  const before = Math.max(0, Math.ceil((side - stride) / 2));
  const index = new Int32Array(rows * columns * side * side);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let dy = 0; dy < side; dy++) {
        const y = (row * stride + dy - before + height) % height;
        for (let dx = 0; dx < side; dx++) {
          const x = (column * stride + dx - before + width) % width;
          index[at++] = (y * width + x) * fine;
        }
      }
    }
  }
  return index;
}
