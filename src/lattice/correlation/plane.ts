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

/** At dy * side + dx, the sum over configurations and sites of s(x) s(x + r). */
export function planeSums(side: number, pieces: Iterable<PackedRows>): Float64Array {
  const sites = side * side;
  const spectrum = new Float64Array(sites);
  const roots = Float64Array.from({ length: side }, (_, i) => {
    const angle = (2 * Math.PI * (i >> 1)) / side;
    return i & 1 ? sin(angle) : cos(angle);
  });
  const [rootBytes, planeBytes, workBytes] = [8 * side, 8 * sites, 32 * sites];
  const room = { each: 0, once: rootBytes + planeBytes + workBytes };
  for (const packed of pieces) {
    inPieces(packed, sites, room, ({ kernel, at, count, out }) => {
      const { buffer } = kernel.memory;
      const [found, work] = [out + rootBytes, out + rootBytes + planeBytes];
      new Float64Array(buffer, out, side).set(roots);
      kernel.addSpectra(at, count, side, out, found, work);
      const piece = new Float64Array(buffer, found, sites);
      for (let k = 0; k < sites; k++) spectrum[k]! += piece[k]!;
    });
  }
  const { kernel, at } = borrowKernel(room.once);
  const { buffer } = kernel.memory;
  new Float64Array(buffer, at, side).set(roots);
  new Float64Array(buffer, at + rootBytes, sites).set(spectrum);
  const work = at + rootBytes + planeBytes;
  kernel.sumProducts(at + rootBytes, side, at, work);
  return Float64Array.from(new Float64Array(buffer, work, sites), (sum) => Math.round(sum / sites));
}
