/**
 * The tables of the `correlation` node, row by row: kernels of src/lattice with the errors of
 * src/statistics. Knows neither parameters nor ports.
 */
import { createHash } from "node:crypto";
import {
  type HiddenCorrelation,
  hiddenCorrelation,
  hiddenJackknife,
} from "../../lattice/correlation/hidden.ts";
import { type DistanceShells, distanceShells, type Lag } from "../../lattice/correlation/lags.ts";
import { Products } from "../../lattice/correlation/products.ts";
import { gatherRows } from "../../lattice/correlation/rows.ts";
import { pairSums } from "../../lattice/correlation/two-point.ts";
import { gatherBits } from "../../lattice/spins.ts";
import type { Generator } from "../../random/generator.ts";
import {
  blockBounds,
  blockMeans,
  jackknifeError,
  jackknifeErrors,
} from "../../statistics/jackknife.ts";
import { mean, standardError } from "../../statistics/moments.ts";
import { piecesOf, type Sample } from "../shared/sample.ts";
import { defined } from "../shared/tables.ts";

/** G(r) with its errors, column by column: one row a beta and lag, which may be many. */
export interface TwoPoints {
  readonly beta: Float64Array<ArrayBuffer>;
  readonly dy: Int32Array<ArrayBuffer>;
  readonly dx: Int32Array<ArrayBuffer>;
  readonly g: Float64Array<ArrayBuffer>;
  readonly g_se: Float64Array<ArrayBuffer>;
  readonly g_connected: Float64Array<ArrayBuffer>;
  readonly g_connected_se: Float64Array<ArrayBuffer>;
  readonly configurations: Int32Array<ArrayBuffer>;
  /** G without each block. */
  readonly left_out: Float64Array[];
  readonly chains?: string[];
}

/** At least two configurations a beta. */
export function twoPoints(sample: Sample, lags: readonly Lag[]): TwoPoints {
  const sumsOf = pairSums(sample.side, lags);
  const rows = sample.betas.length * lags.length;
  const numbers = () => new Float64Array(rows);
  const integers = () => new Int32Array(rows);
  const found = {
    ...{ beta: numbers(), dy: integers(), dx: integers() },
    ...{ g: numbers(), g_se: numbers(), g_connected: numbers(), g_connected_se: numbers() },
    ...{ configurations: integers(), left_out: new Array<Float64Array>(rows) },
    ...(sample.chains && { chains: [] as string[] }),
  };
  let at = 0;
  for (const { value: beta, rows: own } of sample.betas) {
    const bounds = blockBounds(own.length);
    const blocks = bounds.slice(1).map((end, b) => piecesOf(sample, own.subarray(bounds[b]!, end)));
    const means = blockMeans(own.length, sumsOf(blocks));
    const { all, leftOut } = means;
    const count = blocks.length;
    const end = at + lags.length;
    found.beta.fill(beta, at, end);
    setOffsets(lags, found.dy.subarray(at, end), found.dx.subarray(at, end));
    found.g.set(all.subarray(0, lags.length), at);
    found.g_se.set(jackknifeErrors(means, lags.length), at);
    // The mean spin stands behind the products.
    const spin = all[lags.length]!;
    setLess(found.g_connected.subarray(at, end), all, spin * spin);
    const squares = leftOut.slice(lags.length * count).map((mean) => mean * mean);
    found.g_connected_se.set(jackknifeErrors(means, lags.length, squares), at);
    found.configurations.fill(own.length, at, end);
    setParts(found.left_out, at, end, leftOut, count);
    const chains = chainsDigest(sample, own);
    if (chains !== undefined) for (let k = at; k < end; k++) found.chains!.push(chains);
    at = end;
  }
  return found;
}

// Long loops, each in a function of its own, which is compiled fast.

function setOffsets(lags: readonly Lag[], dy: Int32Array, dx: Int32Array): void {
  for (let k = 0; k < lags.length; k++) {
    const { offset } = lags[k]!;
    dy[k] = offset[0];
    dx[k] = offset[1];
  }
}

/** As many values as there is room for, less a number. */
function setLess(room: Float64Array, values: Float64Array, less: number): void {
  for (let k = 0; k < room.length; k++) room[k] = values[k]! - less;
}

