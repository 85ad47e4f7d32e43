/**
 * Measures of smoothness for one configuration: its domain walls, its single spins, and how far it is
 * correlated. Spins are packed bits, row-major, periodic. Knows nothing of temperature.
 */
import { cos, sin } from "../math/index.ts";
import { inPieces, type PackedRows } from "./pieces.ts";

/** Columns of `measureDomains`, in order. */
export const domainQuantities = ["walls", "isolated", "uniform", "wave"] as const;

/**
 * Four numbers for each configuration, one behind the other:
 * `walls`, the share of bonds between unequal neighbours, (1 - G(1)) / 2, in [0, 1];
 * `isolated`, the share of sites all four of whose neighbours disagree;
 * `uniform`, N m^2, whose mean is the susceptibility chi = sum_r G(r);
 * `wave`, |sum s exp(i k x)|^2 / N at the smallest wave vector, |k| = 2 pi / L, averaged over both
 * axes, whose mean is the structure factor F.
 */
export function measureDomains(packed: PackedRows, side: number): Float64Array {
  const sites = side * side;
  const width = domainQuantities.length;
  const values = new Float64Array(packed.rows * width);
  const { cosine, sine } = waves(side);
  const found = 2 + 2 * side;
  const room = { each: 4 * found, once: 128 };
  inPieces(packed, sites, room, ({ kernel, at, count, from, out }) => {
    kernel.measureDomains(at, count, side, out, out + 4 * found * count);
    const counts = new Int32Array(kernel.memory.buffer, out, found * count);
    for (let row = 0; row < count; row++) {
      const first = row * found;
      const lines = counts.subarray(first + 2, first + 2 + side);
      const columns = counts.subarray(first + 2 + side, first + found);
      let up = 0;
      for (let y = 0; y < side; y++) up += lines[y]!;
      const total = 2 * up - sites;
      const to = (from + row) * width;
      values[to] = counts[first]! / (2 * sites);
      values[to + 1] = counts[first + 1]! / sites;
      values[to + 2] = (total * total) / sites;
      values[to + 3] = (power(columns, cosine, sine) + power(lines, cosine, sine)) / (2 * sites);
    }
  });
  return values;
}

/**
 * Second-moment correlation length in sites, sqrt(chi / F - 1) / (2 sin(pi / L)) (Cooper, Freedman
 * and Preston, Nucl. Phys. B 210, 210 (1982)). NaN where chi < F.
 */
export function correlationLength(uniform: number, wave: number, side: number): number {
  return Math.sqrt(uniform / wave - 1) / (2 * sin(Math.PI / side));
}

/** Fourier sums along an axis, of which the sums of rows or columns alone matter, at its sites. */
function waves(side: number) {
  const angle = (2 * Math.PI) / side;
  return {
    cosine: Float64Array.from({ length: side }, (_, x) => cos(angle * x)),
    sine: Float64Array.from({ length: side }, (_, x) => sin(angle * x)),
  };
}

/** |sum s exp(i k x)|^2 from the numbers of spins up. */
function power(up: Int32Array, cosine: Float64Array, sine: Float64Array): number {
  let [real, imaginary] = [0, 0];
  for (let x = 0; x < up.length; x++) {
    // A constant has no wave: without it, equal sums give exactly 0.
    const apart = 2 * (up[x]! - up[0]!);
    real += apart * cosine[x]!;
    imaginary += apart * sine[x]!;
  }
  return real * real + imaginary * imaginary;
}
