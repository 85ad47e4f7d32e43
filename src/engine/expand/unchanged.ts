/**
 * Which stages an ablation leaves as they are, by what is written: themselves, and all that they refer
 * to. Knows no instances; what a stage reads may have changed.
 */
import type { Pipeline, Stage } from "../document/pipeline.ts";
import { referencesIn } from "../language/reference.ts";
import { type Entry, sameValue, type Tree } from "../language/tree.ts";
import { sourcesOf } from "./order.ts";

/** Whether all that a stage reads has a property. */
export function readsOnly({ inputs }: Stage, has: (stage: string) => boolean): boolean {
  return inputs.every(({ input }) => sourcesOf(input).every(({ stage }) => has(stage)));
}

/** Names of stages. Where in doubt, a stage counts as changed. */
export function unchangedStages(baseline: Pipeline, ablated: Pipeline): ReadonlySet<string> {
  const unchanged = new Set<string>();
  const modules = ({ use }: Pipeline) => use.map(({ path }) => path).join("\n");
  const sameSpelling = isSameMap(baseline.spelling, ablated.spelling, (a, b) =>
    isSameMap(a, b, (x, y) => x === y),
  );
  if (!sameSpelling || modules(baseline) !== modules(ablated)) return unchanged;
  const names = new Set([
    ...changedKeys(baseline.params, ablated.params, isSameTree),
    ...changedKeys(baseline.parts, ablated.parts, (a, b) => isSameMap(a, b, isSameTree)),
  ]);
  const types = changedKeys(baseline.defaults, ablated.defaults, (a, b) => a.value === b.value);
  for (const [name, stage] of ablated.stages) {
    if (baseline.stages.get(name)?.tree !== stage.tree) continue;
    const below = defaultsOf(stage, ablated.defaults);
    const trees = [stage.tree, ...below.map(([, { value }]) => value)];
    const refers = trees.some((tree) => referencesIn(tree).some((one) => names.has(one.name)));
    // A type of which all defaults were taken away is not below any more.
    const isDefaulted = isNamed(stage) ? types.has(typeOf(stage)) : types.size > 0;
    if (!refers && !isDefaulted) unchanged.add(name);
  }
  return unchanged;
}

function typeOf({ node }: Stage): string {
  return node.kind === "scalar" ? String(node.value) : "";
}

/** Whether the file names the node type itself, and not what refers to it. */
function isNamed(stage: Stage): boolean {
  return !typeOf(stage).includes("${");
}

function defaultsOf(stage: Stage, defaults: Pipeline["defaults"]): readonly [string, Entry][] {
  const all = [...defaults];
  return isNamed(stage) ? all.filter(([type]) => type === typeOf(stage)) : all;
}

/** The same value at the same place: paths in it are relative to its file. */
function isSameTree(a: Tree, b: Tree): boolean {
  const isSamePlace = a.span.source === b.span.source && a.span.start === b.span.start;
  return a === b || (isSamePlace && sameValue(a, b));
}

function isSameMap<K, V>(
  a: ReadonlyMap<K, V>,
  b: ReadonlyMap<K, V>,
  isSame: (a: V, b: V) => boolean,
): boolean {
  return a.size === b.size && changedKeys(a, b, isSame).size === 0;
}

/** Keys that one lacks, or whose values differ. */
function changedKeys<K, V>(
  a: ReadonlyMap<K, V>,
  b: ReadonlyMap<K, V>,
  isSame: (a: V, b: V) => boolean,
): Set<K> {
  const keys = new Set([...a.keys(), ...b.keys()]);
  return new Set(
    [...keys].filter((key) => {
      const [one, other] = [a.get(key), b.get(key)];
      return one === undefined || other === undefined || !isSame(one, other);
    }),
  );
}
