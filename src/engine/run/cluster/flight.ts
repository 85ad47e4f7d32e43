/**
 * A batch in flight, as one head sees it: which of its actions the head waits for, what the tasks have said,
 * and which of them have ended. Reads files; calls no scheduler.
 */
import { JournalTail } from "../../../store/journal.ts";
import type { ProcessIdentity } from "../../../store/process-identity.ts";
import { parseRecord } from "../../../store/record.ts";
import type { Place } from "../../events.ts";
import { ActionFailure } from "../executors/executor.ts";
import {
  type ActionOutcome,
  begunIn,
  eventsPath,
  outcomesIn,
  readOutcome,
  type Said,
} from "./batch.ts";
import type { Entry } from "./entry.ts";
import type { Listed } from "./schedulers/scheduler.ts";

export interface Task {
  readonly number: number;
  /** The entries by their place in the task; only those that the head waits for. */
  readonly entries: Map<number, Entry>;
  /** Where it runs, once it does. */
  place: Place | undefined;
  process: ProcessIdentity | undefined;
  tail: JournalTail | undefined;
  /** Why it ended, once it has said so. */
  ended: string | undefined;
  /** When the scheduler first said that it is no more, in ms. */
  goneAt: number | undefined;
  /** How the scheduler called that. */
  how: string;
  job: string | undefined;
}

export class Flight {
  readonly run: string;
  readonly batch: string;
  readonly folder: string;
  /** Whether another head submitted it. */
  readonly foreign: boolean;
  /** When it was handed to the scheduler, in ms; what is listed before says nothing of it. */
  readonly since: number;
  readonly tasks = new Map<number, Task>();

  constructor(
    { run, batch, folder }: { run: string; batch: string; folder: string },
    foreign: boolean,
    since: number,
  ) {
    [this.run, this.batch, this.folder] = [run, batch, folder];
    [this.foreign, this.since] = [foreign, since];
  }

  wait(task: number, action: number, entry: Entry): void {
    const found = this.tasks.get(task) ?? newTask(task);
    this.tasks.set(task, found);
    found.entries.set(action, entry);
  }

  /** Reads what is new, and settles the entries whose outcomes are there. */
  read(onMade: (entry: Entry, seconds: number) => void): void {
    const begun = new Set(begunIn(this.folder));
    for (const task of this.tasks.values()) {
      if (!begun.has(task.number) || task.ended !== undefined) continue;
      task.tail ??= new JournalTail(eventsPath(this.folder, task.number));
      for (const said of task.tail.next()) this.#hear(task, said as Said);
    }
    for (const name of outcomesIn(this.folder)) {
      const [number, action] = name.split("-").map(Number) as [number, number];
      const task = this.tasks.get(number);
      const entry = task?.entries.get(action);
      const outcome = entry && readOutcome(this.folder, name);
      if (!task || !entry || !outcome) continue;
      // What a file system mixes up, or a person puts there, is not what was asked for.
      if (outcome.key !== entry.job.action.key) continue;
      if (settle(entry, outcome, this.foreign)) {
        task.entries.delete(action);
        onMade(entry, outcome.kind === "made" ? outcome.seconds : 0);
      }
    }
    this.forget();
  }

  /** Notes what the scheduler says of the tasks. */
  compare(listed: ReadonlyMap<number, Listed>, asked: number): void {
    if (asked < this.since) return;
    for (const task of this.tasks.values()) {
      const found = listed.get(task.number);
      if (found) task.job = found.job;
      if (found && found.state !== "ended") task.goneAt = undefined;
      else task.goneAt ??= Date.now();
      task.how = found?.how ?? "no longer in the queue";
    }
  }

  /** Takes out the tasks that have ended with entries unsettled. */
  takeLost(graceMs: number): Task[] {
    const lost = [...this.tasks.values()].filter(({ ended, goneAt }) => {
      return ended !== undefined || (goneAt !== undefined && Date.now() - goneAt > graceMs);
    });
    for (const { number } of lost) this.tasks.delete(number);
    return lost;
  }

  /** Drops the entries that somebody else has settled. */
  forget(): void {
    for (const { number, entries } of this.tasks.values()) {
      for (const [action, { settled }] of entries) if (settled) entries.delete(action);
      if (entries.size === 0) this.tasks.delete(number);
    }
  }

  get entries(): Entry[] {
    return [...this.tasks.values()].flatMap(({ entries }) => [...entries.values()]);
  }

  #hear(task: Task, said: Said): void {
    if (said.event === "begins") {
      task.place = { host: said.host, job: said.job };
      task.process = said.process;
      return;
    }
    if (said.event === "ends") {
      task.ended = said.why;
      return;
    }
    const entry = task.entries.get(said.action);
    if (!entry) return;
    const { watch } = entry;
    if (said.event === "started") {
      entry.started = true;
      watch.started(task.place);
    } else if (said.event === "progress") watch.progress(said.fraction, said.message, said.numbers);
    else if (said.event === "log") watch.log(said.line);
    else watch.waiting(said.holder);
  }
}

function newTask(number: number): Task {
  const nothing = {
    place: undefined,
    process: undefined,
    tail: undefined,
    ended: undefined,
    goneAt: undefined,
  };
  return { number, entries: new Map(), ...nothing, how: "", job: undefined };
}

/** Returns false for an outcome that cannot be used. */
function settle(entry: Entry, outcome: ActionOutcome, foreign: boolean): boolean {
  const { place } = outcome;
  if (outcome.kind === "failed") {
    const { message, lost, detail, log } = outcome.failure;
    const where = lost === undefined ? `\n  on ${place.host} (job ${place.job})` : "";
    entry.reject(
      new ActionFailure(`${message}${where}`, {
        log,
        ...(lost === undefined ? {} : { lost }),
        ...(detail ? { detail } : {}),
      }),
    );
    return true;
  }
  // From the outcome and not from the store: a file system may remember that the record was missing.
  const record = parseRecord(Buffer.from(outcome.record), outcome.key);
  if ("damage" in record) return false;
  const { differs, parts, seconds } = outcome;
  if (differs.length > 0) entry.watch.differs(differs);
  // What another head had computed is, for this one, found.
  const state = foreign ? "cached" : outcome.state;
  entry.resolve({ record, state, parts, seconds: foreign ? 0 : seconds, place });
  return true;
}
