/**
 * Correlation between the sites of configurations and the units that encode them. Knows no network.
 */
import { borrowKernel } from "../kernel.ts";
import type { DistanceShells } from "./lags.ts";
import { addSums, type Products, type Sums, withoutBlock } from "./products.ts";

/** The size of a matrix of correlations; entries that are not defined do not count. */
export interface Size {
  /** Mean |C| over all pairs. */
  readonly mean: number;
  /** Mean over units of max_i |C_ia|. */
  readonly max: number;
}

/** What the correlations of all units with all sites of a `side` x `side` lattice come to. */
export interface HiddenCorrelation extends Size {
  /** The same of <v_i h_a>. */
  readonly raw: Size;
  /**
   * C against distance: the mean over units of C_ia, turned to be positive where |C| is largest, over the
   * sites at each distance from there. NaN where no unit varies.
   */
  readonly profile: Float64Array;
  /** Sites and units that do not vary, whose correlation is not defined. */
  readonly frozenSites: number;
  readonly frozenUnits: number;
}

/** Units x sites, row-major. */
export interface HiddenMatrices {
  /** <v_i h_a>. */
  readonly raw: Float64Array;
  /** cov(v_i, h_a) / (sigma_i sigma_a); NaN where either does not vary. */
  readonly connected: Float64Array;
}

/** C_ia over all configurations, and with one block of them left out. */
export interface HiddenJackknife {
  readonly all: HiddenCorrelation & { readonly matrices: HiddenMatrices };
  without(block: number): HiddenCorrelation;
}

/** Block b is configurations [bounds[b], bounds[b + 1]); together they are all. */
export function hiddenJackknife(
  products: Products,
  bounds: readonly number[],
  shells: DistanceShells,
): HiddenJackknife {
  const blocks = bounds.slice(1).map((to, b) => products.over(bounds[b]!, to));
  const total = addSums(blocks);
  const matrices = emptyMatrices(total);
  return {
    all: { ...correlate({ sums: total, products }, shells, matrices), matrices },
    without: (block) =>
      correlate(
        { sums: withoutBlock(total, blocks, block), products, left: blocks[block]! },
        shells,
      ),
  };
}

/**
 * C_ia over all configurations. Of shuffled ones, in which no true correlation is left, it is the null
 * of max |C|.
 */
export function hiddenCorrelation(products: Products, shells: DistanceShells): HiddenCorrelation {
  return correlate({ sums: products.over(0, products.n), products }, shells);
}

function emptyMatrices({ products }: Sums): HiddenMatrices {
  return { raw: new Float64Array(products.length), connected: new Float64Array(products.length) };
}

/** Sums whose products are still to be reduced by those of a block that is left out. */
interface Given {
  readonly sums: Sums;
  readonly products: Products;
  readonly left?: Sums;
}

/** Entries of matrices that a kernel holds at once. */
const entriesAtOnce = 2 ** 21;

/** Fills the matrices, if there are any. */
function correlate(
  { sums, products: { origin }, left }: Given,
  shells: DistanceShells,
  matrices?: HiddenMatrices,
): HiddenCorrelation {
  const { n, products, v, h, squares, lowest, highest } = sums;
  const [sites, units, distances] = [v.length, h.length, shells.distances.length];
  // A spin's square is 1, so its variance is 1 - m^2: exactly 0 where it never turns.
  const siteDeviation = v.map((sum) => Math.sqrt((1 - sum / n) * (1 + sum / n)));
  // The variance of a constant unit may be rounded to another value than 0: compare its extremes.
  const unitDeviation = squares.map((sum, a) =>
    lowest[a] === highest[a] ? 0 : Math.sqrt(Math.max(0, sum / n - (h[a]! / n) * (h[a]! / n))),
  );
  const most = Math.min(units, Math.max(1, Math.floor(entriesAtOnce / sites)));
  const entries = most * sites;
  // One behind the other, in f64: totals, profile, sites, codes, four matrices; then the shells, in i32.
  const [atProfile, atSites] = [6, 6 + 2 * distances];
  const atCodes = atSites + 2 * sites;
  const atProducts = atCodes + 3 * most;
  const doubles = atProducts + 4 * entries;
  const { kernel, at } = borrowKernel(8 * doubles + 4 * sites);
  const memory = new Float64Array(kernel.memory.buffer, at, doubles).fill(0, 0, atSites);
  memory.set(v, atSites);
  memory.set(siteDeviation, atSites + sites);
  new Int32Array(kernel.memory.buffer, at + 8 * doubles, sites).set(shells.shellOf);
  const [atLeft, atRaw, atConnected] = [1, 2, 3].map((k) => atProducts + k * entries) as [
    number,
    number,
    number,
  ];
  for (let unit = 0; unit < units; unit += most) {
    const count = Math.min(most, units - unit);
    const [from, to] = [unit * sites, (unit + count) * sites];
    for (let a = 0; a < count; a++) {
      const code = [h[unit + a]! / n, unitDeviation[unit + a]!, origin[unit + a]!];
      memory.set(code, atCodes + 3 * a);
    }
    memory.set(products.subarray(from, to), atProducts);
    if (left) memory.set(left.products.subarray(from, to), atLeft);
    kernel.correlate(
      count,
      shells.side,
      n,
      at + 8 * atProducts,
      left ? at + 8 * atLeft : 0,
      at + 8 * atSites,
      at + 8 * atCodes,
      at + 8 * doubles,
      distances,
      at + 8 * atRaw,
      at + 8 * atConnected,
      at,
      at + 8 * atProfile,
    );
    matrices?.raw.set(memory.subarray(atRaw, atRaw + to - from), from);
    matrices?.connected.set(memory.subarray(atConnected, atConnected + to - from), from);
  }
  const [sum, pairs, maxima, varying, sumRaw, maximaRaw] = memory as unknown as number[];
  const counts = memory.subarray(atProfile + distances, atSites);
  return {
    mean: sum! / pairs!,
    max: maxima! / varying!,
    raw: { mean: sumRaw! / (units * sites), max: maximaRaw! / units },
    profile: memory.slice(atProfile, atProfile + distances).map((c, k) => c / counts[k]!),
    frozenSites: siteDeviation.filter((d) => d === 0).length,
    frozenUnits: unitDeviation.filter((d) => d === 0).length,
  };
}
