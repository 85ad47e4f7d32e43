/** The seam of executors, by a second one: it is named in the configuration and sees every placement. */
import { expect, test } from "vitest";
import { loadNode } from "../../../../src/engine/modules/load-node.ts";
import type { Executor, Placement } from "../../../../src/engine/run/executors/executor.ts";
import type { Executors } from "../../../../src/engine/run/executors/index.ts";
import { makeExecutor } from "../../../../src/engine/run/executors/index.ts";
import { performAction } from "../../../../src/engine/run/perform.ts";
import { openPipeline, rerunSample, runPipeline } from "../../../../src/index.ts";
import { Store } from "../../../../src/store/store.ts";
import { checkout, probe } from "../../../harness/checkout.ts";
import { graphOf, Workbench } from "../workbench.ts";

const pipeline = probe(`
  plain: { node: probe, with: { a: 1 } }
  heavy:
    node: probe
    inputs: { x: plain }
    resources: { threads: 2, memory: 300, timeout: 50 }
results: [heavy]
`);

/** Performs actions in this thread and notes where they would have been. */
class Notebook implements Executor {
  readonly placements = new Map<string, Placement>();
  closed = 0;

  async execute(...[action, placement, hooks]: Parameters<Executor["execute"]>) {
    this.placements.set(action.id, placement);
    return await performAction(action, await loadNode(action), Store.open(action.store), hooks);
  }

  async close() {
    this.closed++;
  }
}

const none = { isolation: "thread", memory: undefined, seconds: undefined } as const;
const placements = {
  plain: { ...none, threads: 1 },
  heavy: { ...none, threads: 2, memory: 300, seconds: 50 },
};

test("the executor that the configuration names runs every action, of a run and of a rerun", async () => {
  using space = checkout(pipeline, "executor: { notebook: { paper: lined } }\njobs: 3\n");
  const made: Notebook[] = [];
  const executors: Executors = {
    notebook: ({ jobs, settings }) => {
      expect({ jobs, settings }).toEqual({ jobs: 3, settings: { paper: "lined" } });
      made.push(new Notebook());
      return made.at(-1)!;
    },
  };
  const opened = await openPipeline(space.path("p.yaml"));
  const { counts, store } = await runPipeline(opened, { executors });
  await store.close(0);
  expect(counts).toMatchObject({ ran: 2, failed: 0 });
  const rerun = await rerunSample(opened, { fraction: 1, executors });
  expect(rerun).toMatchObject({ sampled: 2, same: 2 });
  for (const notebook of made) {
    expect(Object.fromEntries(notebook.placements)).toEqual(placements);
    expect(notebook.closed).toBe(1);
  }
  expect(made).toHaveLength(2);
});

test("a name that is unknown lists those that are known", async () => {
  expect(() => makeExecutor({ name: "slurm", settings: {} }, 1)).toThrow(
    expect.objectContaining({ message: 'unknown executor "slurm"', hint: "executors: local" }),
  );
  // Not what every object seems to have.
  expect(() => makeExecutor({ name: "toString", settings: {} }, 1)).toThrow("unknown executor");
  using space = checkout(pipeline, "executor: slurm\n");
  const { code, stderr } = await space.cli(["run", "p.yaml"]);
  expect(code).toBe(2);
  expect(stderr).toContain('unknown executor "slurm"');
  space.write("blockspin.config.yaml", "executor: [slurm]\n");
  const wrong = await space.cli(["run", "p.yaml"]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('"executor" must be a name, or one name with a mapping');
  expect(() => makeExecutor({ name: "local", settings: { partition: "short" } }, 1)).toThrow(
    'executor "local" has no setting "partition"',
  );
});

test("whoever runs an action, it is aborted when its time is over", async () => {
  using bench = new Workbench();
  const patient: Executor = {
    execute: (_, __, { signal, log }) =>
      new Promise((_resolve, reject) => {
        log("still here");
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
    close: async () => {},
  };
  const graph = graphOf("stages:\n  a: { node: sum, resources: { timeout: 0.05 } }\n");
  await bench.run(graph, { executor: patient });
  expect(bench.events.at(-1)).toMatchObject({
    state: "failed",
    error: expect.stringMatching(/^exceeded its timeout of 0.05 s; raise resources.timeout/),
    log: ["still here"],
  });
});
