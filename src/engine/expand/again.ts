/**
 * Instances of the baseline that an ablation takes over as they are: those of unchanged stages whose
 * inputs are at the same numbers of the graph and have the same ports. Their producers may still compute
 * something else, which is a question of structure.ts.
 */
import type { Stage } from "../document/pipeline.ts";
import { type Edge, type Instance, producers, type Registry } from "../graph.ts";
import type { Kept, Place } from "./expanded.ts";
import { readsOnly } from "./unchanged.ts";

export class Again {
  readonly #kept: Kept;
  /** Those of the ablation that are made. */
  readonly #instances: readonly Instance[];
  readonly #registry: Registry;
  /** Stages whose instances have the numbers of the baseline's. */
  readonly #aligned = new Set<string>();
  /** Many instances may read through one edge. */
  readonly #collected = new Map<Edge, boolean>();

  constructor(kept: Kept, instances: readonly Instance[], registry: Registry) {
    this.#kept = kept;
    this.#instances = instances;
    this.#registry = registry;
  }

  /** Whether instances of a stage may be taken over: its places are, and what it reads is in place. */
  begin(stage: Stage, places: readonly Place[]): boolean {
    const isKept = this.#kept.layout.get(stage.name) === places;
    return isKept && readsOnly(stage, (name) => this.#aligned.has(name));
  }

  instance(stage: string, place: number): Instance | undefined {
    const { made } = this.#kept;
    const index = made.indexOf(stage, place);
    const instance = index === undefined ? undefined : made.instance(index);
    if (!instance || this.#registry.get(instance.node.type.type) !== instance.node)
      return undefined;
    return Object.values(instance.inputs).every((edge) => this.#isSame(edge))
      ? instance
      : undefined;
  }

  end(stage: string, indices: readonly (number | undefined)[]): void {
    const { made } = this.#kept;
    if (indices.every((index, i) => index === made.indexOf(stage, i))) this.#aligned.add(stage);
  }

  #isSame(edge: Edge): boolean {
    if (edge.kind === "one") return this.#hasSamePorts(edge.instance);
    const found =
      this.#collected.get(edge) ?? producers(edge).every((index) => this.#hasSamePorts(index));
    this.#collected.set(edge, found);
    return found;
  }

  #hasSamePorts(index: number): boolean {
    return this.#instances[index]?.outputs === this.#kept.made.instance(index).outputs;
  }
}
