/** What `${name}` means at a coordinate: params, and the coordinate's axes. */
import type { Pipeline } from "../document/pipeline.ts";
import type { Coordinate } from "../graph.ts";
import type { Scope } from "../language/reference.ts";
import { scalar } from "../language/tree.ts";
import { valueAt } from "./coordinate.ts";

type ScopeSource = Pick<Pipeline, "params" | "parts" | "removed" | "constants">;

/** `axes` are those that any instance of the stage has. */
export function scopeAt(
  { params, parts, removed, constants }: ScopeSource,
  coordinate: Coordinate,
  axes: ReadonlySet<string> = new Set(),
): Scope {
  return {
    value(name, at) {
      const value = valueAt(coordinate, name);
      return value === undefined ? params.get(name) : scalar(value, at);
    },
    parts(name) {
      const value = valueAt(coordinate, name);
      return value === undefined ? params.get(name) : parts.get(name)?.get(value);
    },
    removed: (name) => removed.params.get(name),
    varies: (name) => axes.has(name),
    constants,
    names: () => [...Object.keys(coordinate), ...params.keys()],
  };
}
