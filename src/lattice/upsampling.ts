/** Coarse spins copied over blocks of a finer lattice. */
import type { Spins } from "./systems/system.ts";

/** Rows of `side` x `side` spins; each becomes a block of `factor` x `factor`. */
export function copyOverBlocks<S extends Spins>(spins: S, side: number, factor: number): S {
  const width = side * factor;
  const rows = spins.length / (side * side);
  const fine = new (spins.constructor as new (length: number) => S)(rows * width * width);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let y = 0; y < width; y++) {
      const from = (row * side + Math.floor(y / factor)) * side;
      for (let x = 0; x < width; x++, at++) fine[at] = spins[from + Math.floor(x / factor)]!;
    }
  }
  return fine;
}
