/**
 * The tables of the `correlation` node, row by row: kernels of src/lattice with the errors of
 * src/statistics. Knows neither parameters nor ports.
 */

import { measurePairs, retention } from "../../lattice/correlation.ts";
import { hiddenCorrelation, summarizeCorrelation } from "../../lattice/correlation-hidden.ts";
import { axisLags, type Lag } from "../../lattice/correlation-lags.ts";
import { gatherRows } from "../../lattice/correlation-rows.ts";
import type { Generator } from "../../random/generator.ts";
import { jackknifeMeans } from "../../statistics/jackknife.ts";
import { mean } from "../../statistics/moments.ts";
import type { Sample } from "./sample.ts";
import { defined } from "./tables.ts";

/** G at each lag and then its connected part at each, with errors. */
function twoPoint({ spins, side }: Sample, lags: readonly Lag[], rows: Int32Array) {
  const values = measurePairs(spins, side, lags, rows);
  const spin = lags.length;
  return jackknifeMeans(values, spin + 1, [
    ...lags.map((_, k) => (means: Float64Array) => means[k]!),
    ...lags.map((_, k) => (means: Float64Array) => means[k]! - means[spin]! * means[spin]!),
  ]);
}

/** One row a beta and lag. */
export function twoPointRows(sample: Sample, lags: readonly Lag[]) {
  return sample.betas.flatMap(({ value: beta, rows }) => {
    const measured = twoPoint(sample, lags, rows);
    return lags.map(({ offset: [dy, dx] }, k) => ({
      beta,
      dy,
      dx,
      g: measured[k]!.value,
      g_se: defined(measured[k]!.error),
      g_connected: measured[lags.length + k]!.value,
      g_connected_se: defined(measured[lags.length + k]!.error),
      configurations: rows.length,
    }));
  });
}

export type HiddenRow = {
  readonly beta: number;
  readonly mean_c: number | null;
  readonly max_c: number | null;
  readonly max_c_null: number | null;
  readonly max_c_excess: number | null;
  readonly mean_raw: number;
  readonly max_raw: number;
  readonly frozen_sites: number;
  readonly frozen_units: number;
  readonly configurations: number;
};

/**
 * One row a beta for codes of `units` numbers, and C_ia: `units` rows of sites a beta.
 * `randomAt` gives the generator of the shuffles at a beta.
 */
export function hiddenRows(
  sample: Sample,
  codes: { readonly values: Float32Array; readonly units: number },
  { shuffles, randomAt }: { shuffles: number; randomAt: (beta: number) => Generator },
): { rows: HiddenRow[]; matrices: Float64Array[] } {
  const sites = sample.side * sample.side;
  const matrices: Float64Array[] = [];
  const rows = sample.betas.map(({ value: beta, rows }) => {
    const data = {
      n: rows.length,
      visible: gatherRows(sample.spins, sites, rows),
      hidden: gatherRows(codes.values, codes.units, rows),
    };
    const { raw, connected, frozenSites, frozenUnits } = hiddenCorrelation(data);
    matrices.push(connected);
    const random = randomAt(beta);
    const order = Int32Array.from(rows.keys());
    const nulls = Array.from({ length: shuffles }, () => {
      const shuffled = hiddenCorrelation(data, random.shuffle(order));
      return summarizeCorrelation(shuffled.connected, sites).max;
    });
    const c = summarizeCorrelation(connected, sites);
    const product = summarizeCorrelation(raw, sites);
    return {
      beta,
      mean_c: defined(c.mean),
      max_c: defined(c.max),
      max_c_null: defined(mean(nulls)),
      max_c_excess: defined(c.max - mean(nulls)),
      mean_raw: product.mean,
      max_raw: product.max,
      frozen_sites: frozenSites,
      frozen_units: frozenUnits,
      configurations: rows.length,
    };
  });
  return { rows, matrices };
}

/**
 * One row a beta: how much of the original's G(r) is left. The betas of `sample` must all be among
 * the original's.
 */
export function retentionRows(sample: Sample, original: Sample) {
  const lags = axisLags(sample.side);
  const originals = new Map(original.betas.map(({ value, rows }) => [value, rows]));
  return sample.betas.map(({ value: beta, rows }) => {
    const kept = twoPoint(sample, lags, rows);
    const before = twoPoint(original, lags, originals.get(beta)!);
    const clear = lags
      .map((_, k) => k)
      .filter((k) => k > 0 && Math.abs(before[k]!.value) > 4 * before[k]!.error);
    const at = (g: typeof kept) => clear.map((k) => g[k]!.value);
    return {
      beta,
      lags: clear.length,
      rho_g: defined(retention(at(before), at(kept))),
      energy: -2 * kept[1]!.value,
      energy_original: -2 * before[1]!.value,
      energy_bias: 2 * (before[1]!.value - kept[1]!.value),
    };
  });
}
