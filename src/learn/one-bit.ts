/** Codes reduced to one bit per unit, and what a decoder makes of them. Knows no lattice. */
import type { Activation } from "./model.ts";
import { floatRows, packBits, type Rows } from "./rows.ts";

/** Codes from this on count as spin +1. */
export function codeThreshold(activation: Activation): number {
  if (activation === "relu") return Number.MIN_VALUE;
  return activation === "sigmoid" ? 0.5 : 0;
}

export interface OneBitCodes {
  /** Packed, row by row. */
  readonly bits: Uint8Array;
  /** Each code replaced by the mean of the codes of its unit on the same side of the threshold. */
  readonly rows: Rows;
}

/**
 * The two means are the best values that a unit's bit can stand for, by squared error (Lloyd, IEEE
 * Trans. Inf. Theory 28, 129, 1982); a decoder has to know 2 numbers a unit besides the bits.
 */
export function oneBitCodes(codes: Float32Array, units: number, threshold: number): OneBitCodes {
  const sums = new Float64Array(2 * units);
  const counts = new Float64Array(2 * units);
  const levels = new Uint32Array(codes.length);
  for (let at = 0; at < codes.length; at++) {
    const level = 2 * (at % units) + (codes[at]! >= threshold ? 1 : 0);
    levels[at] = level;
    sums[level] = sums[level]! + codes[at]!;
    counts[level] = counts[level]! + 1;
  }
  const values = codes.map((_, at) => sums[levels[at]!]! / counts[levels[at]!]!);
  return { bits: packBits(codes, threshold), rows: floatRows(values, units) };
}

/** Row by row: the mean over sites of (f - s)^2, and the share of sites where sign f = s. */
export function distortionRows(
  image: Float32Array,
  spins: Rows,
): { mse: Float64Array; accuracy: Float64Array } {
  const n = spins.width;
  const s = new Float32Array(n);
  const [mse, accuracy] = [new Float64Array(spins.rows), new Float64Array(spins.rows)];
  for (let row = 0; row < spins.rows; row++) {
    spins.copy(row, s, 0);
    let [squares, same] = [0, 0];
    for (let i = 0; i < n; i++) {
      const f = image[row * n + i]!;
      squares += (f - s[i]!) * (f - s[i]!);
      same += f >= 0 === s[i]! > 0 ? 1 : 0;
    }
    mse[row] = squares / n;
    accuracy[row] = same / n;
  }
  return { mse, accuracy };
}
