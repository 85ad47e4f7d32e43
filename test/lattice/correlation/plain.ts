/** Correlation between sites and units in plain loops, one matrix after the other, to compare with. */
import type { DistanceShells } from "../../../src/lattice/correlation/lags.ts";
import type { Sums } from "../../../src/lattice/correlation/products.ts";

/** <v_i h_a>, units x sites. */
export function meanProducts({ n, products, v }: Sums, origin: ArrayLike<number>): Float64Array {
  const sites = v.length;
  const means = new Float64Array(products.length);
  for (let a = 0, at = 0; at < means.length; a++) {
    const zero = origin[a]!;
    for (let i = 0; i < sites; i++, at++) means[at] = (products[at]! + zero * v[i]!) / n;
  }
  return means;
}

/** C_ia, NaN where either does not vary, and how many sites and units do not. */
export function connect({ n, products, v, h, squares, lowest, highest }: Sums) {
  const [sites, units] = [v.length, h.length];
  // A spin's square is 1, so its variance is 1 - m^2: exactly 0 where it never turns.
  const siteDeviation = v.map((sum) => Math.sqrt((1 - sum / n) * (1 + sum / n)));
  // The variance of a constant unit may be rounded to another value than 0: compare its extremes.
  const unitDeviation = squares.map((sum, a) =>
    lowest[a] === highest[a] ? 0 : Math.sqrt(Math.max(0, sum / n - (h[a]! / n) * (h[a]! / n))),
  );
  const connected = new Float64Array(units * sites);
  for (let a = 0, at = 0; a < units; a++) {
    const [mean, deviation] = [h[a]! / n, unitDeviation[a]!];
    for (let i = 0; i < sites; i++, at++) {
      const scale = siteDeviation[i]! * deviation * n;
      connected[at] = scale > 0 ? (products[at]! - v[i]! * mean) / scale : Number.NaN;
    }
  }
  return {
    connected,
    frozenSites: siteDeviation.filter((d) => d === 0).length,
    frozenUnits: unitDeviation.filter((d) => d === 0).length,
  };
}

/** Mean |C| over all pairs, and the mean over units of max_i |C_ia|; NaN entries do not count. */
export function summarizeCorrelation(
  matrix: Float64Array,
  sites: number,
): { mean: number; max: number } {
  let sum = 0;
  let pairs = 0;
  let maxima = 0;
  let units = 0;
  for (let row = 0; row < matrix.length; row += sites) {
    let largest = -1;
    for (let i = row; i < row + sites; i++) {
      const c = Math.abs(matrix[i]!);
      if (!(c >= 0)) continue;
      sum += c;
      pairs++;
      if (c > largest) largest = c;
    }
    if (largest < 0) continue;
    maxima += largest;
    units++;
  }
  return { mean: sum / pairs, max: maxima / units };
}

/**
 * C against distance: the mean over units of C_ia, turned to be positive where |C| is largest, over
 * the sites at each distance from there. NaN entries do not count; all are NaN where no unit varies.
 */
export function correlationProfile(matrix: Float64Array, shells: DistanceShells): Float64Array {
  const { side, shellOf } = shells;
  const sites = side * side;
  const sums = new Float64Array(shells.distances.length);
  const counts = new Float64Array(shells.distances.length);
  for (let row = 0; row < matrix.length; row += sites) {
    const center = strongestSite(matrix, row, sites);
    if (center === undefined) continue;
    const sign = Math.sign(matrix[row + center]!);
    for (let y = 0, at = row; y < side; y++) {
      const down = ((y - Math.floor(center / side) + side) % side) * side;
      let right = (side - (center % side)) % side;
      for (let x = 0; x < side; x++, at++) {
        const shell = shellOf[down + right]!;
        if (++right === side) right = 0;
        const c = matrix[at]!;
        if (Number.isNaN(c)) continue;
        sums[shell]! += sign * c;
        counts[shell]! += 1;
      }
    }
  }
  return sums.map((sum, k) => sum / counts[k]!);
}

/** The first site of the largest |C| of a row; undefined where all are NaN. */
function strongestSite(matrix: Float64Array, row: number, sites: number): number | undefined {
  let [best, largest] = [-1, -1];
  for (let i = 0; i < sites; i++) {
    const c = Math.abs(matrix[row + i]!);
    if (c > largest) [best, largest] = [i, c];
  }
  return best < 0 ? undefined : best;
}
