/** The table of the `rate-distortion` node, row by row. Knows no network. */
import type { Generator } from "../../random/generator.ts";
import type { Group } from "../../statistics/groups.ts";
import { jackknifeMeans } from "../../statistics/jackknife.ts";
import { mean } from "../../statistics/moments.ts";
import { compressionRows } from "../shared/compression.ts";
import { averagedError, defined } from "../shared/tables.ts";

interface Code {
  readonly bits: Uint8Array;
  readonly units: number;
  readonly sites: number;
}

/** One number a configuration. */
interface Distortions {
  readonly mse: Float64Array;
  readonly accuracy: Float64Array;
  readonly mse_real: Float64Array;
  readonly accuracy_real: Float64Array;
  readonly nearest_accuracy: Float64Array | undefined;
}

/** One row a beta. */
export function rateRows(
  { bits, units, sites }: Code,
  distortions: Distortions,
  betas: readonly Group[],
  referenceOf: (bits: number) => Generator,
) {
  const compressed = compressionRows({ bits, width: units }, betas, { referenceOf });
  const rate = units / sites;
  return betas.map(({ value: beta, rows }, b) => {
    const of = (values: Float64Array) =>
      jackknifeMeans(
        Float64Array.from(rows, (row) => values[row]!),
        1,
        [(means) => means[0]!],
      )[0]!;
    const [mse, accuracy] = [of(distortions.mse), of(distortions.accuracy)];
    const [mseReal, accuracyReal] = [of(distortions.mse_real), of(distortions.accuracy_real)];
    const { ratio, ratio_se } = compressed[b]!;
    const nearest = distortions.nearest_accuracy && of(distortions.nearest_accuracy).value;
    return {
      beta,
      units,
      rate,
      rate_coded: rate * ratio,
      rate_coded_se: ratio_se === null ? null : rate * ratio_se,
      mse: mse.value,
      mse_se: defined(mse.error),
      accuracy: accuracy.value,
      accuracy_se: defined(accuracy.error),
      mse_real: mseReal.value,
      mse_real_se: defined(mseReal.error),
      accuracy_real: accuracyReal.value,
      accuracy_real_se: defined(accuracyReal.error),
      nearest_mse: nearest === undefined ? null : 4 * (1 - nearest),
      nearest_accuracy: nearest ?? null,
      configurations: rows.length,
    };
  });
}

const averagedMetrics = ["rate_coded", "mse", "accuracy", "mse_real", "accuracy_real"] as const;

/** Means over betas. */
export function summarizeRates(rows: ReturnType<typeof rateRows>) {
  const { units, rate, nearest_mse, nearest_accuracy } = rows[0]!;
  const means = averagedMetrics.flatMap((key) => [
    [key, mean(rows.map((row) => row[key]))],
    [`${key}_se`, averagedError(rows.map((row) => row[`${key}_se`]))],
  ]);
  return {
    units,
    rate,
    ...(Object.fromEntries(means) as Record<string, number | null>),
    nearest_mse: nearest_mse === null ? null : mean(rows.map((row) => row.nearest_mse!)),
    nearest_accuracy:
      nearest_accuracy === null ? null : mean(rows.map((row) => row.nearest_accuracy!)),
    configurations: rows.reduce((sum, row) => sum + row.configurations, 0),
  };
}
