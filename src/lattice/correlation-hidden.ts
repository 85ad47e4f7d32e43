/**
 * Correlation between the sites of configurations and the units that encode them.
 * Spins are Int8, +1 or -1; units hold real numbers. Knows no network.
 */
import { addSums, type Encoded, sumsOf, withoutBlock } from "./correlation-products.ts";
import { gatherRows } from "./correlation-rows.ts";

/** Matrices are units x sites, row-major. */
export interface HiddenCorrelation {
  /** <v_i h_a>. */
  readonly raw: Float64Array;
  /** cov(v_i, h_a) / (sigma_i sigma_a); NaN where either does not vary. */
  readonly connected: Float64Array;
  /** Sites and units that do not vary, whose correlation is not defined. */
  readonly frozenSites: number;
  readonly frozenUnits: number;
}

/** C_ia over all configurations, and with one block of them left out. */
export interface HiddenJackknife {
  readonly all: HiddenCorrelation;
  without(block: number): HiddenCorrelation;
}

/**
 * Block b is configurations [bounds[b], bounds[b + 1]). `order` pairs configuration c with the code
 * of `order[c]`: a permutation destroys every true correlation, and what is left is the null of
 * max |C|.
 */
export function hiddenJackknife(
  { n, visible, hidden }: Encoded,
  bounds: readonly number[],
  order?: ArrayLike<number>,
): HiddenJackknife {
  const [sites, units] = [visible.length / n, hidden.length / n];
  const codes = order ? gatherRows(hidden, units, order) : hidden;
  const origin = codes.slice(0, units);
  const blocks = bounds.slice(1).map((to, b) => {
    const from = bounds[b]!;
    const rows = {
      n: to - from,
      visible: visible.subarray(from * sites, to * sites),
      hidden: codes.subarray(from * units, to * units),
    };
    return sumsOf(rows, origin);
  });
  const total = addSums(blocks);
  return {
    all: correlationOf(total, origin),
    without: (block) => correlationOf(withoutBlock(total, blocks, block), origin),
  };
}

/** C_ia over the n configurations. */
export function hiddenCorrelation(data: Encoded, order?: ArrayLike<number>): HiddenCorrelation {
  return hiddenJackknife(data, [0, data.n], order).all;
}

function correlationOf(
  { n, products, v, h, squares, lowest, highest }: ReturnType<typeof sumsOf>,
  origin: ArrayLike<number>,
): HiddenCorrelation {
  const [sites, units] = [v.length, h.length];
  const site = v.map((sum) => sum / n);
  const unit = h.map((sum) => sum / n);
  // A spin's square is 1, so its variance is 1 - m^2: exactly 0 where it never turns.
  const siteDeviation = site.map((m) => Math.sqrt((1 - m) * (1 + m)));
  // The variance of a constant unit may be rounded to another value than 0: compare its extremes.
  const unitDeviation = squares.map((sum, a) =>
    lowest[a] === highest[a] ? 0 : Math.sqrt(Math.max(0, sum / n - unit[a]! * unit[a]!)),
  );
  const raw = new Float64Array(units * sites);
  const connected = new Float64Array(units * sites);
  for (let a = 0, at = 0; a < units; a++) {
    for (let i = 0; i < sites; i++, at++) {
      const product = products[at]! / n;
      const scale = siteDeviation[i]! * unitDeviation[a]!;
      raw[at] = (products[at]! + origin[a]! * v[i]!) / n;
      connected[at] = scale > 0 ? (product - site[i]! * unit[a]!) / scale : Number.NaN;
    }
  }
  return {
    raw,
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
    const largest = strongestSite(matrix.subarray(row, row + sites));
    if (largest === undefined) continue;
    for (let i = row; i < row + sites; i++) {
      const c = Math.abs(matrix[i]!);
      if (!(c >= 0)) continue;
      sum += c;
      pairs++;
    }
    maxima += Math.abs(matrix[row + largest]!);
    units++;
  }
  return { mean: sum / pairs, max: maxima / units };
}

/**
 * C against distance: the mean over units of C_ia, turned to be positive where |C| is largest, over
 * the sites at each distance from there. `shells` are those of `distanceShells`. NaN entries do not
 * count; all are NaN where no unit varies.
 */
export function correlationProfile(
  matrix: Float64Array,
  shells: { readonly count: number; shellOf(a: number, b: number): number },
  sites: number,
): Float64Array {
  const sums = new Float64Array(shells.count);
  const counts = new Float64Array(shells.count);
  for (let row = 0; row < matrix.length; row += sites) {
    const center = strongestSite(matrix.subarray(row, row + sites));
    if (center === undefined) continue;
    const sign = Math.sign(matrix[row + center]!);
    for (let i = 0; i < sites; i++) {
      const c = matrix[row + i]!;
      if (Number.isNaN(c)) continue;
      const shell = shells.shellOf(center, i);
      sums[shell]! += sign * c;
      counts[shell]! += 1;
    }
  }
  return sums.map((sum, k) => sum / counts[k]!);
}

/** The first site of the largest |C|; undefined where all are NaN. */
function strongestSite(row: Float64Array): number | undefined {
  let best: number | undefined;
  for (let i = 0; i < row.length; i++) {
    const c = Math.abs(row[i]!);
    if (c >= 0 && (best === undefined || c > Math.abs(row[best]!))) best = i;
  }
  return best;
}
