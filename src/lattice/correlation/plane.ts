/**
 * Sums of products of spins at all displacements at once, by Wiener and Khinchin. They are whole numbers,
 * to which what the transform gives is rounded: its errors are some 1e-15 of the number of terms. Knows no
 * lags.
 */
import { cos, sin } from "../../math/index.ts";
import { borrowKernel } from "../kernel.ts";
import { inPieces, type PackedRows } from "../pieces.ts";

/** Whether there is a transform for this side. */
export function hasTransform(side: number): boolean {
  return side >= 8 && Number.isInteger(Math.log2(side));
}

/**
 * Of each group of configurations, at dy * side + dx, the sum over configurations and sites of
 * s(x) s(x + r). It lies in a kernel's memory: take it before anything else is measured.
 */
export function* planeSums(
  side: number,
  groups: readonly Iterable<PackedRows>[],
): Generator<Float64Array> {
  const sites = side * side;
  const roots = Float64Array.from({ length: side }, (_, i) => {
    const angle = (2 * Math.PI * (i >> 1)) / side;
    return i & 1 ? sin(angle) : cos(angle);
  });
  // Two spectra, side by side, are transformed back together.
  const spectra = new Float64Array(2 * sites);
  for (let at = 0; at < groups.length; at += 2) {
    const both = groups.slice(at, at + 2);
    for (const [k, pieces] of both.entries()) {
      sumSpectra(side, roots, pieces, spectra.subarray(k * sites, (k + 1) * sites));
    }
    const { kernel, at: room } = borrowKernel(8 * side + 32 * sites);
    const [given, work] = [room + 8 * side, room + 8 * side + 16 * sites];
    const { buffer } = kernel.memory;
    new Float64Array(buffer, room, side).set(roots);
    new Float64Array(buffer, given, 2 * sites).set(spectra);
    kernel.sumProducts(given, side, room, work);
    const found = both.map((_, k) => new Float64Array(buffer, work + 8 * k * sites, sites));
    yield* found;
  }
}

/** Sets `spectrum` to the sum of the squares of all configurations' transforms. */
function sumSpectra(
  side: number,
  roots: Float64Array,
  pieces: Iterable<PackedRows>,
  spectrum: Float64Array,
): void {
  const sites = side * side;
  const room = { each: 0, once: 8 * sites, scratch: 8 * side + 32 * sites };
  let isFirst = true;
  for (const packed of pieces) {
    inPieces(packed, sites, room, ({ kernel, at, count, out, scratch }) => {
      const { buffer } = kernel.memory;
      new Float64Array(buffer, scratch, side).set(roots);
      kernel.addSpectra(at, count, side, scratch, out, scratch + 8 * side);
      const piece = new Float64Array(buffer, out, sites);
      if (isFirst) spectrum.set(piece);
      else for (let k = 0; k < sites; k++) spectrum[k]! += piece[k]!;
      isFirst = false;
    });
  }
  if (isFirst) spectrum.fill(0);
}
