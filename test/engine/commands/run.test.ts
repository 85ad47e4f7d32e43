import { expect, test } from "vitest";
import type { Planning } from "../../../src/engine/commands/plan.ts";
import { staleIn } from "../../../src/engine/commands/run.ts";
import { graphOf, Workbench } from "../run/workbench.ts";

test("what a frozen run leaves stale has a label, a state and the first reason", async () => {
  using bench = new Workbench();
  const stages = (a: number) => `stages:
  a: { node: sum, for: { x: [1.0, ${a}] }, with: { a: "\${x}" } }
  b: { node: sum, inputs: { in: a } }
`;
  await bench.run(graphOf(stages(2)));
  const graph = graphOf(stages(3));
  const reason = (index: number) => [`reason ${index}`, "another line"];
  const planning = { plan: bench.plan(graph), reason } as unknown as Planning;
  // The first of each stage is cached.
  expect(staleIn(planning, graph)).toEqual([
    { id: "a[x=3]", state: "run", reason: "reason 1" },
    { id: "b[x=3]", state: "unknown", reason: "reason 3" },
  ]);
});
