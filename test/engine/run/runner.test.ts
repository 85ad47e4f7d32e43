/** The rules of carrying out a plan: what starts, in which order, and how each instance ends. */

import { expect, test } from "vitest";
import type { Action } from "../../../src/engine/run/action.ts";
import { ActionFailure, type Executor } from "../../../src/engine/run/executors/executor.ts";
import { Replaced } from "../../../src/engine/run/workplace.ts";
import { sha256 } from "../../../src/store/digest.ts";
import { graphOf, Workbench } from "./workbench.ts";

const chain = (a: number, coarse = false) => `stages:
  a: { node: sum, with: { a: ${a}, coarse: ${coarse} } }
  b: { node: sum, inputs: { in: a } }
`;

test("every instance runs once, after what it reads; another run finds all cached", async () => {
  using bench = new Workbench();
  const graph = graphOf(chain(1));
  await bench.run(graph);
  expect(bench.performed).toEqual(["a", "b"]);
  expect(bench.states()).toEqual({ a: "ran", b: "ran" });
  const again = await bench.run(graph);
  expect(bench.performed).toEqual([]);
  expect(again.counts()).toEqual({ ran: 0, cached: 2, failed: 0, skipped: 0 });
});

test("an input that comes out the same stops the wave", async () => {
  using bench = new Workbench();
  await bench.run(graphOf(chain(21, true)));
  // 21 and 22 are 2 when rounded: what reads them has the key that it had.
  const graph = graphOf(chain(22, true));
  expect(bench.plan(graph).map((planned) => planned?.state)).toEqual(["run", "unknown"]);
  await bench.run(graph);
  expect(bench.performed).toEqual(["a"]);
  expect(bench.states()).toEqual({ a: "ran", b: "cached" });
});

test("instances with equal keys share one execution", async () => {
  using bench = new Workbench();
  const graph = graphOf("stages:\n  x: { node: sum }\n  y: { node: sum }\n");
  const runner = await bench.run(graph, { jobs: 2 });
  expect(bench.performed).toHaveLength(1);
  expect(runner.counts()).toEqual({ ran: 1, cached: 1, failed: 0, skipped: 0 });
});

const failing = `stages:
  bad: { node: sum, with: { a: -1 } }
  after: { node: sum, inputs: { in: bad } }
  other: { node: sum, with: { a: 1 } }
results: [after, other]
`;

test("after a failure nothing more starts", async () => {
  using bench = new Workbench();
  const runner = await bench.run(graphOf(failing));
  expect(bench.performed).toEqual(["bad"]);
  expect(bench.states()).toEqual({ bad: "failed", after: "skipped", other: "skipped" });
  expect(runner.results()).toEqual([]);
});

test("with keepGoing, all runs that does not follow from the failure", async () => {
  using bench = new Workbench();
  const graph = graphOf(failing);
  const runner = await bench.run(graph, { keepGoing: true });
  expect(bench.states()).toEqual({ bad: "failed", after: "skipped", other: "ran" });
  expect(runner.results().map(({ instance }) => instance.id)).toEqual(["other"]);
  expect(runner.recordOf(graph.instances.findIndex(({ id }) => id === "bad"))).toBeUndefined();
});

test("a failure says what went wrong, with which parameters, and what was printed", async () => {
  using bench = new Workbench();
  const graph = graphOf(failing);
  await bench.run(graph);
  const failed = bench.events.find((event) => event.event === "instance" && "error" in event);
  expect(failed).toMatchObject({
    error: 'asked to fail\n  with {"a":-1,"coarse":false}',
    log: ["adding -1"],
  });
});

test("failures are not cached", async () => {
  using bench = new Workbench();
  const graph = graphOf(failing);
  await bench.run(graph);
  await bench.run(graph);
  expect(bench.performed).toEqual(["bad"]);
});

