/**
 * Inverse temperatures of configurations, from the betas or temperatures that a file or a person gives.
 * The Boltzmann constant is 1. Errors are RangeErrors that say what the file has.
 */
import { numberIn } from "../../formats/numerals.ts";

export type Quantity = "beta" | "temperature";

/** Betas are 0 at infinite temperature; a temperature is never 0. */
export function betasIn(cells: readonly string[], are: Quantity): Float64Array {
  return Float64Array.from(cells, (cell, row) => {
    const value = numberIn(cell.trim()) ?? Number.NaN;
    const beta = toBeta(value, are);
    const isRight = Number.isFinite(value) && Number.isFinite(beta) && beta >= 0;
    if (isRight && (are === "beta" || value > 0)) return beta;
    const expected = are === "beta" ? "a number >= 0" : "a number > 0";
    throw new RangeError(`has ${are} ${JSON.stringify(cell)} in row ${row}: expected ${expected}`);
  });
}

/**
 * One value for all rows, or as many equal blocks of rows, in order. `leading` are the axes in front of
 * those of the lattice.
 */
export function betasOfBlocks(
  given: number | readonly number[],
  are: Quantity,
  leading: readonly number[],
): Float64Array {
  const betas = (typeof given === "number" ? [given] : given).map((value) => toBeta(value, are));
  const rows = leading.reduce((product, n) => product * n, 1);
  if (rows % betas.length) {
    const one = `one block a ${are}`;
    throw new RangeError(`has ${rows} rows: expected a multiple of ${betas.length}, ${one}`);
  }
  if (betas.length > 1 && !areBlocks(betas.length, leading)) {
    const hint = "put their axis first (numpy.moveaxis), or reshape to one axis of rows";
    const axes = `[${leading.join(", ")}]`;
    throw new RangeError(`has axes ${axes}, and ${betas.length} ${are}s are given: ${hint}`);
  }
  return Float64Array.from({ length: rows }, (_, row) => {
    return betas[Math.floor((row * betas.length) / rows)]!;
  });
}

/** Blocks end where the first axes do; a later axis of the same length may be what was meant. */
function areBlocks(count: number, [first = 1, ...inner]: readonly number[]): boolean {
  if (first === 1 && inner.length > 0) return areBlocks(count, inner);
  if (first === count) return true;
  if (inner.includes(count)) return false;
  if (first % count === 0) return true;
  return count % first === 0 && areBlocks(count / first, inner);
}

function toBeta(value: number, are: Quantity): number {
  return are === "beta" ? value : 1 / value;
}
