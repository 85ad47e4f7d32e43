/**
 * Readings of the inverse temperature and how good they are: the tables of the `thermometer` node.
 * Knows neither ports nor networks.
 */

import { betaOfEnergy } from "../../lattice/rg-map.ts";
import { ising } from "../../lattice/systems/ising.ts";
import { groupRows } from "../../statistics/groups.ts";
import { jackknifeMeans } from "../../statistics/jackknife.ts";
import { mean } from "../../statistics/moments.ts";
import { defined } from "../shared/tables.ts";

/** The energies that are read are those of Ising spins, also of real numbers in their place. */
const { torus, free } = ising.exact!;

export type Prior = readonly [number, number];

/** One reading a configuration. */
export interface Readings {
  readonly estimator: "network" | "energy";
  readonly values: ArrayLike<number>;
}

/** Mean and standard deviation of the reading of one configuration; undefined where none is known. */
export type ExactReading = (beta: number) => { mean: number; spread: number } | undefined;

/** What the configurations are, row by row. */
export interface Truth {
  readonly beta: ArrayLike<number>;
  /** What should be read. */
  readonly target: ArrayLike<number>;
  /** Sites a side, where the bound is wanted. */
  readonly side: number | undefined;
  /** Energies E of the configurations, with the side. */
  readonly energies: ArrayLike<number> | undefined;
  /** Of the reading by energy, what is known. */
  readonly exact: ExactReading;
}

/**
 * The beta in the prior under which each energy per site is most likely: u_L(beta) = e for the
 * torus, else the nearer end of the prior. Energies repeat, so each is solved once.
 */
export function energyReadings(
  energies: ArrayLike<number>,
  side: number,
  [from, to]: Prior,
): Float64Array {
  const known = new Map<number, number>();
  return Float64Array.from(energies, (energy) => {
    const before = known.get(energy);
    if (before !== undefined) return before;
    const solved = betaOfEnergy(torus, side, energy)?.beta ?? (energy > 0 ? from : to);
    const beta = Math.min(to, Math.max(from, solved));
    known.set(energy, beta);
    return beta;
  });
}

/**
 * Least standard deviation of an unbiased reading: 1/sqrt(Var E) = beta / sqrt(N c), torus. Infinite
 * where no energy but the least occurs.
 */
export function cramerRao(side: number, beta: number): number {
  const sites = side * side;
  if (beta === 0) return 1 / Math.sqrt(-sites * free.slope(side));
  return beta / Math.sqrt(sites * torus(side, beta).specificHeat);
}

/** One row a beta. */
export function readingRows(readings: Readings, truth: Truth, prior: Prior) {
  return groupRows(truth.beta).map(({ value: beta, rows }) => {
    const target = truth.target[rows[0]!]!;
    const read = Float64Array.from(rows, (row) => readings.values[row]!);
    // About the mean, so that a small spread beside a large bias keeps its digits.
    const center = mean(read);
    const energy = Float64Array.from(rows, (row) => truth.energies?.[row] ?? 0);
    const middle = mean(energy);
    const moments = Float64Array.from({ length: 4 * read.length }, (_, i) => {
      const [d, e] = [read[i >> 2]! - center, energy[i >> 2]! - middle];
      return [d, d * d, e, d * e][i & 3]!;
    });
    const shift = center - target;
    const [bias, spread, rmse, response] = jackknifeMeans(moments, 4, [
      (m) => shift + m[0]!,
      (m) => Math.sqrt(Math.max(0, m[1]! - m[0]! * m[0]!)),
      (m) => Math.sqrt(m[1]! + 2 * shift * m[0]! + shift * shift),
      (m) => m[0]! * m[2]! - m[3]!,
    ]);
    const exact = readings.estimator === "energy" ? truth.exact(beta) : undefined;
    const bound = truth.side === undefined ? Number.NaN : cramerRao(truth.side, beta);
    const outside = read.filter((value) => value <= prior[0] || value >= prior[1]).length;
    return {
      beta,
      estimator: readings.estimator,
      configurations: read.length,
      target,
      estimate: target + bias!.value,
      bias: bias!.value,
      bias_se: defined(bias!.error),
      spread: spread!.value,
      spread_se: defined(spread!.error),
      rmse: rmse!.value,
      rmse_se: defined(rmse!.error),
      cramer_rao: Number.isFinite(bound) ? bound : null,
      response: truth.side === undefined ? null : response!.value,
      response_se: truth.side === undefined ? null : defined(response!.error),
      least_spread: Number.isFinite(bound) ? bound * Math.abs(response!.value) : null,
      exact_bias: exact ? exact.mean - target : null,
      exact_spread: exact ? exact.spread : null,
      outside: outside / read.length,
    };
  });
}
type ReadingRow = ReturnType<typeof readingRows>[number];

/** Mean square error in units of the bound. */
function inBounds({ rmse, cramer_rao }: ReadingRow): number {
  const ratio = rmse / cramer_rao!;
  return ratio * ratio;
}

/** All betas together, each configuration with the same weight. */
export function readingSummary(rows: readonly ReadingRow[]) {
  const count = rows.reduce((sum, row) => sum + row.configurations, 0);
  const over = (value: (row: ReadingRow) => number) =>
    rows.reduce((sum, row) => sum + (row.configurations / count) * value(row), 0);
  // Betas have chains of their own: errors of what is averaged add up in squares.
  const errorOver = (error: (row: ReadingRow) => number) => {
    const parts = rows.map((row) => (row.configurations / count) * error(row));
    const squares = parts.map((part) => part * part);
    return Math.sqrt(mean(squares) * rows.length);
  };
  const rmse = Math.sqrt(over((row) => row.rmse * row.rmse));
  const squareError = (row: ReadingRow) => 2 * row.rmse * (row.rmse_se ?? Number.NaN);
  const hasBound = rows.every(({ cramer_rao }) => cramer_rao !== null);
  const ratio = Math.sqrt(over(inBounds));
  return {
    estimator: rows[0]!.estimator,
    configurations: count,
    rmse,
    rmse_se: rmse > 0 ? defined(errorOver(squareError) / (2 * rmse)) : null,
    mean_bias: over((row) => row.bias),
    mean_bias_se: defined(errorOver((row) => row.bias_se ?? Number.NaN)),
    mean_abs_bias: over((row) => Math.abs(row.bias)),
    // A bias that is far from 0 has the error of its size.
    mean_abs_bias_se: defined(errorOver((row) => row.bias_se ?? Number.NaN)),
    mean_spread: over((row) => row.spread),
    mean_spread_se: defined(errorOver((row) => row.spread_se ?? Number.NaN)),
    cramer_rao: hasBound ? Math.sqrt(over((row) => row.cramer_rao! * row.cramer_rao!)) : null,
    ratio: hasBound ? ratio : null,
    ratio_se:
      hasBound && ratio > 0
        ? defined(
            errorOver((row) => squareError(row) / (row.cramer_rao! * row.cramer_rao!)) /
              (2 * ratio),
          )
        : null,
    outside: over((row) => row.outside),
  };
}
