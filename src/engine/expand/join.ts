/**
 * The natural join of coordinates: two join when they agree on every axis that both have, and an
 * axis that only one side has broadcasts. Knows nothing of stages and inputs.
 */

import { groupBy, push } from "../../text/group.ts";
import type { Coordinate } from "../graph.ts";
import type { Scalar } from "../language/tree.ts";
import { compareCoordinates, hasAxis, keyOf, merge } from "./coordinate.ts";

export interface Joined {
  readonly coordinate: Coordinate;
  /** For every relation, the index of its row in this combination. */
  readonly rows: readonly number[];
}

/** More instances of one stage are a mistake, and would not fit in memory much longer. */
export const maxInstances = 500_000;

/**
 * Every combination of one row of each relation that agrees throughout, in order of coordinate;
 * `undefined` if there are more than `maxInstances`.
 */
export function join(relations: readonly (readonly Coordinate[])[]): Joined[] | undefined {
  let joined: Joined[] | undefined = [
    { coordinate: {}, rows: new Array(relations.length).fill(-1) },
  ];
  for (const index of joinOrder(relations)) {
    joined = joinOne(joined, relations[index]!, index);
    if (!joined) return undefined;
  }
  return joined.sort((a, b) => compareCoordinates(a.coordinate, b.coordinate));
}

/** Relations that share axes with what is joined already come first: they keep the product small. */
function joinOrder(relations: readonly (readonly Coordinate[])[]): number[] {
  const axes = relations.map((rows) => new Set(rows.flatMap((row) => Object.keys(row))));
  const pending = new Set(relations.keys());
  const seen = new Set<string>();
  const order: number[] = [];
  const rank = (i: number) => {
    const shared = [...axes[i]!].filter((axis) => seen.has(axis)).length;
    const fresh = axes[i]!.size - shared;
    return shared * 1000 + (seen.size === 0 ? fresh : -fresh);
  };
  while (pending.size > 0) {
    const next = [...pending].reduce((best, i) => (rank(i) > rank(best) ? i : best));
    pending.delete(next);
    order.push(next);
    for (const axis of axes[next]!) seen.add(axis);
  }
  return order;
}

function joinOne(
  left: readonly Joined[],
  rows: readonly Coordinate[],
  relation: number,
): Joined[] | undefined {
  const result: Joined[] = [];
  const rightGroups = groupByAxes([...rows.keys()], (i) => rows[i]!);
  for (const [leftAxes, members] of groupByAxes(left, ({ coordinate }) => coordinate)) {
    for (const [rightAxes, indices] of rightGroups) {
      const shared = leftAxes.filter((axis) => rightAxes.includes(axis));
      const index = new Map<Scalar, number[]>();
      for (const i of indices) push(index, keyOf(rows[i]!, shared), i);
      const adds = rightAxes.length > shared.length;
      for (const { coordinate, rows: picked } of members) {
        for (const i of index.get(keyOf(coordinate, shared)) ?? []) {
          const all = picked.slice();
          all[relation] = i;
          result.push({
            coordinate: adds ? merge(coordinate, rows[i]!) : coordinate,
            rows: all,
          });
          if (result.length > maxInstances) return undefined;
        }
      }
    }
  }
  return result;
}

/** Coordinates may be ragged: those with the same axes are joined together. */
function groupByAxes<T>(
  items: readonly T[],
  coordinate: (item: T) => Coordinate,
): [string[], T[]][] {
  // Names of axes have no comma in them.
  const groups = groupBy(items, (item) => Object.keys(coordinate(item)).join());
  return [...groups.values()].map((members) => [Object.keys(coordinate(members[0]!)), members]);
}

/** The axes that some row has. */
export function axesOf(rows: readonly Coordinate[]): Set<string> {
  const axes = new Set<string>();
  for (const row of rows) for (const axis of Object.keys(row)) axes.add(axis);
  return axes;
}

/** Whether two coordinates agree on every axis that both have. */
export function agree(a: Coordinate, b: Coordinate): boolean {
  return Object.keys(a).every((axis) => !hasAxis(b, axis) || a[axis] === b[axis]);
}
