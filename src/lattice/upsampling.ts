/** Coarse spins copied over blocks of a finer lattice. */

/** Rows of `side` x `side` spins; each becomes a block of `factor` x `factor`. */
export function copyOverBlocks(spins: Int8Array, side: number, factor: number): Int8Array {
  const width = side * factor;
  const rows = spins.length / (side * side);
  const fine = new Int8Array(rows * width * width);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let y = 0; y < width; y++) {
      const from = (row * side + Math.floor(y / factor)) * side;
      for (let x = 0; x < width; x++, at++) fine[at] = spins[from + Math.floor(x / factor)]!;
    }
  }
  return fine;
}
