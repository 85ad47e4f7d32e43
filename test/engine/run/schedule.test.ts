import fc from "fast-check";
import { expect, test } from "vitest";
import { criticalPaths, schedule, type Task } from "../../../src/engine/run/schedule.ts";

/** A random acyclic graph: every task comes after some of those before it. */
const graphs = fc
  .array(fc.record({ after: fc.array(fc.nat(30), { maxLength: 3 }), seconds: fc.nat(9) }), {
    maxLength: 30,
  })
  .map((shapes) => {
    const tasks = shapes.map(({ after, seconds }, i): [number, Task] => [
      i,
      { after: after.filter((before) => before < i), seconds },
    ]);
    return new Map(tasks);
  });

test("schedule() visits every task once, after those it depends on, within the limit", async () => {
  await fc.assert(
    fc.asyncProperty(graphs, fc.integer({ min: 1, max: 4 }), async (tasks, concurrency) => {
      const done = new Set<number>();
      let running = 0;
      await schedule(tasks, concurrency, async (task) => {
        running++;
        expect(running).toBeLessThanOrEqual(concurrency);
        for (const before of tasks.get(task)!.after) expect(done.has(before)).toBe(true);
        await Promise.resolve();
        expect(done.has(task)).toBe(false);
        done.add(task);
        running--;
      });
      expect(done.size).toBe(tasks.size);
    }),
    { seed: 7, numRuns: 200 },
  );
});

test("schedule() starts the critical path first", async () => {
  const order: number[] = [];
  const tasks = new Map<number, Task>([
    [0, { after: [], seconds: 2 }],
    [1, { after: [], seconds: 1 }],
    [2, { after: [1], seconds: 9 }],
  ]);
  await schedule(tasks, 1, async (task) => void order.push(task));
  expect(order).toEqual([1, 2, 0]);
  expect([...criticalPaths(tasks)].sort()).toEqual([
    [0, 2],
    [1, 10],
    [2, 9],
  ]);
});

test("schedule() reports a bug in a visit after everything else was visited", async () => {
  const visited: number[] = [];
  const tasks = new Map<number, Task>([0, 1, 2].map((i) => [i, { after: [], seconds: 1 }]));
  const run = schedule(tasks, 2, async (task) => {
    visited.push(task);
    if (task === 0) throw new Error("a bug");
  });
  await expect(run).rejects.toThrow("a bug");
  expect(visited.sort()).toEqual([0, 1, 2]);
});
