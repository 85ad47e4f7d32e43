/**
 * Which parameter seeds the streams of a node type: one rule for runs, for warnings of shared
 * streams, and for tests. Knows no generator.
 */
import type { TObject } from "@sinclair/typebox";

type Schema = { readonly [name: string]: unknown };

/** The parameter that `Seed()` declares, or else the one called `seed`. */
export function seedParam({ properties }: Pick<TObject, "properties">): string | undefined {
  const [marked] = markedIn(properties);
  return marked ?? (Object.hasOwn(properties, "seed") ? "seed" : undefined);
}

/** Why no stream would know its seed; `undefined` if each would. */
export function flawOfSeeds({ properties }: Pick<TObject, "properties">): string | undefined {
  const marked = markedIn(properties);
  if (marked.length > 1) {
    return `params have several seeds (${marked.join(", ")}): declare one, which may be a list`;
  }
  const deep = Object.entries(properties).find(([, schema]) => holdsSeed(schema, true));
  return deep && `Seed() must be a parameter of its own, not a part of ${JSON.stringify(deep[0])}`;
}

function markedIn(properties: Schema): string[] {
  return Object.keys(properties).filter((name) => isSeed(properties[name]));
}

function isSeed(schema: unknown): boolean {
  return Object(schema)["x-blockspin"] === "seed";
}

function holdsSeed(schema: unknown, top = false): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  return (!top && isSeed(schema)) || Object.values(schema).some((part) => holdsSeed(part));
}
