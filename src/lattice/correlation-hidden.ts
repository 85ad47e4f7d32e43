/**
 * Correlation between the sites of configurations and the units that encode them.
 * Spins are Int8, +1 or -1; units hold real numbers. Knows no network.
 */
import { bitCount } from "./correlation-rows.ts";

/** n configurations side by side. */
export interface Encoded {
  readonly n: number;
  /** n x sites spins, row-major. */
  readonly visible: Int8Array;
  /** n x units, row-major. */
  readonly hidden: Float32Array | Float64Array;
}

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

/**
 * C_ia over the n configurations. `order` pairs configuration c with the code of `order[c]`:
 * a permutation destroys every true correlation, and what is left is the null of max |C|.
 */
export function hiddenCorrelation(
  { n, visible, hidden }: Encoded,
  order?: ArrayLike<number>,
): HiddenCorrelation {
  const sites = visible.length / n;
  const units = hidden.length / n;
  const v = siteMoments(visible, n, sites);
  const h = unitMoments(hidden, n, units);
  const sums = isSpins(hidden)
    ? productsOfBits({ n, visible, hidden }, order)
    : productsOfNumbers({ n, visible, hidden }, order, h.sum);
  const raw = new Float64Array(units * sites);
  const connected = new Float64Array(units * sites);
  for (let a = 0; a < units; a++) {
    for (let i = 0; i < sites; i++) {
      const product = sums[a * sites + i]! / n;
      const scale = v.deviation[i]! * h.deviation[a]!;
      raw[a * sites + i] = product;
      connected[a * sites + i] =
        scale > 0 ? (product - v.mean[i]! * h.mean[a]!) / scale : Number.NaN;
    }
  }
  return {
    raw,
    connected,
    frozenSites: v.deviation.filter((d) => d === 0).length,
    frozenUnits: h.deviation.filter((d) => d === 0).length,
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

function isSpins(hidden: Float32Array | Float64Array): boolean {
  for (let k = 0; k < hidden.length; k++) if (hidden[k] !== 1 && hidden[k] !== -1) return false;
  return true;
}

/** sum_c v_i h_a, units x sites, from units of +1 and -1: configurations are bits of words. */
function productsOfBits({ n, visible, hidden }: Encoded, order?: ArrayLike<number>): Float64Array {
  const words = Math.ceil(n / 32);
  const v = columnBits(visible, n, words);
  const h = columnBits(hidden, n, words, order);
  const [sites, units] = [visible.length / n, hidden.length / n];
  const sums = new Float64Array(units * sites);
  for (let a = 0; a < units; a++) {
    for (let i = 0; i < sites; i++) {
      let unequal = 0;
      for (let w = 0; w < words; w++) unequal += bitCount(v[i * words + w]! ^ h[a * words + w]!);
      sums[a * sites + i] = n - 2 * unequal;
    }
  }
  return sums;
}

/** The signs of each column, one bit a row, in `words` words a column. */
function columnBits(
  rows: Int8Array | Float32Array | Float64Array,
  n: number,
  words: number,
  order?: ArrayLike<number>,
): Int32Array {
  const width = rows.length / n;
  const bits = new Int32Array(width * words);
  for (let c = 0; c < n; c++) {
    const start = (order ? order[c]! : c) * width;
    for (let i = 0; i < width; i++) {
      if (rows[start + i]! > 0) bits[i * words + (c >> 5)]! |= 1 << (c & 31);
    }
  }
  return bits;
}

/** The same for any numbers; `total` is the sum of each unit. */
function productsOfNumbers(
  { n, visible, hidden }: Encoded,
  order: ArrayLike<number> | undefined,
  total: Float64Array,
): Float64Array {
  const [sites, units] = [visible.length / n, hidden.length / n];
  // Only spins up are added: sum v h = 2 (sum over v = +1 of h) - sum h.
  const up = new Float64Array(sites * units);
  for (let c = 0; c < n; c++) {
    const code = (order ? order[c]! : c) * units;
    for (let i = 0; i < sites; i++) {
      if (visible[c * sites + i]! < 0) continue;
      for (let a = 0, at = i * units; a < units; a++, at++) up[at] = up[at]! + hidden[code + a]!;
    }
  }
  const sums = new Float64Array(units * sites);
  for (let a = 0; a < units; a++) {
    for (let i = 0; i < sites; i++) sums[a * sites + i] = 2 * up[i * units + a]! - total[a]!;
  }
  return sums;
}

function siteMoments(visible: Int8Array, n: number, sites: number) {
  const mean = new Float64Array(sites);
  for (let c = 0, at = 0; c < n; c++) {
    for (let i = 0; i < sites; i++, at++) mean[i] = mean[i]! + visible[at]!;
  }
  for (let i = 0; i < sites; i++) mean[i] = mean[i]! / n;
  // A spin's square is 1, so its variance is 1 - m^2: exactly 0 where it never turns.
  return { mean, deviation: mean.map((m) => Math.sqrt((1 - m) * (1 + m))) };
}

function unitMoments(hidden: Float32Array | Float64Array, n: number, units: number) {
  const sum = new Float64Array(units);
  const lowest = Float64Array.from(hidden.subarray(0, units));
  const highest = lowest.slice();
  for (let c = 0, at = 0; c < n; c++) {
    for (let a = 0; a < units; a++, at++) {
      const h = hidden[at]!;
      sum[a] = sum[a]! + h;
      if (h < lowest[a]!) lowest[a] = h;
      if (h > highest[a]!) highest[a] = h;
    }
  }
  const mean = sum.map((s) => s / n);
  const squares = new Float64Array(units);
  for (let c = 0, at = 0; c < n; c++) {
    for (let a = 0; a < units; a++, at++) {
      const d = hidden[at]! - mean[a]!;
      squares[a] = squares[a]! + d * d;
    }
  }
  // A constant unit has a rounded mean, so its squares may not vanish: compare its extremes.
  const deviation = squares.map((s, a) => (lowest[a] === highest[a] ? 0 : Math.sqrt(s / n)));
  return { sum, mean, deviation };
}
