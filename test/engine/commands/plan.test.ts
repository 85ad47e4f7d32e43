/** Which instances patterns select, and whose bytes are read. */
import { expect, test } from "vitest";
import {
  isCached,
  namedInstances,
  portsToRead,
  selectInstances,
} from "../../../src/engine/commands/plan.ts";
import { graphOf, Workbench } from "../run/workbench.ts";

const graph = graphOf(`stages:
  a: { node: sum, for: { x: [1, 2] }, with: { a: "\${x}" } }
  b: { node: sum, inputs: { in: a } }
  c: { node: sum, inputs: { in: b } }
  lone: { node: sum }
results: [b, lone]
`);
const labels = (indices: Iterable<number>) => [...indices].map((i) => graph.instances[i]!.label);

test("a pattern selects what it names and all that it needs", () => {
  expect(selectInstances(graph, [])).toBeUndefined();
  expect(labels(selectInstances(graph, ["b[x=1]"])!).sort()).toEqual(["a[x=1]", "b[x=1]"]);
  expect(() => selectInstances(graph, ["d"])).toThrow('unknown stage "d"');
});

test("patterns that overlap name an instance once, in their order", () => {
  expect(labels(namedInstances(graph, ["b[x=2]", "b", "a[x=1]"]))).toEqual([
    ...["b[x=2]", "b[x=1]", "a[x=1]"],
  ]);
});

test("the results are read; with patterns, what they name and the results that it needs", () => {
  const read = (...only: string[]) =>
    portsToRead(graph, only).map(({ instance, port }) => {
      return `${graph.instances[instance]!.label}.${port}`;
    });
  expect(read()).toEqual(["b[x=1].value", "b[x=2].value", "lone.value"]);
  expect(read("c[x=1]")).toEqual(["c[x=1].value", "b[x=1].value"]);
  expect(read("b[x=1]")).toEqual(["b[x=1].value"]);
});

test("a plan is cached when nothing is left to compute, whatever nobody asked for", async () => {
  using bench = new Workbench();
  expect(isCached(bench.plan(graph))).toBe(false);
  await bench.run(graph);
  expect(isCached(bench.plan(graph))).toBe(true);
  expect(isCached([undefined])).toBe(true);
});