/** Sets `parts` from `at` to `end` to pieces of `values`, each of so many. */
function setParts(
  parts: Float64Array[],
  at: number,
  end: number,
  { buffer }: Float64Array<ArrayBuffer>,
  length: number,
): void {
  for (let k = at; k < end; k++) parts[k] = new Float64Array(buffer, 8 * (k - at) * length, length);
}

/**
 * Which chains these rows come from, in order. A chain that goes on counts once, so that k images of
 * each row of an ensemble have the digest of the ensemble.
 */
function chainsDigest({ chains }: Sample, rows: Int32Array): string | undefined {
  if (!chains) return undefined;
  const turns: string[] = [];
  for (const row of rows) if (turns.at(-1) !== chains[row]) turns.push(chains[row]!);
  return createHash("sha256").update(JSON.stringify(turns)).digest("hex").slice(0, 16);
}

export interface HiddenSettings {
  readonly shuffles: number;
  /** Generator of the shuffles at a beta. */
  randomAt(beta: number): Generator;
}

/** Codes of the configurations, row by row: numbers, or bits that stand for +1 and -1. */
export interface Codes {
  readonly values: Float32Array | Uint8Array;
  readonly units: number;
}

/**
 * One row a beta for codes of `units` numbers, rows by distance, and C_ia itself: `units` rows of
 * sites a beta.
 */
export function hiddenRows(sample: Sample, codes: Codes, { shuffles, randomAt }: HiddenSettings) {
  const sites = sample.side * sample.side;
  const shells = distanceShells(sample.side);
  const { values, units } = codes;
  return sample.betas.map(({ value: beta, rows }) => {
    const visible = sample.bitsOf(rows);
    const hidden =
      values instanceof Uint8Array
        ? gatherBits(values, units, rows)
        : gatherRows(values, units, rows);
    const products = new Products({ visible, sites, hidden, units });
    const bounds = blockBounds(rows.length);
    const blocks = bounds.length - 1;
    const { all, without } = hiddenJackknife(products, bounds, shells);
    const random = randomAt(beta);
    const order = Int32Array.from(rows.keys());
    const measures = {
      found: all,
      leftOut: Array.from({ length: blocks < 2 ? 0 : blocks }, (_, b) => without(b)),
      nulls: Array.from({ length: shuffles }, () =>
        hiddenCorrelation(products.shuffled(random.shuffle(order)), shells),
      ),
    };
    const { frozenSites: frozen_sites, frozenUnits: frozen_units } = all;
    const counts = { frozen_sites, frozen_units, configurations: rows.length };
    return {
      row: { beta, ...hiddenRow(measures), ...counts },
      distances: distanceRows(measures, shells).map((row) => ({ beta, ...row })),
      matrix: all.matrices.connected,
    };
  });
}

/** Measures of all configurations, without each block, and of shuffled ones. */
interface Measures {
  readonly found: HiddenCorrelation;
  readonly leftOut: readonly HiddenCorrelation[];
  readonly nulls: readonly HiddenCorrelation[];
}

function hiddenRow({ found, leftOut, nulls }: Measures) {
  const maxNull = mean(nulls.map(({ max }) => max));
  const maxError = jackknifeError(leftOut.map(({ max }) => max));
  // Shuffles are drawn anew, so that their spread is independent of the configurations'.
  const nullError = standardError(nulls.map(({ max }) => max));
  return {
    mean_c: defined(found.mean),
    mean_c_se: defined(jackknifeError(leftOut.map((m) => m.mean))),
    max_c: defined(found.max),
    max_c_se: defined(maxError),
    max_c_null: defined(maxNull),
    max_c_null_se: defined(nullError),
    max_c_excess: defined(found.max - maxNull),
    max_c_excess_se: defined(Math.sqrt(maxError * maxError + nullError * nullError)),
    mean_raw: found.raw.mean,
    mean_raw_se: defined(jackknifeError(leftOut.map(({ raw }) => raw.mean))),
    max_raw: found.raw.max,
    max_raw_se: defined(jackknifeError(leftOut.map(({ raw }) => raw.max))),
  };
}

function distanceRows({ found, leftOut, nulls }: Measures, { distances, sites }: DistanceShells) {
  return Array.from(distances, (distance, k) => ({
    distance,
    sites: sites[k]!,
    c: defined(found.profile[k]!),
    c_se: defined(jackknifeError(leftOut.map(({ profile }) => profile[k]!))),
    c_null: defined(mean(nulls.map(({ profile }) => profile[k]!))),
  }));
}
