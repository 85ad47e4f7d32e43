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
  // Of each unit, below the threshold and from there on.
  const sums = [new Float64Array(units), new Float64Array(units)] as const;
  const counts = [new Float64Array(units), new Float64Array(units)] as const;
  const sideOf = (code: number) => (code >= threshold ? 1 : 0);
  for (let start = 0; start < codes.length; start += units) {
    for (let unit = 0; unit < units; unit++) {
      const code = codes[start + unit]!;
      sums[sideOf(code)][unit]! += code;
      counts[sideOf(code)][unit]!++;
    }
  }
  const means = sums.map((side, s) => side.map((sum, unit) => sum / counts[s]![unit]!));
  const values = new Float32Array(codes.length);
  for (let start = 0; start < codes.length; start += units) {
    for (let unit = 0; unit < units; unit++) {
      values[start + unit] = means[sideOf(codes[start + unit]!)]![unit]!;
    }
  }
  return { bits: packBits(codes, threshold), rows: floatRows(values, units) };
}
