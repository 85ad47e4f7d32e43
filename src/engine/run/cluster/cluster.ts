/**
 * Obtains undivided actions in jobs of a cluster: collects them for a moment, hands them over in batches,
 * and reads how they ended from a folder. What a lost job did not finish is submitted again, in smaller
 * batches, some times. Holds no claim and no slot: the jobs do. Knows no scheduler by name.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Store } from "../../../store/store.ts";
import type { ClusterSettings } from "../../project/cluster-settings.ts";
import type { Job } from "../job.ts";
import { findPrefixes } from "../prefixes.ts";
import {
  findHere,
  fromStore,
  inputArtifacts,
  type Made,
  Stopped,
  type Watch,
  type Workplace,
} from "../workplace.ts";
import { removeBatch, stopRun } from "./batch.ts";
import { Entry } from "./entry.ts";
import { Flight, type Task } from "./flight.ts";
import { takeBack } from "./lost.ts";
import { Others } from "./others.ts";
import { Pace } from "./pace.ts";
import { Queue } from "./queue.ts";
import type { Listed, Scheduler } from "./schedulers/scheduler.ts";
import { Typical } from "./typical.ts";

export interface ClusterOptions {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly settings: ClusterSettings;
  readonly publishEvery: number;
  readonly signal: AbortSignal;
  /** Called when everything that could be submitted is. */
  onSubmitted?: (() => void) | undefined;
  /** Called with what a person has to know. */
  onProblem(problem: { readonly code: string; readonly message: string }): void;
}

/** Why a run ends that leaves its jobs to themselves. */
export class Detached extends Error {}

export class Cluster implements Workplace {
  readonly #options: ClusterOptions;
  readonly #run = randomUUID().slice(0, 8);
  readonly #queue: Queue;
  readonly #others: Others;
  readonly #pace: Pace;
  readonly #typical = new Typical();
  /** What is not submitted. */
  #waiting: Entry[] = [];
  /** What is on its way from `#waiting` to a flight. */
  #taken: readonly Entry[] = [];
  /** By folder. */
  readonly #flights = new Map<string, Flight>();
  /** Those of which everything is settled. */
  readonly #done = new Set<Flight>();
  /** How many actions are awaited. */
  #pending = 0;
  #loop: Promise<void> | undefined;
  #listing: Promise<void> | undefined;
  #flushing: Promise<void> | undefined;
  #stopping = false;
  #silent = false;
  #closed = false;

