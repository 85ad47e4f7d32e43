/**
 * Measures of smoothness for one configuration: its domain walls, its single spins, and how far it is
 * correlated. Spins are Int8, +1 or -1, row-major, periodic. Knows nothing of temperature.
 */
import { cos, sin } from "../math/index.ts";

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
export function measureDomains(spins: Int8Array, side: number): Float64Array {
  const sites = side * side;
  const width = domainQuantities.length;
  const values = new Float64Array((spins.length / sites) * width);
  const waveOf = waves(side);
  for (let row = 0; row * sites < spins.length; row++) {
    const one = spins.subarray(row * sites, (row + 1) * sites);
    const { walls, isolated } = countWalls(one, side);
    const { uniform, wave } = waveOf(one);
    values.set([walls, isolated, uniform, wave], row * width);
  }
  return values;
}

/**
 * Second-moment correlation length in sites, sqrt(chi / F - 1) / (2 sin(pi / L)) (Cooper, Freedman
 * and Preston, Nucl. Phys. B 210, 210 (1982)). NaN where chi < F.
 */
export function correlationLength(uniform: number, wave: number, side: number): number {
  return Math.sqrt(uniform / wave - 1) / (2 * sin(Math.PI / side));
}

function countWalls(spins: Int8Array, side: number): { walls: number; isolated: number } {
  let [walls, isolated] = [0, 0];
  for (let y = 0; y < side; y++) {
    const up = (y === 0 ? side - 1 : y - 1) * side;
    const down = (y === side - 1 ? 0 : y + 1) * side;
    for (let x = 0, at = y * side; x < side; x++, at++) {
      const s = spins[at]!;
      const right = spins[y * side + (x === side - 1 ? 0 : x + 1)]!;
      const left = spins[y * side + (x === 0 ? side - 1 : x - 1)]!;
      const [above, below] = [spins[up + x]!, spins[down + x]!];
      if (s !== right) walls++;
      if (s !== below) walls++;
      if (s !== right && s !== left && s !== above && s !== below) isolated++;
    }
  }
  const sites = side * side;
  return { walls: walls / (2 * sites), isolated: isolated / sites };
}

/** Fourier sums from the sums of rows and of columns, which alone matter along the axes. */
function waves(side: number) {
  const angle = (2 * Math.PI) / side;
  const cosine = Float64Array.from({ length: side }, (_, x) => cos(angle * x));
  const sine = Float64Array.from({ length: side }, (_, x) => sin(angle * x));
  const power = (sums: Int32Array) => {
    let [real, imaginary] = [0, 0];
    for (let x = 0; x < side; x++) {
      // A constant has no wave: without it, equal sums give exactly 0.
      const apart = sums[x]! - sums[0]!;
      real += apart * cosine[x]!;
      imaginary += apart * sine[x]!;
    }
    return real * real + imaginary * imaginary;
  };
  return (spins: Int8Array) => {
    const [down, across] = [new Int32Array(side), new Int32Array(side)];
    let total = 0;
    for (let y = 0, at = 0; y < side; y++) {
      for (let x = 0; x < side; x++, at++) {
        const s = spins[at]!;
        across[x]! += s;
        down[y]! += s;
        total += s;
      }
    }
    const sites = side * side;
    return {
      uniform: (total * total) / sites,
      wave: (power(across) + power(down)) / (2 * sites),
    };
  };
}
