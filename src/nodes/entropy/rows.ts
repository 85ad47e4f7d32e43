/** The tables of the `entropy` node, row by row. Knows neither parameters' limits nor ports. */
import {
  type EntropyEstimator,
  type EstimatorName,
  entropyEstimators,
  estimateEntropy,
} from "../../lattice/entropy.ts";
import type { Generator } from "../../random/generator.ts";
import { type Correction, entropyOfCounts } from "../../statistics/entropy.ts";
import { hierarchicalBootstrap } from "../../statistics/hierarchical.ts";
import { blockBounds, jackknifeError } from "../../statistics/jackknife.ts";
import { mean } from "../../statistics/moments.ts";
import { countBlocks, entropyWith, jackknifedEntropy } from "../shared/entropy.ts";
import type { Sample } from "../shared/sample.ts";
import { defined } from "../shared/tables.ts";

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
      const bounds = blockBounds(rows.length, blocks);
      const counted = countBlocks(sample, { name, correction }, rows, bounds);
      const { all, leftOut, total } = jackknifedEntropy(counted);
      const plugin = estimateEntropy(estimator, total, (counts) => entropyOfCounts(counts));
      return {
        beta,
        estimator: name,
        entropy: all,
        entropy_se: defined(jackknifeError(leftOut)),
        block_entropy: name.startsWith("pattern") ? all * estimator.sites.length : null,
        correction: all - plugin,
        patterns: total.reduce((seen, count) => seen + (count > 0 ? 1 : 0), 0),
        windows: rows.length * sample.side * sample.side,
        configurations: rows.length,
      };
    }),
  );
}

interface BootstrapSettings extends Settings {
  readonly alpha: number;
  readonly resamples: number;
  randomAt(beta: number, estimator: string): Generator;
}

/**
 * One row a beta and estimator: the mean over samples (replicates) of what each of them gives by
 * itself, with a hierarchical bootstrap over replicates and, within them, blocks.
 */
export function bootstrapRows(samples: readonly Sample[], settings: BootstrapSettings) {
  const betas = [...new Set(samples.flatMap((s) => s.betas.map(({ value }) => value)))];
  return betas
    .sort((a, b) => a - b)
    .flatMap((beta) =>
      settings.estimators.map((name) => {
        const counted = samples.flatMap((sample) => {
          const rows = sample.betas.find(({ value }) => value === beta)?.rows;
          if (!rows) return [];
          const bounds = blockBounds(rows.length, settings.blocks);
          return [countBlocks(sample, { name, correction: settings.correction }, rows, bounds)];
        });
        const { lo, hi, error } = hierarchicalBootstrap(
          {
            blocks: counted.map(({ blocks }) => blocks.length),
            statistic: (i, times) => entropyWith(counted[i]!, (b) => times[b]!),
          },
          settings.alpha,
          settings.randomAt(beta, name),
          settings.resamples,
        );
        return {
          beta,
          estimator: name,
          replicates: counted.length,
          entropy: mean(counted.map((one) => entropyWith(one, () => 1))),
          lo,
          hi,
          bootstrap_se: error,
        };
      }),
    );
}
