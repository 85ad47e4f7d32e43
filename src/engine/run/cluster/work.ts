/**
 * What a job does on its node: obtains the actions of one task with the ordinary producer, which keeps
 * their records, and publishes how each ended. What is not finished when it has to stop has no outcome, and
 * whoever reads outcomes submits it again. Knows no scheduler.
 */
import { hostname } from "node:os";
import { thisProcess } from "../../../store/process-identity.ts";
import { recordText } from "../../../store/record.ts";
import type { Place } from "../../events.ts";
import { loadNode } from "../../modules/load-node.ts";
import { openStore } from "../../project/open-store.ts";
import type { Numbers } from "../action.ts";
import { ActionFailure, toFailure } from "../executors/executor.ts";
import { LocalExecutor } from "../executors/local.ts";
import { Here } from "../here.ts";
import { Producer } from "../produce.ts";
import { Stopped, type Watch } from "../workplace.ts";
import { type BatchJob, isStopped, publishOutcome, readBatch, readTask } from "./batch.ts";
import { Speaker } from "./speaker.ts";

/** Progress of one action is said at most so often. */
const progressMs = 1000;

/**
 * @param signal - aborted when the job has to end soon; the reason's message says why
 * Returns whether all its actions have an outcome.
 */
export async function workBatch(
  folder: string,
  task: number,
  signal: AbortSignal,
): Promise<boolean> {
  const begun = performance.now();
  const { cache, slots, publishEvery, limit } = readBatch(folder);
  const jobs = readTask(folder, task);
  const place: Place = {
    host: process.env["BLOCKSPIN_HOST"] || hostname(),
    job: process.env["BLOCKSPIN_JOB"] || `process ${process.pid}`,
  };
  const speaker = new Speaker(folder, task);
  speaker.say({ event: "begins", process: thisProcess(), ...place });
  const store = openStore({ cache, remotes: [], trust: new Map() });
  const executor = new LocalExecutor(slots);
  const workplace = new Here({ store, executor, jobs: slots, signal, publishEvery });
  const producer = new Producer({ store, workplace, keepGoing: true });
  let why: string | undefined;
  let anyStarted = false;

  /** Whether it is too late for an action. The first one has its chance, however long it takes. */
  const stopped = (seconds = 0) => {
    if (signal.aborted) why = (signal.reason as Error).message;
    else if (isStopped(folder)) why ??= "stopped";
    else if (anyStarted && limit !== undefined) {
      const elapsed = (performance.now() - begun) / 1000;
      if (elapsed + seconds > limit) why ??= "time";
      else return false;
    } else return false;
    return true;
  };
  const one = async (job: BatchJob, i: number) => {
    const { key } = job.action;
    const differs: string[] = [];
    const watch: Watch = {
      ...hooksOf(speaker, i),
      priority: -i,
      stopped: () => stopped(job.seconds),
      started: () => {
        anyStarted = true;
        speaker.say({ event: "started", action: i });
      },
      differs: (ports) => void differs.push(...ports),
    };
    try {
      const type = await loadNode(job.action);
      const made = await producer.produce({ ...job, type }, job.bytes, watch);
      const { record, state, parts, seconds } = made;
      const text = recordText(record);
      const outcome = { kind: "made", key, record: text, state, parts, seconds, differs } as const;
      publishOutcome(folder, task, i, { ...outcome, place });
      return true;
    } catch (error) {
      if (signal.aborted || error instanceof Stopped) return false;
      const log = error instanceof ActionFailure ? error.log : [];
      const failure = error instanceof ActionFailure ? plain(error) : toFailure(error);
      publishOutcome(folder, task, i, { kind: "failed", key, failure: { ...failure, log }, place });
      return true;
    }
  };
  const ended = await Promise.all(jobs.map(one));
  const whole = ended.every(Boolean);
  if (signal.aborted) why = (signal.reason as Error).message;
  speaker.say({ event: "ends", why: whole ? "done" : (why ?? "stopped") });
  await workplace.close();
  await store.close(0);
  return whole;
}

function hooksOf(speaker: Speaker, action: number) {
  let next = 0;
  return {
    progress(fraction: number, message: string | undefined, numbers?: Numbers) {
      const now = performance.now();
      if (now < next) return;
      next = now + progressMs;
      speaker.say({ event: "progress", action, fraction, message, numbers });
    },
    log: (line: string) => speaker.say({ event: "log", action, line }),
    waiting: (holder: string) => speaker.say({ event: "waiting", action, holder }),
  };
}

function plain({ message, lost, detail }: ActionFailure) {
  return { message, ...(lost === undefined ? {} : { lost }), ...(detail ? { detail } : {}) };
}
