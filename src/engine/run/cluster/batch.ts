/**
 * A batch as files: the jobs that one submission to a scheduler brings to the nodes, what the nodes say of
 * them, and how each ended. Plain data; knows neither a scheduler nor who reads it.
 *
 *   v1/batches/<run>/
 *     stop                         nothing more starts in this run
 *     <batch>/
 *       batch.json                 what all its tasks share
 *       submitted.json             the keys of each task, written before the scheduler is called
 *       script.sh                  what the scheduler runs
 *       tasks/<task>.json          the actions of a task
 *       events/<task>.jsonl        what the task says while it runs
 *       outcomes/<action>.json     how an action ended; linked into place, whole or not at all
 *       logs/<task>.log            what the task printed
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { namesIn, publish, readBytes, writeTemporary } from "../../../store/files.ts";
import { type ProcessIdentity, thisProcess } from "../../../store/process-identity.ts";
import type { ActionKey } from "../../../table/digest.ts";
import type { Place } from "../../events.ts";
import type { Resources } from "../../graph.ts";
import type { ActionBody, Numbers } from "../action.ts";
import type { Failure } from "../executors/executor.ts";
import type { Parts } from "../workplace.ts";

/** What all tasks of a batch share. */
export interface BatchSettings {
  /** Folder of the store. */
  readonly cache: string;
  /** Actions at a time in a task. */
  readonly slots: number;
  readonly publishEvery: number;
  /** Seconds after which the scheduler ends a task; undefined where that is not known. */
  readonly limit: number | undefined;
}

/** An action of a task. */
export interface BatchJob {
  readonly action: ActionBody;
  readonly resources: Resources;
  /** Whether the bytes of its outputs will be read. */
  readonly bytes: boolean;
  readonly seconds: number | undefined;
}

/** Who submitted a batch, and what is in it. */
export interface Submitted {
  readonly scheduler: string;
  readonly head: ProcessIdentity;
  /** The keys of the actions, task by task. */
  readonly tasks: readonly (readonly ActionKey[])[];
}

/** How an action ended; `record` is the text of its record. */
export type ActionOutcome =
  | {
      readonly kind: "made";
      readonly key: ActionKey;
      readonly record: string;
      readonly state: "ran" | "cached";
      readonly parts: Parts;
      readonly seconds: number;
      /** Ports that came out other than recorded. */
      readonly differs: readonly string[];
      readonly place: Place;
    }
  | {
      readonly kind: "failed";
      readonly key: ActionKey;
      readonly failure: Failure & { readonly log: readonly string[] };
      readonly place: Place;
    };

/** What a task says while it runs. Actions are counted from the first of the task. */
export type Said =
  | ({ readonly event: "begins"; readonly process: ProcessIdentity } & Place)
  | { readonly event: "started"; readonly action: number }
  | {
      readonly event: "progress";
      readonly action: number;
      readonly fraction: number;
      readonly message?: string | undefined;
      readonly numbers?: Numbers;
    }
  | { readonly event: "log"; readonly action: number; readonly line: string }
  | { readonly event: "waiting"; readonly action: number; readonly holder: string }
  /** It starts nothing more and has ended in order; actions without outcome were not finished. */
  | { readonly event: "ends"; readonly why: "done" | "time" | "stopped" | string };

const folders = ["tasks", "events", "outcomes", "logs"];

export const eventsPath = (folder: string, task: number) => join(folder, "events", `${task}.jsonl`);
export const logPath = (folder: string, task: number) => join(folder, "logs", `${task}.log`);
export const scriptPath = (folder: string) => join(folder, "script.sh");
const outcomePath = (folder: string, task: number, action: number) =>
  join(folder, "outcomes", `${task}-${action}.json`);

/** Writes all that the nodes need, and last who submits it. */
export function writeBatch(
  folder: string,
  settings: BatchSettings,
  tasks: readonly (readonly BatchJob[])[],
  script: string,
  scheduler: string,
): void {
  for (const name of folders) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "batch.json"), JSON.stringify(settings));
  for (const [task, jobs] of tasks.entries()) {
    writeFileSync(join(folder, "tasks", `${task}.json`), JSON.stringify(jobs));
  }
  writeFileSync(scriptPath(folder), script, { mode: 0o755 });
  const keys = tasks.map((jobs) => jobs.map(({ action }) => action.key));
  const submitted: Submitted = { scheduler, head: thisProcess(), tasks: keys };
  const { path: temporary } = writeTemporary(folder, JSON.stringify(submitted));
  publish(temporary, join(folder, "submitted.json"));
}

export function readBatch(folder: string): BatchSettings {
  return JSON.parse(readFileSync(join(folder, "batch.json"), "utf8")) as BatchSettings;
}

export function readTask(folder: string, task: number): readonly BatchJob[] {
  const text = readFileSync(join(folder, "tasks", `${task}.json`), "utf8");
  return JSON.parse(text) as readonly BatchJob[];
}

/** Undefined for a batch that is being written, or was removed. */
export function readSubmitted(folder: string): Submitted | undefined {
  return parsed<Submitted>(join(folder, "submitted.json"));
}

export function publishOutcome(
  folder: string,
  task: number,
  action: number,
  outcome: ActionOutcome,
): void {
  // Nobody waits for it any more.
  if (!existsSync(join(folder, "batch.json"))) return;
  const { path: temporary } = writeTemporary(join(folder, "events"), JSON.stringify(outcome));
  publish(temporary, outcomePath(folder, task, action));
}

/** Which actions have an outcome, as `task-action`. */
export function outcomesIn(folder: string): readonly string[] {
  return namesIn(join(folder, "outcomes")).flatMap(
    (name) => /^(\d+-\d+)\.json$/.exec(name)?.[1] ?? [],
  );
}

export function readOutcome(folder: string, name: string): ActionOutcome | undefined {
  return parsed<ActionOutcome>(join(folder, "outcomes", `${name}.json`));
}

/** The tasks that have said something. */
export function begunIn(folder: string): readonly number[] {
  return namesIn(join(folder, "events")).flatMap((name) => {
    const [, task] = /^(\d+)\.jsonl$/.exec(name) ?? [];
    return task === undefined ? [] : [Number(task)];
  });
}

/** Removes a batch, and its run with the last one. */
export function removeBatch(folder: string): void {
  const run = dirname(folder);
  try {
    // A job that is about to end may still write.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    rmSync(join(run, "stop"), { force: true });
    rmdirSync(run);
  } catch {
    // There are others in it, or somebody still writes: nobody is harmed by what stays.
  }
}

/** Lets nothing more start in a run. */
export function stopRun(batches: string, run: string): void {
  writeFileSync(join(batches, run, "stop"), "");
}

export function isStopped(folder: string): boolean {
  return existsSync(join(folder, "..", "stop"));
}

/** The last lines that a task printed. */
export function logTail(folder: string, task: number, lines = 5): readonly string[] {
  try {
    const bytes = readBytes(logPath(folder, task));
    const text = new TextDecoder().decode(bytes?.subarray(-8192)).trimEnd();
    return text === "" ? [] : text.split("\n").slice(-lines);
  } catch {
    return [];
  }
}

function parsed<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}
