/** What is known of a run, by its events. */
import { expect, test } from "vitest";
import type { Graph } from "../../../src/engine/index.ts";
import { LiveState } from "../../../src/report/live/state.ts";
import type { Known } from "../../../src/report/page/known.ts";
import type { ActionKey } from "../../../src/table/digest.ts";

const instances = ["a[seed=1]", "a[seed=2]", "b"].map((id) => ({
  ...{ id, label: id, stage: id.replace(/\[.*/, ""), ablation: undefined },
}));
const graph = { instances } as unknown as Graph;
const waiting: Known = {
  ...{ progress: "run", key: undefined, record: undefined, fresh: false },
  reason: () => "",
};
const key = "sha256:1" as ActionKey;
const record = { key } as unknown as Known["record"];

function begin() {
  const state = new LiveState(graph, [waiting, waiting, waiting], () => record);
  const counts = { instances: 3, cached: 0, run: 3, unknown: 0 };
  state.on({ event: "started", pipeline: "p", backend: "wasm", at: "", ...counts }, 0);
  return state;
}

test("an instance that runs is listed with its progress, and its stage until all are done", () => {
  const state = begin();
  const id = "a[seed=1]";
  expect(state.on({ event: "instance", id, state: "started" }, 1000)).toBe(true);
  expect(state.on({ event: "progress", id, fraction: 0.5, message: "half" })).toBe(false);
  expect(state.model(3500)).toMatchObject({ phase: "running", done: 0, total: 3, seconds: 3 });
  expect(state.model(3500).running).toEqual([
    { label: id, fraction: 0.5, message: "half", seconds: 2, lines: [], curves: [] },
  ]);
  expect(state.known[0]!.progress).toBe("running");
  expect(state.on({ event: "instance", id, state: "ran", key })).toBe(true);
  expect(state.known[0]).toMatchObject({ progress: "cached", record, fresh: true });
  expect(state.model().stages).toEqual([
    { name: "a", total: 2, done: 1, running: 0, failed: 0 },
    { name: "b", total: 1, done: 0, running: 0, failed: 0 },
  ]);
});

test("numbers become curves of bounded length; what is not finite is left out", () => {
  const state = begin();
  const id = "b";
  state.on({ event: "instance", id, state: "started" });
  for (let i = 0; i < 5000; i++) {
    const numbers = { loss: i === 7 ? Number.NaN : 1 / (i + 1) };
    state.on({ event: "progress", id, fraction: 0, numbers });
  }
  const [curve] = state.model().running[0]!.curves;
  expect(curve!.name).toBe("loss");
  expect(curve!.points.length).toBeLessThanOrEqual(400);
  expect(curve!.points.length).toBeGreaterThan(100);
  expect(curve!.points.every(Number.isFinite)).toBe(true);
  // Of parts, the two that reported last.
  for (const name of ["x", "y"]) {
    state.on({ event: "progress", id, fraction: 0, numbers: { [name]: 1 } });
  }
  expect(state.model().running[0]!.curves.map((one) => one.name)).toEqual(["x", "y"]);
});

test("of many lines the last ones are kept, and how many were dropped is known", () => {
  const state = begin();
  for (let i = 0; i < 250; i++) state.on({ event: "log", id: "b", line: `line ${i}` });
  const { log, droppedLines } = state.model();
  expect([log.length, droppedLines]).toEqual([200, 50]);
  expect(log.at(-1)).toEqual({ label: "b", line: "line 249" });
});

test.each([
  [{ ran: 3, cached: 0, failed: 0, skipped: 0 }, "finished"],
  [{ ran: 2, cached: 0, failed: 1, skipped: 0 }, "failed"],
  [{ ran: 1, cached: 0, failed: 0, skipped: 2 }, "stopped"],
])("a run that ends with %j is %s", (counts, phase) => {
  const state = begin();
  expect(state.on({ event: "finished", seconds: 4, ...counts })).toBe(true);
  expect(state.model()).toMatchObject({ phase, seconds: 4, running: [], stages: [] });
});
