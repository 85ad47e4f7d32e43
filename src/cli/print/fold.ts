/**
 * Families: the instances of one stage and ablation, which are printed as one line. Knows neither
 * plans nor runs.
 */
import type { Instance } from "../../index.ts";

/** `train`, or `train[ablation=short-training]`. */
export function familyOf({ stage, ablation }: Pick<Instance, "stage" | "ablation">): string {
  return ablation === undefined ? stage : `${stage}[ablation=${ablation}]`;
}

/** `train x 5`; a family of one by its own name. */
export function nameFamily(family: string, ids: readonly string[]): string {
  return ids.length === 1 ? ids[0]! : `${family} x ${ids.length}`;
}
