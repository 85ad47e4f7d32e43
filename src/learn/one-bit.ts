/** Codes reduced to one bit per unit, and what a decoder makes of them. Knows no lattice. */
import { floatRows, type Rows } from "./rows.ts";
import { packBits } from "./wasm/arrays.ts";

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
  // Of each unit below the threshold, and behind all units of each from there on.
  const [sums, counts] = [new Float64Array(2 * units), new Float64Array(2 * units)];
  for (let start = 0; start < codes.length; start += units) {
    for (let unit = 0; unit < units; unit++) {
      const code = codes[start + unit]!;
      const side = code >= threshold ? units + unit : unit;
      sums[side]! += code;
      counts[side]!++;
    }
  }
  const means = sums.map((sum, side) => sum / counts[side]!);
  const values = new Float32Array(codes.length);
  for (let start = 0; start < codes.length; start += units) {
    for (let unit = 0; unit < units; unit++) {
      values[start + unit] = means[codes[start + unit]! >= threshold ? units + unit : unit]!;
    }
  }
  return { bits: packBits(codes, threshold), rows: floatRows(values, units) };
}
