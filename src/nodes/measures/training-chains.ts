/** Keeps measures away from the data that a model has seen. */
import { InvalidInput } from "../../engine/node-type.ts";

/** Throws an `InvalidInput` if a chain of the configurations is one that the model has seen. */
export function refuseChains(chains: ReadonlySet<string>, seen: ReadonlySet<string>): void {
  for (const chain of chains) {
    if (!seen.has(chain)) continue;
    const message = `chain ${JSON.stringify(chain)} is one that the model was trained on`;
    throw new InvalidInput("configurations", message);
  }
}
