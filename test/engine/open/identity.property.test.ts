/**
 * Over random pipelines and overrides: an ablated graph is, key by key, the graph of the file edited
 * by hand; and an instance is shared with the baseline exactly when its key would be the same.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import type { Graph, Registry } from "../../../src/engine/graph.ts";
import { defineNode, f64, Type, table } from "../../../src/engine/node-type.ts";
import { keyOf } from "../../../src/engine/plan/key.ts";
import { sha256 } from "../../../src/store/digest.ts";
import { ablate, tryAblate } from "../expand/expand.ts";

const node = defineNode({
  type: "node",
  version: 1,
  summary: "Takes anything.",
  params: Type.Object(
    { a: Type.Number({ default: 0 }), b: Type.Number({ default: 0 }) },
    { additionalProperties: false },
  ),
  inputs: {},
  moreInputs: table({}),
  outputs: { value: table({ x: f64 }) },
  run: () => ({ value: { x: [0] } }),
});
const registry: Registry = new Map([["node", { type: node, module: "file:///n.js", code: null }]]);

interface Shape {
  a: number;
  /** Which of the two params `b` refers to; 2 is its default. */
  b: number;
  /** Earlier stages, as positions before this one. */
  reads: number[];
  collect: boolean;
  /** 0 none, else the axis of that number. */
  axis: number;
}
const shape: fc.Arbitrary<Shape> = fc.record({
  a: fc.nat(2),
  b: fc.nat(2),
  reads: fc.array(fc.nat(3), { maxLength: 2 }),
  collect: fc.boolean(),
  axis: fc.nat(2),
});

/** Changes by path, as an ablation writes them and as an editor makes them. */
const change = fc.oneof(
  fc.record({ path: fc.constantFrom("p", "q"), value: fc.nat(2) }),
  fc.record({
    path: fc.constantFrom("axis_1", "axis_2"),
    value: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ path: fc.nat(4).map((i) => `stages.s-${i}.with.a`), value: fc.nat(2) }),
  fc.record({ path: fc.nat(4).map((i) => `stages.s-${i}.with.b`), value: fc.constant(null) }),
  fc.record({ path: fc.nat(4).map((i) => `stages.s-${i}.salt`), value: fc.constant("again") }),
  fc.record({
    path: fc.nat(4).map((i) => `stages.s-${i}.resources.threads`),
    value: fc.constant(2),
  }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function documentOf(shapes: readonly Shape[]) {
  const stages = shapes.map(({ a, b, reads, collect, axis }, i) => {
    const sources = [...new Set(reads.filter((back) => back < i).map((back) => i - 1 - back))];
    const inputs = sources.map((source) => [
      `in_${source}`,
      collect ? { from: `s-${source}`, collect: "all" } : `s-${source}`,
    ]);
    const own = {
      node: "node",
      ...(axis > 0 ? { for: { [`v_${axis}`]: `\${axis_${axis}}` } } : {}),
      inputs: Object.fromEntries(inputs),
      with: {
        a: axis > 0 ? `\${v_${axis}}` : a,
        ...(b < 2 ? { b: `\${${"pq"[b]}}` } : {}),
      },
    };
    return [`s-${i}`, own] as const;
  });
  return {
    params: { p: 0, q: 1, axis_1: [1, 2], axis_2: [1, 3] },
    stages: Object.fromEntries(stages) as Record<string, Record<string, unknown>>,
    results: [`s-${shapes.length - 1}`],
  };
}

/** The edit by hand. False where there is nothing to change. */
function edit(document: ReturnType<typeof documentOf>, { path, value }: Change): boolean {
  const steps = path.includes(".") ? path.split(".") : ["params", path];
  let at: Record<string, unknown> = document;
  for (const step of steps.slice(0, -1)) {
    if (at[step] === undefined && step !== "resources") return false;
    if (at[step] === undefined) at[step] = {};
    at = at[step] as Record<string, unknown>;
  }
  const last = steps.at(-1)!;
  if (value === null && at[last] === undefined) return false;
  if (value === null) delete at[last];
  else at[last] = value;
  return true;
}

/** Keys as they would be if every output's bytes were a hash of its key. */
function keysOf(graph: Graph): string[] {
  const keys: string[] = [];
  const facts = { backend: "wasm" as const, identities: new Map() };
  for (const [i, instance] of graph.instances.entries()) {
    const digestOf = (from: number, port: string) => sha256(`${keys[from]} ${port}`);
    keys.push(keyOf(instance, i, digestOf, facts).key);
  }
  return keys;
}

test("an ablation is the edited file, sharing exactly what comes out the same", async () => {
  let shared = 0;
  let own = 0;
  const property = fc.asyncProperty(
    fc.array(shape, { minLength: 1, maxLength: 5 }),
    fc.uniqueArray(change, { minLength: 1, maxLength: 3, selector: ({ path }) => path }),
    fc.boolean(),
    async (shapes, changes, withBaseline) => {
      const edited = documentOf(shapes);
      const made = changes.filter((one) => edit(edited, one));
      const body = Object.fromEntries(made.map(({ path, value }) => [path, value]));
      const text = stringify({ ...documentOf(shapes), ablations: { x: body } });
      const asked = withBaseline ? ["all"] : ["x"];
      const byHand = (await tryAblate(stringify(edited), [], registry)).graph;
      const { graph } = await tryAblate(text, asked, registry);
      // Wrong in the same cases: an axis with the value of another, say.
      expect(graph === undefined).toBe(byHand === undefined);
      if (!graph || !byHand) return;
      const baseline = await ablate(stringify(documentOf(shapes)), [], registry);
      const place = (of: Graph, i: number) =>
        JSON.stringify([of.instances[i]!.stage, of.instances[i]!.coordinate]);
      const byPlace = (of: Graph, indices: Iterable<number>) => {
        const keys = keysOf(of);
        return new Map([...indices].map((i) => [place(of, i), keys[i]!]));
      };
      const variant = graph.variants.find(({ ablation }) => ablation === "x")!;
      const keys = byPlace(graph, variant.instances);
      expect(keys).toEqual(byPlace(byHand, byHand.instances.keys()));
      const before = byPlace(baseline, baseline.instances.keys());
      for (const i of variant.instances) {
        const name = place(graph, i);
        const same = before.get(name) === keys.get(name);
        expect(graph.instances[i]!.ablation === undefined).toBe(same);
        if (same) shared++;
        else own++;
      }
      expect(new Set(graph.instances.map(({ id }) => id)).size).toBe(graph.instances.length);
    },
  );
  await fc.assert(property, { seed: 20261124, numRuns: 300 });
  expect(Math.min(shared, own)).toBeGreaterThan(200);
});
