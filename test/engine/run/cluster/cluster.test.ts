/** What a head asks of a scheduler, with one in memory that does what a test wants. */
import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keyed, lineageOf } from "../../../../src/engine/plan/key.ts";
import { defaultCluster } from "../../../../src/engine/project/cluster-settings.ts";
import {
  eventsPath,
  publishOutcome,
  readTask,
  type Said,
} from "../../../../src/engine/run/cluster/batch.ts";
import { Cluster } from "../../../../src/engine/run/cluster/cluster.ts";
import {
  type Listed,
  Refused,
  type Scheduler,
  type Submission,
} from "../../../../src/engine/run/cluster/schedulers/scheduler.ts";
import { ActionFailure } from "../../../../src/engine/run/executors/executor.ts";
import { type Job, jobOf, withParam } from "../../../../src/engine/run/job.ts";
import type { Watch } from "../../../../src/engine/run/workplace.ts";
import { thisProcess } from "../../../../src/store/process-identity.ts";
import { completeRecord, recordText } from "../../../../src/store/record.ts";
import { facts, graphOf, Workbench } from "../workbench.ts";

const place = { host: "n1", job: "1_0" };

/** Answers every submission by what `onSubmit` does to it. */
class InMemory implements Scheduler {
  readonly name = "memory";
  readonly shell = { task: "0", job: "1", host: "" };
  readonly pace = { list: 0.2, outcomes: { least: 0.05, most: 0.1 } };
  readonly tasksMax = 1000;
  readonly submitted: Submission[] = [];
  listed: Listed[] = [];
  calls = 0;
  readonly #onSubmit: (submission: Submission) => void;

  constructor(onSubmit: (submission: Submission) => void) {
    this.#onSubmit = onSubmit;
  }

  async submit(submission: Submission): Promise<void> {
    this.calls++;
    this.#onSubmit(submission);
    this.submitted.push(submission);
  }

  async list(): Promise<Listed[]> {
    return this.listed;
  }

  async cancel(): Promise<void> {}
}

function watch(seconds?: number): Watch {
  const nothing = () => {};
  return {
    ...{ seconds, stopped: () => false, started: nothing, progress: nothing, log: nothing },
    ...{ waiting: nothing, differs: nothing },
  };
}

/** As many jobs that differ in a parameter. */
function jobsOf(bench: Workbench, count: number): Job[] {
  const values = Array.from({ length: count }, (_, i) => i);
  return jobsIn(
    bench,
    `stages:\n  it: { node: sum, for: { i: [${values}] }, with: { a: "\${i}" } }\n`,
  );
}

const onlyJob = (bench: Workbench, stages: string) => jobsIn(bench, stages)[0]!;

function jobsIn(bench: Workbench, stages: string): Job[] {
  const graph = graphOf(stages);
  const plan = bench.plan(graph);
  const none = () => {
    throw new Error("reads nothing");
  };
  return graph.instances.map((instance, i) =>
    jobOf(instance, keyed(plan[i]!.preimage!), none, facts, bench.store),
  );
}

