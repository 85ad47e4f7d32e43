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
import { blockBounds, jackknifeError, jackknifeSums } from "../../statistics/jackknife.ts";
import { mean, standardError } from "../../statistics/moments.ts";
import { piecesOf, type Sample } from "../shared/sample.ts";
import { defined } from "../shared/tables.ts";

/** One row a beta and lag. */
export function twoPointRows(sample: Sample, lags: readonly Lag[]) {
  const spin = lags.length;
  const sums = pairSums(sample.side, lags);
  return sample.betas.flatMap(({ value: beta, rows }) => {
    const chains = chainsDigest(sample, rows);
    const sumOver = (from: number, to: number) => sums(piecesOf(sample, rows.subarray(from, to)));
    const measured = jackknifeSums(rows.length, sumOver, [
      ...lags.map((_, k) => (means: Float64Array) => means[k]!),
      ...lags.map((_, k) => (means: Float64Array) => means[k]! - means[spin]! * means[spin]!),
    ]);
    return lags.map(({ offset: [dy, dx] }, k) => {
      const [g, connected] = [measured[k]!, measured[lags.length + k]!];
      return {
        beta,
        dy,
        dx,
        g: g.value,
        g_se: defined(g.error),
        g_connected: connected.value,
        g_connected_se: defined(connected.error),
        configurations: rows.length,
        left_out: g.leftOut,
        ...(chains !== undefined && { chains }),
      };
    });
  });
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
export type TwoPointRow = ReturnType<typeof twoPointRows>[number];

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
