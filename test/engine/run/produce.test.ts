/** The rules of obtaining one action's record: found, shared, waited for, divided, continued. */
import { expect, test } from "vitest";
import type { Graph } from "../../../src/engine/graph.ts";
import { keyed } from "../../../src/engine/plan/key.ts";
import type { Action } from "../../../src/engine/run/action.ts";
import { ActionFailure, type Executor } from "../../../src/engine/run/executors/executor.ts";
import { Here } from "../../../src/engine/run/here.ts";
import { type Job, jobOf } from "../../../src/engine/run/job.ts";
import { Producer } from "../../../src/engine/run/produce.ts";
import { Stopped, type Watch } from "../../../src/engine/run/workplace.ts";
import { remove } from "../../../src/store/files.ts";
import type { RecordDraft, StoreRecord } from "../../../src/store/record.ts";
import { Store } from "../../../src/store/store.ts";
import { facts, graphOf, Workbench } from "./workbench.ts";

/** The job of the only instance. */
function jobOfOnly(bench: Workbench, graph: Graph): Job {
  const none = () => {
    throw new Error("reads nothing");
  };
  return jobOf(
    graph.instances[0]!,
    keyed(bench.plan(graph)[0]!.preimage!),
    none,
    facts,
    bench.store,
  );
}

const jobFor = (bench: Workbench, node: string, params: string) =>
  jobOfOnly(bench, graphOf(`stages:\n  it: { node: ${node}, with: ${params} }\n`));

function producer(bench: Workbench, before?: (action: Action) => unknown, jobs = 1): Producer {
  return producerWith(bench, bench.executor(before), jobs);
}

function producerWith({ store }: Workbench, executor: Executor, jobs = 1): Producer {
  const { signal } = new AbortController();
  const workplace = new Here({ store, executor, jobs, signal, publishEvery: 60 });
  return new Producer({ store, workplace, keepGoing: false });
}

/** As if the job had given what another did. */
function draftFrom({ outputs, startedAt, finishedAt }: StoreRecord, job: Job): RecordDraft {
  const { preimage, key } = job.action;
  return { key, preimage, outputs, seconds: 1, startedAt, finishedAt, warnings: [], log: [] };
}

/** What was reported of an action. */
function watch(): Watch & { readonly said: string[] } {
  const said: string[] = [];
  return {
    said,
    stopped: () => false,
    started: () => void said.push("started"),
    progress() {},
    log() {},
    waiting: () => void said.push("waiting"),
    differs: (ports) => void said.push(`differs: ${ports}`),
  };
}

test("what is in the store is not performed", async () => {
  using bench = new Workbench();
  const job = jobFor(bench, "sum", "{ a: 1 }");
  const first = await producer(bench).produce(job, true, watch());
  const heard = watch();
  const second = await producer(bench).produce(job, true, heard);
  expect([first.state, second.state]).toEqual(["ran", "cached"]);
  expect(second.record).toEqual(first.record);
  expect(bench.performed).toHaveLength(1);
  expect(heard.said).toEqual([]);
});

test("a second caller waits for the first", async () => {
  using bench = new Workbench();
  const job = jobFor(bench, "sum", "{ a: 1 }");
  const shared = producer(bench, undefined, 2);
  const [one, other] = await Promise.all([
    shared.produce(job, true, watch()),
    shared.produce(job, true, watch()),
  ]);
  expect([one.state, other.state]).toEqual(["ran", "cached"]);
  expect(bench.performed).toHaveLength(1);
});

test("a record without its bytes serves where nobody reads them, and else is made again", async () => {
  using bench = new Workbench();
  const job = jobFor(bench, "sum", "{ a: 1 }");
  const { record } = await producer(bench).produce(job, true, watch());
  const [chunk] = record.outputs["value"]!.chunks;
  remove(bench.store.objectPath(chunk!.digest));
  expect((await producer(bench).produce(job, false, watch())).state).toBe("cached");
  expect((await producer(bench).produce(job, true, watch())).state).toBe("ran");
  expect(bench.store.hasObject(chunk!.digest)).toBe(true);
});

