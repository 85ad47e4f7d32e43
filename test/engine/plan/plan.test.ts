/** The rules by which a plan is made, over records that are plain data. */
import { expect, test } from "vitest";
import type { Graph } from "../../../src/engine/graph.ts";
import { ancestors, makePlan, type Planned } from "../../../src/engine/plan/plan.ts";
import type { StoreRecord } from "../../../src/store/record.ts";
import { facts, graphOf } from "../run/workbench.ts";

/** a → b → c, and d by itself. */
const chain = `stages:
  a: { node: sum, with: { a: 1 } }
  b: { node: sum, inputs: { in: a } }
  c: { node: sum, inputs: { in: b } }
  d: { node: sum, with: { a: 4 } }
results: [c]
`;

const at = (graph: Graph, id: string) => graph.instances.findIndex((one) => one.id === id);

/** What a store would hold: records by key, and objects that are gone. */
class Shelf {
  readonly records = new Map<string, StoreRecord>();
  readonly gone = new Set<string>();
  getRecord = (key: string) => this.records.get(key);
  hasObject = (digest: string) => !this.gone.has(digest);

  /** Records what an instance would give, as far as the plan knows its key. */
  record(graph: Graph, id: string, bytes: string): void {
    const { key } = makePlan(graph, this, facts)[at(graph, id)]!;
    const digest = `sha256:${bytes}`;
    const value = { digest, schema: {}, rows: 1, chunks: [{ digest, rows: 1, bytes: 1 }] };
    this.records.set(key!, { key, outputs: { value } } as unknown as StoreRecord);
  }

  states(graph: Graph, ...more: [Set<number>?]): Record<string, Planned["state"] | undefined> {
    const plan = makePlan(graph, this, facts, ...more);
    return Object.fromEntries(graph.instances.map(({ id }, i) => [id, plan[i]?.state]));
  }
}

test("without records, what reads nothing runs, and what follows is unknown", () => {
  const graph = graphOf(chain);
  const shelf = new Shelf();
  expect(shelf.states(graph)).toEqual({ a: "run", b: "unknown", c: "unknown", d: "run" });
});

test("an unknown instance waits for the nearest instances that run, not for all above it", () => {
  const graph = graphOf(chain);
  const shelf = new Shelf();
  shelf.record(graph, "a", "1");
  const plan = makePlan(graph, shelf, facts);
  expect(plan[at(graph, "b")]).toMatchObject({ state: "run", waitsFor: [] });
  expect(plan[at(graph, "c")]).toMatchObject({ state: "unknown", waitsFor: [at(graph, "b")] });
  expect(plan[at(graph, "c")]!.key).toBeUndefined();
});

test("the same bytes of an input give the same key, whatever else changed above", () => {
  const edited = graphOf(chain.replace("a: 1", "a: 2"));
  const graph = graphOf(chain);
  const shelf = new Shelf();
  shelf.record(graph, "a", "same");
  shelf.record(graph, "b", "2");
  shelf.record(edited, "a", "same");
  expect(shelf.states(edited)).toMatchObject({ a: "cached", b: "cached", c: "run" });
});

test("a key has no name of a stage in it, and two stages of equal work share it", () => {
  const graph = graphOf("stages:\n  x: { node: sum }\n  y: { node: sum }\n");
  const [x, y] = makePlan(graph, new Shelf(), facts);
  expect(x!.key).toBe(y!.key);
});

test("bytes that are gone make their producer run where an instance that runs reads them", () => {
  const graph = graphOf(chain);
  const shelf = new Shelf();
  shelf.record(graph, "a", "1");
  shelf.record(graph, "b", "2");
  shelf.gone.add("sha256:2");
  const plan = makePlan(graph, shelf, facts);
  // c reads b, and b's own input is there.
  expect(plan[at(graph, "b")]).toMatchObject({ state: "run", neededBy: at(graph, "c") });
  expect(plan[at(graph, "a")]!.state).toBe("cached");
  // With its record, b is expected to give the same bytes: c's key is known.
  expect(plan[at(graph, "c")]!.state).toBe("run");
  shelf.gone.add("sha256:1");
  expect(shelf.states(graph)).toMatchObject({ a: "run", b: "run", c: "run" });
});

test("bytes that are gone and that nobody reads make nothing run", () => {
  const graph = graphOf(chain);
  const shelf = new Shelf();
  for (const [id, bytes] of [
    ["a", "1"],
    ["b", "2"],
    ["c", "3"],
  ] as const) {
    shelf.record(graph, id, bytes);
  }
  shelf.gone.add("sha256:1").add("sha256:3");
  expect(shelf.states(graph)).toMatchObject({ a: "cached", b: "cached", c: "cached" });
  // The results are read at the end of a run.
  const plan = makePlan(graph, shelf, facts, undefined, graph.results);
  expect(plan[at(graph, "c")]).toMatchObject({ state: "run", neededBy: at(graph, "c") });
  expect(plan[at(graph, "b")]!.state).toBe("cached");
});

test("only what is wanted is planned", () => {
  const graph = graphOf(chain);
  const wanted = ancestors(graph, [at(graph, "b")]);
  expect([...wanted].sort()).toEqual([at(graph, "a"), at(graph, "b")].sort());
  expect(new Shelf().states(graph, wanted)).toEqual({
    ...{ a: "run", b: "unknown", c: undefined, d: undefined },
  });
});

test("instances that wait for the same ones share one list", () => {
  const graph = graphOf(`stages:
  many: { node: sum, for: { i: { range: [1, 50] } }, with: { a: "\${i}" } }
  all: { node: sum, inputs: { in: { from: many, collect: all } } }
  next: { node: sum, inputs: { in: all } }
  last: { node: sum, inputs: { in: next } }
`);
  const plan = makePlan(graph, new Shelf(), facts);
  const [all, next, last] = ["all", "next", "last"].map((id) => plan[at(graph, id)]!.waitsFor);
  expect(all).toHaveLength(50);
  expect(next).toBe(all);
  expect(last).toBe(all);
});

test("all that read the same two collections share one edge and one list each", () => {
  const graph = graphOf(`stages:
  a: { node: sum, for: { i: { range: [1, 30] } }, with: { a: "\${i}" } }
  b: { node: sum, for: { i: { range: [1, 30] } }, with: { a: "\${i}" } }
  reader:
    node: sum
    for: { k: { range: [1, 40] } }
    inputs: { in: { from: a, collect: all }, more: { from: b, collect: all } }
    with: { a: "\${k}" }
  last: { node: sum, inputs: { in: { from: reader, collect: all } } }
`);
  const plan = makePlan(graph, new Shelf(), facts);
  const readers = [...plan.keys()].filter((i) => graph.instances[i]!.stage === "reader");
  expect(readers).toHaveLength(40);
  expect(plan[readers[0]!]!.waitsFor).toHaveLength(60);
  expect(new Set(readers.map((i) => plan[i]!.waitsFor)).size).toBe(1);
  expect(new Set(readers.map((i) => graph.instances[i]!.inputs["in"])).size).toBe(1);
  expect(plan[at(graph, "last")]!.waitsFor).toBe(plan[readers[0]!]!.waitsFor);
});

test("ancestors() follows an edge with more members than a call takes arguments", () => {
  const members = Array.from({ length: 200_000 }, (_, instance) => ({ instance, port: "x" }));
  const instances = [
    ...members.map(() => ({ inputs: {} })),
    { inputs: { in: { kind: "collect", axes: [], members } } },
  ];
  const found = ancestors({ instances } as unknown as Graph, [200_000]);
  expect(found.size).toBe(200_001);
});