test("an abort starts nothing more, and what ran is kept", async () => {
  using bench = new Workbench();
  const graph = graphOf(chain(1));
  const stop = new AbortController();
  const options = {
    signal: stop.signal,
    executor: bench.executor(({ id }) => id === "a" && stop.abort()),
  };
  const runner = bench.runner(graph, options);
  expect(await runner.pass(bench.plan(graph))).toBe(false);
  runner.giveUp();
  expect(bench.states()).toEqual({ a: "ran", b: "skipped" });
  expect(bench.recordOf(graph, "a").key).toMatch(/^sha256:/);
});

test("an input that got lost asks for another plan, and is not a failure", async () => {
  using bench = new Workbench();
  const graph = graphOf(chain(1));
  let lost = 0;
  const executor = bench.executor(({ id }: Action) => {
    if (id === "b" && lost++ === 0) throw new ActionFailure("gone", { lost: sha256("gone") });
  });
  const runner = bench.runner(graph, { executor });
  expect(await runner.pass(bench.plan(graph))).toBe(true);
  expect(bench.states()).toEqual({ a: "ran" });
  expect(bench.events).toContainEqual(
    expect.objectContaining({ event: "warning", code: "lost-input", id: "b" }),
  );
  expect(await runner.pass(bench.plan(graph))).toBe(false);
  expect(bench.states()).toEqual({ a: "ran", b: "ran" });
});

test("an input that is lost for ever is a failure in the end", async () => {
  using bench = new Workbench();
  const graph = graphOf(chain(1));
  const executor = bench.executor(({ id }: Action) => {
    if (id === "b") throw new ActionFailure("gone", { lost: sha256("gone") });
  });
  const runner = bench.runner(graph, { executor });
  await runner.pass(bench.plan(graph));
  runner.giveUp();
  expect(bench.states()).toEqual({ a: "ran", b: "failed" });
});

test("the warnings of a result are repeated whenever it is used", async () => {
  using bench = new Workbench();
  const graph = graphOf("stages:\n  a: { node: sum, with: { a: 13 } }\n");
  const warning = { event: "warning", code: "unlucky", message: "a is 13", id: "a" };
  await bench.run(graph);
  expect(bench.events).toContainEqual(warning);
  await bench.run(graph);
  expect(bench.events).toContainEqual(warning);
});

test("of what waits for a slot, the longest chain starts first", async () => {
  using bench = new Workbench();
  const graph = graphOf(`stages:
  short: { node: sum, with: { a: 1 } }
  long: { node: sum, with: { a: 2 } }
  end: { node: sum, inputs: { in: long } }
`);
  const seconds = { short: 5, long: 1, end: 9 } as Record<string, number>;
  await bench.run(graph, { expected: (i) => seconds[graph.instances[i]!.id]! });
  expect(bench.performed[0]).toBe("long");
});

test("a run that is replaced brings to its end what is still wanted, and starts nothing more", async () => {
  using bench = new Workbench();
  const graph = graphOf(`stages:
  wanted: { node: sum, with: { a: 1 } }
  obsolete: { node: sum, with: { a: 2 } }
  after: { node: sum, inputs: { in: wanted } }
`);
  const inner = bench.executor();
  const resume = new Map<string, () => void>();
  let bothRun = () => {};
  const begun = new Promise<void>((resolve) => {
    bothRun = resolve;
  });
  const executor: Executor = {
    async execute(action, placement, hooks) {
      await new Promise<void>((go, stop) => {
        resume.set(action.id, go);
        hooks.signal.addEventListener("abort", () => stop(hooks.signal.reason));
        if (resume.size === 2) bothRun();
      });
      return await inner.execute(action, placement, hooks);
    },
    close: async () => {},
  };
  const replaced = new AbortController();
  const running = bench.run(graph, { executor, jobs: 2, replaced: replaced.signal });
  await begun;
  const [key] = bench.plan(graph).map((planned) => planned?.key);
  replaced.abort(new Replaced(new Set([key!])));
  resume.get("wanted")!();
  await running;
  expect(bench.states()).toEqual({ wanted: "ran", obsolete: "skipped", after: "skipped" });
});