test("a live claim is waited for, and its holder's record is taken", async () => {
  using bench = new Workbench();
  const job = jobFor(bench, "sum", "{ a: 1 }");
  const other = Store.open(bench.store.folder);
  other.prepare();
  const claim = other.claims.acquire(job.action.key);
  if (!("release" in claim)) throw new Error("the claim was free");
  const heard = watch();
  const waiting = producer(bench).produce(job, true, heard);
  while (heard.said.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(heard.said).toEqual(["waiting"]);
  // The holder finishes it and lets go.
  const { record } = await producer(bench).produce(jobFor(bench, "sum", "{ a: 2 }"), true, watch());
  other.putRecord(draftFrom(record, job));
  claim.release();
  expect((await waiting).state).toBe("cached");
  expect(bench.performed).toHaveLength(1);
});

test("an action that splits is the sum of its parts, and a part is an action of its own", async () => {
  using bench = new Workbench();
  const one = await producer(bench).produce(jobFor(bench, "squares", "{ of: [3] }"), true, watch());
  expect(one.parts).toEqual({ ran: 1, cached: 0, continued: 0 });
  const three = jobFor(bench, "squares", "{ of: [2, 3, 4] }");
  const made = await producer(bench).produce(three, true, watch());
  expect(made.parts).toEqual({ ran: 2, cached: 1, continued: 0 });
  expect(made.record.parts).toContain(one.record.key);
  expect(made.record.outputs["value"]!.rows).toBe(3);
  expect(bench.performed).toHaveLength(3);
});

test("a part's failure names the part, and the parts before it are kept", async () => {
  using bench = new Workbench();
  const job = jobFor(bench, "squares", "{ of: [2, -1, 4] }");
  const failure = producer(bench, ({ preimage }) => {
    if ((preimage.params["of"] as number[])[0]! < 0) throw new ActionFailure("asked to fail");
  }).produce(job, true, watch());
  await expect(failure).rejects.toThrow("of = -1: asked to fail");
  // Nothing more was started, and what was finished is there.
  expect(bench.performed).toHaveLength(2);
  const two = await producer(bench).produce(jobFor(bench, "squares", "{ of: [2] }"), true, watch());
  expect(two.state).toBe("cached");
});

test("a longer result continues a shorter one, and equals one from scratch", async () => {
  using bench = new Workbench();
  await producer(bench).produce(jobFor(bench, "count", "{ to: 4 }"), true, watch());
  const longer = await producer(bench).produce(jobFor(bench, "count", "{ to: 9 }"), true, watch());
  expect(longer.parts.continued).toBe(1);
  using fresh = new Workbench();
  const whole = await producer(fresh).produce(jobFor(fresh, "count", "{ to: 9 }"), true, watch());
  expect(whole.parts.continued).toBe(0);
  expect(longer.record.outputs).toEqual(whole.record.outputs);
});

test("a rerun that gives other bytes is reported, and the earlier record is set aside", async () => {
  using bench = new Workbench();
  const job = jobFor(bench, "sum", "{ a: 1 }");
  const two = await producer(bench).produce(jobFor(bench, "sum", "{ a: 2 }"), true, watch());
  // As if it had been 2 when it was computed first; and its bytes are gone, so that it runs again.
  bench.store.putRecord(draftFrom(two.record, job));
  for (const { digest } of two.record.outputs["value"]!.chunks) {
    remove(bench.store.objectPath(digest));
  }
  const heard = watch();
  const { record } = await producer(bench).produce(job, true, heard);
  expect(heard.said).toEqual(["started", "differs: value"]);
  expect(record.outputs).not.toEqual(two.record.outputs);
  expect(bench.store.getRecord(job.action.key)).toEqual(record);
});

test("nothing is started once the run has stopped", async () => {
  using bench = new Workbench();
  const job = jobFor(bench, "sum", "{ a: 1 }");
  const stopped = { ...watch(), stopped: () => true };
  await expect(producer(bench).produce(job, true, stopped)).rejects.toThrow(Stopped);
  expect(bench.performed).toEqual([]);
});

test("a limit of time ends an action with what it had printed", async () => {
  using bench = new Workbench();
  const plain = jobFor(bench, "sum", "{ a: 1 }");
  const job = { ...plain, resources: { timeout: 0.02 } };
  const executor = {
    execute: (_: Action, __: unknown, hooks: { signal: AbortSignal; log(line: string): void }) =>
      new Promise<never>((___, reject) => {
        hooks.log("half way");
        hooks.signal.addEventListener("abort", () => reject(hooks.signal.reason));
      }),
    close: async () => {},
  };
  const made = producerWith(bench, executor).produce(job, true, watch());
  await expect(made).rejects.toMatchObject({
    message: expect.stringContaining("exceeded its timeout of 0.02 s"),
    log: ["half way"],
  });
});
