/**
 * The hierarchical bootstrap of a mean over replicates that are themselves estimates from blocks:
 * replicates are drawn with replacement, and within each its blocks (Davison & Hinkley 1997,
 * section 3.8). It decides nothing: with few replicates its intervals are too short.
 */
import type { Generator } from "../random/generator.ts";
import { mean, sortedQuantile } from "./moments.ts";
import type { Interval } from "./t-test.ts";

interface Levels {
  /** How many blocks each replicate has. */
  readonly blocks: readonly number[];
  /** One replicate's estimate with its block b counted `times[b]` times. */
  statistic(replicate: number, times: Uint16Array): number;
}

/** Percentile interval of confidence 1 - alpha, and the standard deviation of the resamples. */
export function hierarchicalBootstrap(
  { blocks, statistic }: Levels,
  alpha: number,
  random: Generator,
  resamples = 1000,
): Interval & { readonly error: number } {
  const times = blocks.map((count) => new Uint16Array(count));
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < blocks.length; i++) {
      const replicate = random.below(blocks.length);
      const drawn = times[replicate]!.fill(0);
      for (let b = 0; b < drawn.length; b++) drawn[random.below(drawn.length)]! += 1;
      sum += statistic(replicate, drawn);
    }
    return sum / blocks.length;
  }).sort();
  const center = mean(means);
  const squares = means.reduce((sum, value) => sum + (value - center) * (value - center), 0);
  return {
    lo: sortedQuantile(means, alpha / 2),
    hi: sortedQuantile(means, 1 - alpha / 2),
    error: Math.sqrt(squares / (resamples - 1)),
  };
}
