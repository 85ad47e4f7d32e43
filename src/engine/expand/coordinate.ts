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

/** Both together; they must agree where both have an axis. Takes one as it is where the other is empty. */
export function merge(a: Coordinate, b: Coordinate): Coordinate {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  return coordinateOf([...Object.entries(a), ...Object.entries(b)]);
}

function isEmpty(coordinate: Coordinate): boolean {
  for (const _ in coordinate) return false;
  return true;
}

export function pick(coordinate: Coordinate, keep: (axis: string) => boolean): Coordinate {
  const picked: Record<string, Scalar> = {};
  let isWhole = true;
  for (const axis of Object.keys(coordinate)) {
    if (keep(axis)) picked[axis] = coordinate[axis]!;
    else isWhole = false;
  }
  return isWhole ? coordinate : picked;
}

export function contains(coordinate: Coordinate, pattern: ReadonlyMap<string, Scalar>): boolean {
  for (const [axis, value] of pattern) if (valueAt(coordinate, axis) !== value) return false;
  return true;
}

/** `stage[axis=value,…]`; just the stage where there is no axis. */
export function instanceId(stage: string, coordinate: Coordinate): string {
  let parts = "";
  for (const axis of Object.keys(coordinate)) parts += `${parts && ","}${axis}=${coordinate[axis]}`;
  return parts === "" ? stage : `${stage}[${parts}]`;
}

/** The same coordinate for people: numbers as the file writes them. */
export function showCoordinate(coordinate: Coordinate, spelling: Spelling): Coordinate {
  const isSpelled = (axis: string) => spelling.get(axis)?.has(coordinate[axis]!);
  if (!Object.keys(coordinate).some(isSpelled)) return coordinate;
  const entries = Object.entries(coordinate);
  return Object.fromEntries(entries.map(([a, value]) => [a, spelling.get(a)?.get(value) ?? value]));
}

/** What equal values on these axes share, as the key of a map. All must be there. */
export function keyOf(coordinate: Coordinate, axes: readonly string[]): Scalar {
  const [first] = axes;
  if (first !== undefined && axes.length === 1) return coordinate[first]!;
  return JSON.stringify(axes.map((axis) => coordinate[axis]));
}

/** Axis after axis by name; numbers by size, text by code unit. */
export function compareCoordinates(a: Coordinate, b: Coordinate): number {
  const left = Object.keys(a);
  const right = Object.keys(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [axisA, axisB] = [left[i]!, right[i]!];
    const order = compare(axisA, axisB) || compare(a[axisA]!, b[axisB]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compare(a: Scalar, b: Scalar): number {
  if (typeof a !== typeof b) return typeof a < typeof b ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