  constructor(options: ClusterOptions) {
    const { store, scheduler, settings, publishEvery, onProblem } = options;
    const batches = store.shelf("batches");
    this.#options = options;
    this.#pace = new Pace(scheduler.pace);
    this.#others = new Others(batches, this.#run, scheduler.name);
    this.#queue = new Queue({
      ...{ run: this.#run, batches, cache: store.folder, scheduler, settings, publishEvery },
      secondsOf: ({ watch, job }) => watch.seconds ?? this.#typical.secondsOf(job.type.type),
      onProblem: (message) => onProblem({ code: "cluster", message }),
    });
  }

  async obtain(job: Job, bytes: boolean, watch: Watch): Promise<Made> {
    const { store, signal } = this.#options;
    // Nodes ask no remote: what those have is brought here.
    await store.fetch(inputArtifacts(job));
    if (store.hasRemotes) await findPrefixes(job, store);
    signal.throwIfAborted();
    if (watch.stopped()) throw new Stopped();
    const entry = new Entry(job, bytes, watch);
    this.#waiting.push(entry);
    this.#pending++;
    this.#pace.added();
    this.#start();
    return await entry.made.finally(() => this.#pending--);
  }

  #start(): void {
    this.#loop ??= this.#work().finally(() => {
      this.#loop = undefined;
      // Something may have come while the last work ended.
      if (this.#pending > 0 && !this.#closed) this.#start();
    });
  }

  async close(): Promise<void> {
    const { signal } = this.#options;
    this.#closed = true;
    await this.#loop;
    if (signal.reason instanceof Detached) return;
    const own = this.#flies || this.#stopping ? [this.#run] : [];
    for (const run of [...own, ...this.#adopted()]) await this.#cancel(run, false);
    for (const { foreign, folder } of this.#done) if (!foreign) removeBatch(folder);
  }

  /** Whether something is in flight that this head submitted. */
  get #flies(): boolean {
    return [...this.#flights.values()].some(({ foreign }) => !foreign);
  }

  /** The runs of dead heads of which something is awaited here. */
  #adopted(): string[] {
    const runs = new Set([...this.#flights.values()].map(({ run }) => run));
    return this.#others.orphans.filter((run) => runs.has(run));
  }

  /** Goes on while something is awaited. Never rejects: what goes wrong is everybody's failure. */
  async #work(): Promise<void> {
    const { signal } = this.#options;
    try {
      while (!this.#closed && this.#pending > 0) {
        if (signal.aborted) throw signal.reason;
        if (this.#pace.isFlushDue(this.#waiting.length) && this.#queue.isOpen) {
          this.#flushing ??= this.#flush().finally(() => {
            this.#flushing = undefined;
          });
        }
        if (this.#pace.isReadDue()) this.#read();
        if (this.#pace.isListDue() && this.#flights.size > 0) {
          this.#listing ??= this.#list().finally(() => {
            this.#listing = undefined;
          });
        }
        await sleep(this.#pace.tickMs, undefined, { signal }).catch(() => {});
      }
      if (signal.aborted) throw signal.reason;
    } catch (error) {
      for (const entry of this.#awaited()) entry.reject(error);
    } finally {
      // What is being submitted is cancelled with the rest.
      await Promise.allSettled([this.#flushing, this.#listing]);
      for (const entry of this.#awaited()) if (signal.aborted) entry.reject(signal.reason);
    }
  }

  #awaited(): Entry[] {
    const flying = [...this.#flights.values()].flatMap(({ entries }) => entries);
    return [...this.#waiting, ...this.#taken, ...flying].filter(({ settled }) => !settled);
  }

  async #flush(): Promise<void> {
    const { settings } = this.#options;
    const entries = this.#waiting.splice(0).filter((entry) => !entry.isOver());
    this.#taken = entries;
    this.#pace.flushed();
    try {
      await this.#others.refresh((runs) => this.#ask(runs));
      const own = entries.filter((entry) => {
        return !(this.#others.any && this.#isThere(entry)) && !this.#adopt(entry);
      });
      const tasks = [...this.#flights.values()].reduce((sum, flight) => sum + flight.tasks.size, 0);
      const room = Math.max(0, settings.max_jobs - tasks);
      const { flights, left } = await this.#queue.submit(own, room);
      for (const flight of flights) this.#flights.set(flight.folder, flight);
      this.#waiting.push(...left);
      if (left.length > 0) this.#pace.added();
      if (this.#queue.isOpen && this.#flights.size > 0) this.#options.onSubmitted?.();
    } catch (error) {
      for (const entry of entries) if (!entry.settled) entry.reject(error);
    } finally {
      this.#taken = [];
    }
  }

  /** Whether somebody else has computed it meanwhile. */
  #isThere(entry: Entry): boolean {
    const found = findHere(this.#options.store, entry.job, entry.bytes);
    if (found) entry.resolve(fromStore(found));
    return found !== undefined;
  }

  /** Waits for another head's job if that has the action. */
  #adopt(entry: Entry): boolean {
    const elsewhere = this.#others.find(entry.job.action.key);
    if (!elsewhere) return false;
    const { folder, task, action } = elsewhere;
    const flight = this.#flights.get(folder) ?? new Flight(elsewhere, true, Date.now());
    this.#flights.set(folder, flight);
    flight.wait(task, action, entry);
    return true;
  }

  #read(): void {
    const begun = performance.now();
    let any = false;
    for (const flight of this.#flights.values()) {
      flight.read(({ job }, seconds) => {
        any = true;
        this.#typical.add(job.type.type, seconds);
        // Nodes ask no remote, and so they upload nothing either.
        if (seconds > 0) this.#options.store.upload(job.action.key);
      });
      for (const task of flight.takeLost(this.#pace.graceMs)) this.#lost(flight, task);
      if (flight.tasks.size > 0) continue;
      this.#flights.delete(flight.folder);
      this.#done.add(flight);
    }
    this.#pace.read(any, performance.now() - begun);
    this.#stopOnFailure();
  }

  async #list(): Promise<void> {
    const asked = Date.now();
    try {
      const listed = await this.#ask([
        ...new Set([...this.#flights.values()].map(({ run }) => run)),
      ]);
      const byBatch = new Map<string, Map<number, Listed>>();
      for (const one of listed) {
        const name = `${one.run}/${one.batch}`;
        byBatch.set(name, (byBatch.get(name) ?? new Map()).set(one.task, one));
      }
      for (const flight of this.#flights.values()) {
        flight.compare(byBatch.get(`${flight.run}/${flight.batch}`) ?? new Map(), asked);
      }
      this.#silent = false;
    } catch (error) {
      if (!this.#silent) {
        const message = `the scheduler does not answer, asks again: ${(error as Error).message}`;
        this.#options.onProblem({ code: "cluster", message });
      }
      this.#silent = true;
    }
    this.#pace.listed();
  }

  #ask(runs: readonly string[]): Promise<readonly Listed[]> {
    return runs.length === 0 ? Promise.resolve([]) : this.#options.scheduler.list(runs);
  }

  /** Submits again what a task has left. */
  #lost(flight: Flight, task: Task): void {
    const entries = [...task.entries.values()].filter((entry) => !entry.settled);
    for (const { job } of entries) this.#others.forget(job.action.key);
    const unmade = entries.filter((entry) => !this.#isThere(entry));
    const { again, message } = takeBack(flight, { ...task, left: unmade }, this.#options.store);
    if (again.length === 0) return;
    this.#waiting.push(...again);
    this.#pace.added();
    if (message !== undefined) this.#options.onProblem({ code: "lost-job", message });
  }

  /** Once something failed, what has not begun is not awaited any more. */
  #stopOnFailure(): void {
    const entries = [...this.#flights.values()].flatMap((flight) => flight.entries);
    const all = [...this.#waiting, ...entries];
    if (!all.some(({ watch }) => watch.stopped())) return;
    const flies = this.#flies;
    for (const entry of all) entry.isOver();
    this.#waiting = this.#waiting.filter(({ settled }) => !settled);
    for (const flight of this.#flights.values()) flight.forget();
    if (this.#stopping || !flies) return;
    this.#stopping = true;
    stopRun(this.#options.store.shelf("batches"), this.#run);
    void this.#cancel(this.#run, true);
  }

  async #cancel(run: string, queued: boolean): Promise<void> {
    try {
      await this.#options.scheduler.cancel(run, queued);
    } catch (error) {
      const message = `the jobs of run ${run} could not be cancelled: ${(error as Error).message}`;
      this.#options.onProblem({ code: "cluster", message });
    }
  }
}
