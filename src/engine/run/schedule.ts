/**
 * The scheduler: one function around p-graph. Visits every task after those it depends on, at most
 * `concurrency` at a time, the critical path first. Knows nothing of what a task is.
 *
 * p-graph stops starting tasks neither on failure nor on abort, and does not say which tasks it
 * skipped. So a visit never rejects here: the caller keeps each task's state, and decides on every
 * visit whether to start it.
 */
import { PGraph } from "p-graph";

export interface Task {
  /** Tasks to visit before this one. */
  readonly after: readonly number[];
  /** Expected seconds. p-graph adds the longest chain below it: the critical path. */
  readonly seconds: number;
}

/** Expected seconds of each task with the longest chain below it. Tasks come before their readers. */
export function criticalPaths(tasks: ReadonlyMap<number, Task>): Map<number, number> {
  const below = new Map<number, number>();
  const paths = new Map<number, number>();
  for (const [id, { after, seconds }] of [...tasks].reverse()) {
    const path = seconds + (below.get(id) ?? 0);
    paths.set(id, path);
    for (const before of after) below.set(before, Math.max(below.get(before) ?? 0, path));
  }
  return paths;
}

export async function schedule(
  tasks: ReadonlyMap<number, Task>,
  concurrency: number,
  visit: (task: number) => Promise<void>,
): Promise<void> {
  const nodes = new Map<string, { priority: number }>();
  const edges: [string, string][] = [];
  for (const [id, { after, seconds }] of tasks) {
    nodes.set(String(id), { priority: seconds });
    for (const before of new Set(after)) {
      if (tasks.has(before)) edges.push([String(before), String(id)]);
    }
  }
  let bug: unknown;
  const run = async (id: string) => {
    try {
      await visit(Number(id));
    } catch (error) {
      bug ??= error;
    }
  };
  await new PGraph(nodes, edges).run({ run, concurrency, continue: true });
  if (bug !== undefined) throw bug;
}
