/**
 * How long actions of each node type took, and what follows for an action that is still to run. Pure:
 * knows neither the store nor the clock.
 */

import { push } from "../../text/group.ts";
import type { AnyNodeType } from "../node-type.ts";
import { distance, type Features, featuresOf, workOf } from "./work.ts";

/** An action that was computed, or that is to be. */
export interface Described {
  readonly type: AnyNodeType;
  readonly params: Readonly<Record<string, unknown>>;
  /** The backend, for a node type that has one. */
  readonly numerics: unknown;
  /** The instance's, by axis, with its stage: inputs differ by them. */
  readonly place: Readonly<Record<string, string | number | boolean>>;
}

export interface Expected {
  readonly seconds: number;
  /** Whether there may be more to do than in all that was measured. */
  readonly atLeast: boolean;
}

interface Measured {
  readonly features: Features;
  /** Seconds for each unit of work. */
  readonly rate: number;
}

/** As many of one node type are compared: a sweep may have thousands. */
const comparedMax = 24;

export class Rates {
  /** By kind, and by kind and features. */
  readonly #measured = new Map<string, Measured[]>();
  #chosen = new Map<string, readonly Measured[]>();

  add(action: Described, seconds: number): void {
    if (!(seconds >= 0 && Number.isFinite(seconds))) return;
    const one = measured(action, seconds);
    const kind = kindOf(action);
    push(this.#measured, kind, one);
    push(this.#measured, alike(kind, one.features), one);
    if (this.#chosen.size > 0) this.#chosen = new Map();
  }

  /**
   * By those that differ least; undefined if no action of its node type was measured.
   *
   * @param own - the same instance at an earlier time
   */
  of(action: Described, own?: Described & { readonly seconds: number }): Expected | undefined {
    const before = own && kindOf(own) === kindOf(action) ? [measured(own, own.seconds)] : [];
    const features = placed(action);
    // A sweep has many that differ; none is nearer than one that does not.
    const same = this.#choose(alike(kindOf(action), features));
    const known = [...(same.length > 0 ? same : this.#choose(kindOf(action))), ...before];
    if (known.length === 0) return undefined;
    let nearest: Measured[] = [];
    let [least, larger] = [Number.POSITIVE_INFINITY, false];
    for (const one of known) {
      const found = distance(features, one.features);
      if (found.differing > least) continue;
      if (found.differing < least) [nearest, larger] = [[], found.larger];
      least = found.differing;
      larger &&= found.larger;
      nearest.push(one);
    }
    const rate = nearest.reduce((sum, one) => sum + one.rate, 0) / nearest.length;
    return { seconds: rate * workOf(action.type, action.params), atLeast: larger };
  }

  /** Some from all over the list: neighbours in it are alike. */
  #choose(kind: string): readonly Measured[] {
    const found = this.#chosen.get(kind);
    if (found) return found;
    const all = this.#measured.get(kind) ?? [];
    const count = Math.min(comparedMax, all.length);
    const some = Array.from(
      { length: count },
      (_, i) => all[Math.floor((i * all.length) / count)]!,
    );
    this.#chosen.set(kind, some);
    return some;
  }
}

function measured(action: Described, seconds: number): Measured {
  return { features: placed(action), rate: seconds / workOf(action.type, action.params) };
}

/** Other code and another version of it are expected to take the same time. */
function kindOf({ type, numerics }: Described): string {
  return JSON.stringify([type.type, numerics ?? null]);
}

function alike(kind: string, features: Features): string {
  const sorted = [...features].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${kind} ${JSON.stringify(sorted)}`;
}

function placed({ type, params, place }: Described): Features {
  const features = new Map(featuresOf(type, params));
  for (const [name, value] of Object.entries(place)) features.set(`@${name}`, value);
  return features;
}
