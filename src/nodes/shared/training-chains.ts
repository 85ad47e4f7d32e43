/** Keeps measures away from the data that a model has seen. */
import { InvalidInput, Type } from "../../engine/node-type.ts";
import type { DataTable } from "../../learn/columns.ts";
import { chainsOf } from "../../learn/training/examples.ts";

/** The parameter `allow_training_chains`. */
export const allowTrainingChains = Type.Boolean({
  default: false,
  description: "Take also chains that the model was fitted or stopped on.",
});

/**
 * Throws an `InvalidInput` if a chain of the configurations is one that the model has seen, and the
 * parameters do not allow it.
 */
export function refuseTrainingChains(
  configurations: DataTable,
  model: { readonly chains: readonly string[] },
  params: { readonly allow_training_chains: boolean },
): void {
  if (params.allow_training_chains) return;
  const seen = new Set(model.chains);
  for (const chain of chainsOf(configurations)) {
    if (!seen.has(chain)) continue;
    const message = `chain ${JSON.stringify(chain)} is one that the model was trained on`;
    throw new InvalidInput("configurations", message);
  }
}
