/** Entropy per site of samples, in blocks. Knows neither parameters' limits nor ports. */
import { InvalidParam, Type } from "../../engine/node-type.ts";
import {
  type EstimatorName,
  entropyEstimators,
  estimateEntropy,
  patternCounter,
  smallestSide,
} from "../../lattice/entropy.ts";
import { type Correction, entropyOfCounts } from "../../statistics/entropy.ts";
import { piecesOf, type Sample } from "./sample.ts";

export const estimatorNames = Object.keys(entropyEstimators) as EstimatorName[];

export const correctionParam = Type.Unsafe<Correction>({
  enum: ["plugin", "miller-madow", "grassberger"],
  default: "miller-madow",
  description: "How the bias of each window's entropy is corrected; plugin: not at all.",
});

/** Throws an `InvalidParam` if the pattern overlaps itself on so small a lattice. */
export function checkEstimator(path: string, name: EstimatorName, side: number): void {
  const smallest = smallestSide(entropyEstimators[name]);
  if (side >= smallest) return;
  const message = `is ${name}, which looks at ${smallest} sites in a row: the lattice has ${side}`;
  throw new InvalidParam(path, message);
}

/** Pattern counts of blocks of configurations. */
export interface CountedBlocks {
  readonly name: EstimatorName;
  readonly correction: Correction;
  readonly blocks: readonly Float64Array[];
}

/** Counts the configurations in `rows`, block b being rows bounds[b] to bounds[b + 1]. */
export function countBlocks(
  sample: Sample,
  { name, correction }: { name: EstimatorName; correction: Correction },
  rows: Int32Array,
  bounds: readonly number[],
): CountedBlocks {
  const counter = patternCounter(sample.side, entropyEstimators[name]);
  const blocks = bounds.slice(1).map((end, b) => {
    return counter.count(piecesOf(sample, rows.subarray(bounds[b]!, end)));
  });
  return { name, correction, blocks };
}

/** The estimate with block b counted `times(b)` times. */
export function entropyWith(
  { name, correction, blocks }: CountedBlocks,
  times: (block: number) => number,
): number {
  return estimateEntropy(entropyEstimators[name], sumOf(blocks, times), (counts) =>
    entropyOfCounts(counts, correction),
  );
}

/** The counts of all blocks together, block b counted `times(b)` times. */
export function sumOf(
  blocks: readonly Float64Array[],
  times: (block: number) => number,
): Float64Array {
  const total = new Float64Array(blocks[0]!.length);
  for (const [b, block] of blocks.entries()) {
    const weight = times(b);
    if (weight === 0) continue;
    for (let i = 0; i < total.length; i++) total[i] = total[i]! + weight * block[i]!;
  }
  return total;
}

/** The estimate from all blocks, and without each of them (nothing where there is only one). */
export function jackknifedEntropy({ name, correction, blocks }: CountedBlocks): {
  all: number;
  leftOut: number[];
} {
  const total = sumOf(blocks, () => 1);
  const entropyOf = (counts: Float64Array) =>
    estimateEntropy(entropyEstimators[name], counts, (c) => entropyOfCounts(c, correction));
  const rest = new Float64Array(total.length);
  const without = (block: Float64Array) => {
    for (let cell = 0; cell < rest.length; cell++) rest[cell] = total[cell]! - block[cell]!;
    return rest;
  };
  return {
    all: entropyOf(total),
    leftOut: blocks.length < 2 ? [] : blocks.map((block) => entropyOf(without(block))),
  };
}

/** Windows per possible pattern below which even corrected estimates have come out in wrong order. */
const windowsPerPattern = 50;

/** One warning a node: the estimators, and the worst case. */
export function warnOfFewWindows(
  rows: readonly { beta: number; estimator: EstimatorName; windows: number }[],
  warn: (code: string, message: string) => void,
): void {
  const shares = rows.map((row) => ({
    ...row,
    patterns: 2 ** entropyEstimators[row.estimator].sites.length,
  }));
  const few = shares.filter(({ windows, patterns }) => windows < windowsPerPattern * patterns);
  if (few.length === 0) return;
  const worst = few.reduce((a, b) => (b.windows / b.patterns < a.windows / a.patterns ? b : a));
  const names = [...new Set(few.map(({ estimator }) => estimator))].join(", ");
  const betas = new Set(few.map(({ beta }) => beta)).size;
  warn(
    "few-windows",
    `${names} at ${betas === 1 ? "1 beta" : `${betas} betas`}: ${worst.windows} windows for ` +
      `${worst.patterns} patterns at worst; below ${windowsPerPattern} a pattern the bias may ` +
      "exceed the error",
  );
}
