/**
 * How much an action has to do, as far as its parameters say: proportional to what it grows by and to
 * the length of the list that it splits. Knows nothing of time.
 */
import type { AnyNodeType } from "../node-type.ts";
import { seedParam } from "../seed.ts";

type Params = Readonly<Record<string, unknown>>;
type Scalar = string | number | boolean | null;

/** What actions of one node type can be told apart by, apart from how much they have to do. */
export type Features = ReadonlyMap<string, Scalar>;

/** Grows in proportion with the seconds, other things being equal. Never 0. */
export function workOf(type: AnyNodeType, params: Params): number {
  const { grows } = type;
  const value = grows ? params[grows.by] : undefined;
  const length = typeof value === "number" && value > 0 ? value : 1;
  return length * piecesOf(type, params);
}

/** Into how many actions that may run at a time it is divided. */
export function piecesOf({ splits }: Pick<AnyNodeType, "splits">, params: Params): number {
  const list = splits === undefined ? undefined : params[splits];
  return Array.isArray(list) ? Math.max(1, list.length) : 1;
}

/** Every leaf of the parameters, by path, but those of `workOf`, of seeds and of files' content. */
export function featuresOf(
  { grows, splits, params: schema }: AnyNodeType,
  params: Params,
): Features {
  const features = new Map<string, Scalar>();
  const without = new Set([grows?.by, splits, seedParam(schema)]);
  for (const [name, value] of Object.entries(params)) {
    if (!without.has(name)) addLeaves(name, value, features);
  }
  return features;
}

function addLeaves(path: string, value: unknown, into: Map<string, Scalar>): void {
  if (typeof value !== "object" || value === null) {
    if (value !== undefined) into.set(path, value as Scalar);
    return;
  }
  const isFile = "file" in value && String(value.file).startsWith("sha256:");
  for (const [name, item] of Object.entries(value)) {
    if (!(isFile && name === "file")) addLeaves(`${path}.${name}`, item, into);
  }
}

export interface Distance {
  /** How many features differ. */
  readonly differing: number;
  /** Whether one of those is a larger number, or is there only now: there may be more to do. */
  readonly larger: boolean;
}

export function distance(now: Features, then: Features): Distance {
  let differing = 0;
  let larger = false;
  for (const [name, value] of now) {
    const before = then.get(name);
    if (before === value) continue;
    differing++;
    larger ||= before === undefined || (typeof value === "number" && value > Number(before));
  }
  for (const name of then.keys()) if (!now.has(name)) differing++;
  return { differing, larger };
}
