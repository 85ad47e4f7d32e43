/**
 * How much of an action earlier results spare: parts that are recorded, and shorter results that can be
 * continued. Knows no time.
 */
import type { Store } from "../../store/store.ts";
import type { AnyNodeType } from "../node-type.ts";
import { keyed, lineageOf } from "../plan/key.ts";
import type { Planned } from "../plan/plan.ts";
import type { Preimage } from "../plan/preimage.ts";
import { piecesOf } from "./work.ts";

export class Spared {
  readonly #store: Pick<Store, "getRecord" | "hintsBelow">;
  #lookups: number;

  constructor(store: Pick<Store, "getRecord" | "hintsBelow">, lookups: number) {
    this.#store = store;
    this.#lookups = lookups;
  }

  /** The share of the work that is left, 0 to 1; 1 where the inputs' bytes are not known. */
  left(type: AnyNodeType, { preimage, neededBy }: Planned): number {
    if (!preimage || neededBy !== undefined) return 1;
    const { splits, grows } = type;
    const pieces = piecesOf(type, preimage.params);
    if (!grows && pieces === 1) return 1;
    this.#lookups -= pieces;
    if (this.#lookups < 0) return 1;
    if (pieces === 1) return this.#leftOf(type, preimage);
    const list = preimage.params[splits!] as readonly unknown[];
    const parts = list.map((item) => {
      const part = { ...preimage, params: { ...preimage.params, [splits!]: [item] } };
      return this.#store.getRecord(keyed(part).key) ? 0 : this.#leftOf(type, part);
    });
    return parts.reduce((sum, left) => sum + left, 0) / pieces;
  }

  #leftOf({ grows }: AnyNodeType, preimage: Preimage): number {
    const wanted = grows && preimage.params[grows.by];
    if (!grows || typeof wanted !== "number" || wanted <= 0) return 1;
    const [longest] = this.#store.hintsBelow(lineageOf(preimage, grows.by), wanted);
    return longest ? Math.min(1, Math.max(0, 1 - longest.value / wanted)) : 1;
  }
}
