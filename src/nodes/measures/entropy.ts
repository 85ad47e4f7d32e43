/** The table of the `entropy` node, row by row. Knows neither parameters' limits nor ports. */
import {
  type EntropyEstimator,
  type EstimatorName,
  entropyEstimators,
  estimateEntropy,
  patternCounter,
} from "../../lattice/entropy.ts";
import { type Correction, entropyOfCounts } from "../../statistics/entropy.ts";
import { blockBounds, jackknifeError } from "../../statistics/jackknife.ts";
import type { Sample } from "./sample.ts";
import { defined } from "./tables.ts";

interface Settings {
  readonly estimators: readonly EstimatorName[];
  readonly correction: Correction;
  readonly blocks: number;
}

/** One row a beta and estimator. */
export function entropyRows(sample: Sample, { estimators, correction, blocks }: Settings) {
  return sample.betas.flatMap(({ value: beta, rows }) =>
    estimators.map((name) => {
      const estimator: EntropyEstimator = entropyEstimators[name];
      const counted = countBlocks(sample, estimator, rows, blocks);
      const entropyOf = (counts: Float64Array) => entropyOfCounts(counts, correction);
      const entropy = estimateEntropy(estimator, counted.total, entropyOf);
      const plugin = estimateEntropy(estimator, counted.total, (counts) => entropyOfCounts(counts));
      const leftOut = counted.blocks.map((block) => {
        const rest = counted.total.map((count, i) => count - block[i]!);
        return estimateEntropy(estimator, rest, entropyOf);
      });
      return {
        beta,
        estimator: name,
        entropy,
        entropy_se: defined(jackknifeError(leftOut)),
        block_entropy: name.startsWith("pattern") ? entropy * estimator.sites.length : null,
        correction: entropy - plugin,
        patterns: counted.total.reduce((seen, count) => seen + (count > 0 ? 1 : 0), 0),
        windows: rows.length * sample.side * sample.side,
        configurations: rows.length,
      };
    }),
  );
}

/** Pattern counts of contiguous blocks of configurations, and of all of them. */
function countBlocks(
  { spins, side }: Sample,
  estimator: EntropyEstimator,
  rows: Int32Array,
  blocks: number,
) {
  const sites = side * side;
  const counter = patternCounter(side, estimator);
  const bounds = blockBounds(rows.length, blocks);
  const total = new Float64Array(counter.cells);
  const counted = bounds.slice(1).map((end, b) => {
    const counts = new Float64Array(counter.cells);
    for (const row of rows.subarray(bounds[b]!, end)) {
      counter.add(spins.subarray(row * sites, (row + 1) * sites), counts);
    }
    for (let i = 0; i < total.length; i++) total[i] = total[i]! + counts[i]!;
    return counts;
  });
  return { total, blocks: counted };
}
