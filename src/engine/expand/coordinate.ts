/** Coordinates: a value for each axis, axes by name. Knows nothing of stages. */
import type { Spelling } from "../document/pipeline.ts";
import type { Coordinate } from "../graph.ts";
import type { Scalar } from "../language/tree.ts";

/** Own properties alone count: an axis may be called `constructor`. */
export function valueAt(coordinate: Coordinate, axis: string): Scalar | undefined {
  return Object.hasOwn(coordinate, axis) ? coordinate[axis] : undefined;
}

export function hasAxis(coordinate: Coordinate, axis: string): boolean {
  return Object.hasOwn(coordinate, axis);
}

export function coordinateOf(entries: Iterable<readonly [string, Scalar]>): Coordinate {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Both together; they must agree where both have an axis. */
export function merge(a: Coordinate, b: Coordinate): Coordinate {
  return coordinateOf([...Object.entries(a), ...Object.entries(b)]);
}

export function pick(coordinate: Coordinate, keep: (axis: string) => boolean): Coordinate {
  return Object.fromEntries(Object.entries(coordinate).filter(([axis]) => keep(axis)));
}

export function contains(coordinate: Coordinate, pattern: ReadonlyMap<string, Scalar>): boolean {
  for (const [axis, value] of pattern) if (valueAt(coordinate, axis) !== value) return false;
  return true;
}

/** `stage[axis=value,…]`; just the stage where there is no axis. */
export function instanceId(stage: string, coordinate: Coordinate): string {
  const parts = Object.entries(coordinate).map(([axis, value]) => `${axis}=${value}`);
  return parts.length === 0 ? stage : `${stage}[${parts.join(",")}]`;
}

/** The same coordinate for people: numbers as the file writes them. */
export function showCoordinate(coordinate: Coordinate, spelling: Spelling): Coordinate {
  const entries = Object.entries(coordinate);
  return Object.fromEntries(entries.map(([a, value]) => [a, spelling.get(a)?.get(value) ?? value]));
}

/** A text that equal values on these axes share. All must be there. */
export function keyOf(coordinate: Coordinate, axes: readonly string[]): string {
  return JSON.stringify(axes.map((axis) => coordinate[axis]));
}

/** Axis after axis by name; numbers by size, text by code unit. */
export function compareCoordinates(a: Coordinate, b: Coordinate): number {
  const left = Object.entries(a);
  const right = Object.entries(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [axisA, valueA] = left[i]!;
    const [axisB, valueB] = right[i]!;
    const order = compare(axisA, axisB) || compare(valueA, valueB);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compare(a: Scalar, b: Scalar): number {
  if (typeof a !== typeof b) return typeof a < typeof b ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
