/**
 * Hands actions over to the scheduler: sorts them by what they ask for, packs them into jobs, writes each
 * batch before it is submitted, and tries again later what the scheduler does not take. Waits for no
 * outcome.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { groupBy } from "../../../text/group.ts";
import { plural } from "../../../text/plural.ts";
import type { ClusterSettings } from "../../project/cluster-settings.ts";
import { ActionFailure } from "../executors/executor.ts";
import { removeBatch, writeBatch } from "./batch.ts";
import type { Entry } from "./entry.ts";
import { Flight } from "./flight.ts";
import { type Load, pack } from "./pack.ts";
import { limitOf, type Wish, wishOf } from "./request.ts";
import { Refused, type Scheduler } from "./schedulers/scheduler.ts";
import { scriptOf } from "./script.ts";

export interface QueueOptions {
  readonly run: string;
  /** The folder with the folders of runs. */
  readonly batches: string;
  /** Folder of the store. */
  readonly cache: string;
  readonly scheduler: Scheduler;
  readonly settings: ClusterSettings;
  readonly publishEvery: number;
  /** How long an action will take. */
  secondsOf(entry: Entry): number;
  onProblem(message: string): void;
}

/** What is refused for good is tried so often: some refusals only look so. */
const triesMax = 3;
/** What may pass is tried as long as this, in ms. */
const patienceMs = 3_600_000;
/** From one try to the next, in ms; doubled each time. */
const backoffMs = { least: 2000, most: 60_000 };

interface Loaded extends Load {
  readonly entry: Entry;
}

export class Queue {
  readonly #options: QueueOptions;
  #refusals = 0;
  /** In ms: when the scheduler first refused, and when to ask it again. */
  #refusedAt = 0;
  #again = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Whether the scheduler may be asked now. */
  get isOpen(): boolean {
    return Date.now() >= this.#again;
  }

  /**
   * Submits as much as the queue has room for. Returns what is in flight now, and what is left.
   *
   * @param room - how many jobs more it may have
   */
  async submit(
    entries: readonly Entry[],
    room: number,
  ): Promise<{ readonly flights: Flight[]; readonly left: Entry[] }> {
    const { settings, secondsOf } = this.#options;
    const flights: Flight[] = [];
    const left: Entry[] = [];
    const wishes = new Map(entries.map((entry) => [entry, wishFor(entry, settings)]));
    const bins = groupBy(entries, (entry) => JSON.stringify(wishes.get(entry)));
    for (const members of bins.values()) {
      const wish = wishes.get(members[0]!)!;
      const limit = limitOf(wish, [], 0);
      const urgent = [...members].sort((a, b) => (b.watch.priority ?? 0) - (a.watch.priority ?? 0));
      const loads = urgent.map(
        (entry): Loaded => ({ entry, seconds: secondsOf(entry), most: entry.most }),
      );
      const tasks = pack(loads, { ...settings, limit });
      while (tasks.length > 0) {
        const most = Math.min(room, this.#options.scheduler.tasksMax);
        const some = this.isOpen ? tasks.splice(0, most) : [];
        const flight = some.length > 0 ? await this.#submit(some, wish) : undefined;
        if (flight) {
          flights.push(flight);
          room -= some.length;
          continue;
        }
        const rest = [...some, ...tasks.splice(0)].flat();
        left.push(...rest.flatMap(({ entry }) => (entry.settled ? [] : entry)));
      }
    }
    return { flights, left };
  }

  /** Returns undefined if the scheduler did not take it. */
  async #submit(tasks: readonly Loaded[][], wish: Wish): Promise<Flight | undefined> {
    const { run, batches, cache, scheduler, settings, publishEvery } = this.#options;
    const batch = randomUUID().slice(0, 8);
    const folder = join(batches, run, batch);
    const timeouts = tasks.flat().map(({ entry }) => entry.job.resources.timeout);
    const longest = Math.max(...tasks.map((task) => task.reduce((sum, it) => sum + it.seconds, 0)));
    const limit = limitOf(wish, timeouts, longest / settings.slots);
    const jobs = tasks.map((task) =>
      task.map(({ entry: { job, bytes }, seconds }) => {
        const { action, resources } = job;
        return { action, resources, bytes, seconds };
      }),
    );
    const script = scriptOf(folder, settings, scheduler.shell);
    writeBatch(
      folder,
      { cache, slots: settings.slots, publishEvery, limit },
      jobs,
      script,
      scheduler.name,
    );
    const since = Date.now();
    const request = { ...wish, seconds: limit };
    try {
      await scheduler.submit({ run, batch, folder, tasks: tasks.length, request });
      this.#refusals = 0;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (!(await this.#wasTaken(batch))) {
        removeBatch(folder);
        this.#refused(error, tasks);
        return undefined;
      }
    }
    const flight = new Flight({ run, batch, folder }, false, since);
    for (const [number, task] of tasks.entries()) {
      for (const [action, { entry }] of task.entries()) flight.wait(number, action, entry);
    }
    return flight;
  }

  /** The answer of a submission may be lost, and the submission not. */
  async #wasTaken(batch: string): Promise<boolean> {
    try {
      const listed = await this.#options.scheduler.list([this.#options.run]);
      return listed.some((it) => it.batch === batch);
    } catch {
      return false;
    }
  }

  #refused({ message, temporary }: Refused, tasks: readonly Loaded[][]): void {
    const now = Date.now();
    if (this.#refusals === 0) this.#refusedAt = now;
    this.#refusals++;
    const over = temporary ? now - this.#refusedAt > patienceMs : this.#refusals >= triesMax;
    if (over) {
      this.#refusals = 0;
      for (const { entry } of tasks.flat()) {
        entry.reject(new ActionFailure(`its job could not be submitted: ${message}`));
      }
      return;
    }
    const wait = Math.min(backoffMs.most, backoffMs.least * 2 ** (this.#refusals - 1));
    this.#again = now + wait;
    if (this.#refusals > 1) return;
    const jobs = plural(tasks.length, "job");
    this.#options.onProblem(`${jobs} not submitted, tries again: ${message}`);
  }
}

function wishFor({ job }: Entry, settings: ClusterSettings): Wish {
  const { action, type, resources } = job;
  const stage = action.id.split("[")[0]!;
  return wishOf({ stage, type: type.type, resources }, settings);
}