/** Says of every action that it was made. */
function makeAll({ folder, tasks }: Submission): void {
  for (let task = 0; task < tasks; task++) {
    for (const [i, { action }] of readTask(folder, task).entries()) {
      const record = completeRecord({
        ...{ key: action.key, preimage: action.preimage, outputs: {}, seconds: 1, log: [] },
        ...{ startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:01Z", warnings: [] },
      });
      publishOutcome(folder, task, i, {
        ...{ kind: "made", key: action.key, record: recordText(record), state: "ran", seconds: 1 },
        ...{ parts: { ran: 1, cached: 0, continued: 0 }, differs: [], place },
      });
    }
  }
}

function clusterOn(bench: Workbench, scheduler: Scheduler, said: string[] = [], settings = {}) {
  return new Cluster({
    ...{ store: bench.store, scheduler, settings: { ...defaultCluster, ...settings } },
    ...{ publishEvery: 60, signal: new AbortController().signal },
    onProblem: ({ message }) => void said.push(message),
  });
}

const everything = (cluster: Cluster, jobs: readonly Job[], seconds?: number) =>
  Promise.allSettled(jobs.map((job) => cluster.obtain(job, false, watch(seconds))));

test.concurrent("many short actions are a few jobs of one submission", async () => {
  using bench = new Workbench();
  const scheduler = new InMemory(makeAll);
  const cluster = clusterOn(bench, scheduler);
  const ended = await everything(cluster, jobsOf(bench, 1200), 1);
  expect(ended.every(({ status }) => status === "fulfilled")).toBe(true);
  expect(scheduler.submitted.map(({ tasks }) => tasks)).toEqual([2]);
  await cluster.close();
});

test.concurrent("a queue that is full is asked again, and a run waits for room", async () => {
  using bench = new Workbench();
  const said: string[] = [];
  const scheduler = new InMemory((submission) => {
    if (scheduler.calls === 1) throw new Refused("Job violates QOSMaxSubmitJobPerUserLimit", true);
    makeAll(submission);
  });
  const cluster = clusterOn(bench, scheduler, said, { max_jobs: 2, batch: 1 });
  const ended = await everything(cluster, jobsOf(bench, 6), 1);
  expect(ended.every(({ status }) => status === "fulfilled")).toBe(true);
  expect(said).toEqual([
    "2 jobs not submitted, tries again: Job violates QOSMaxSubmitJobPerUserLimit",
  ]);
  expect(scheduler.submitted.map(({ tasks }) => tasks)).toEqual([2, 2, 2]);
  await cluster.close();
});

test.concurrent("a submission whose answer got lost is not made twice", async () => {
  using bench = new Workbench();
  const scheduler = new InMemory((submission) => {
    makeAll(submission);
    const { run, batch } = submission;
    scheduler.listed = [{ run, batch, task: 0, job: "1_0", state: "ended", how: "COMPLETED" }];
    throw new Refused("no answer within a minute", true);
  });
  const cluster = clusterOn(bench, scheduler);
  const [ended] = await everything(cluster, jobsOf(bench, 1));
  expect(ended).toMatchObject({ status: "fulfilled" });
  expect(scheduler.calls).toBe(1);
  await cluster.close();
});

test.concurrent("what is lost is submitted three times more, in batches of half the size", async () => {
  using bench = new Workbench();
  const sizes: number[][] = [];
  const scheduler = new InMemory(({ folder, tasks }) => {
    sizes.push(Array.from({ length: tasks }, (_, task) => readTask(folder, task).length));
  });
  const said: string[] = [];
  const cluster = clusterOn(bench, scheduler, said);
  const ended = await everything(cluster, jobsOf(bench, 8), 1);
  expect(sizes).toEqual([[8], [4, 4], [2, 2, 2, 2], [1, 1, 1, 1, 1, 1, 1, 1]]);
  for (const end of ended) {
    expect(end).toMatchObject({
      reason: expect.any(ActionFailure),
      status: "rejected",
    });
  }
  expect((ended[0] as PromiseRejectedResult).reason.message).toMatch(
    /^its job ended 4 times before its time; the last was job .+, task 0: no longer in the queue$/,
  );
  expect(said[0]).toMatch(/^job .+: no longer in the queue; 8 actions submitted again$/);
  await cluster.close();
});

test.concurrent("an action that gets further in each job has as many as it needs", async () => {
  using bench = new Workbench();
  const job = onlyJob(bench, "stages:\n  it: { node: count, with: { to: 10 } }\n");
  const scheduler = new InMemory((submission) => {
    const { calls } = scheduler;
    if (calls === 7) return makeAll(submission);
    const kept = withParam(job.action, "to", calls);
    bench.store.noteHint(lineageOf(job.action.preimage, "to"), calls, kept.key);
    const said: Said[] = [
      { event: "begins", process: thisProcess(), ...place },
      { event: "started", action: 0 },
      { event: "ends", why: "time" },
    ];
    const lines = said.map((one) => `${JSON.stringify(one)}\n`);
    writeFileSync(eventsPath(submission.folder, 0), lines.join(""));
  });
  const cluster = clusterOn(bench, scheduler);
  expect(await everything(cluster, [job])).toMatchObject([{ status: "fulfilled" }]);
  expect(scheduler.calls).toBe(7);
  await cluster.close();
});

test.concurrent("an outcome that cannot be the action's is not believed", async () => {
  using bench = new Workbench();
  const [job] = jobsOf(bench, 1);
  const scheduler = new InMemory((submission) => {
    if (scheduler.calls > 1) return makeAll(submission);
    const made = { kind: "made", key: job!.action.key, record: "{}", state: "ran" } as const;
    const parts = { ran: 1, cached: 0, continued: 0 };
    publishOutcome(submission.folder, 0, 0, { ...made, parts, seconds: 1, differs: [], place });
  });
  const cluster = clusterOn(bench, scheduler);
  expect(await everything(cluster, [job!])).toMatchObject([{ status: "fulfilled" }]);
  expect(scheduler.calls).toBe(2);
  await cluster.close();
});
