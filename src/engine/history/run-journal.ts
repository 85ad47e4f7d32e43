/**
 * The journal of a run, which begins once the plan is known. A run that computes something needs a
 * store that it can write; a run that finds everything cached goes on without a journal if the store
 * is read-only or full. What instances print is kept beside it.
 */
import { StoreError } from "../../store/errors.ts";
import { Journal, type JournalEvent } from "../../store/journal.ts";
import { thisProcess } from "../../store/process-identity.ts";
import { RunLogs } from "../../store/run-logs.ts";
import type { Store } from "../../store/store.ts";
import type { Event } from "../events.ts";
import type { AboutEvent, NamedEvent } from "./about.ts";

/** The first line of a journal says whose it is, so that others know whether the run goes on. */
export const processEvent = "process";

export class RunJournal {
  readonly #store: Store;
  readonly #pipeline: string;
  /** Called once, if the run goes on without a journal. */
  readonly #onMissing: (reason: string) => void;
  /** Events from before the journal began. */
  #waiting: JournalEvent[] | undefined = [];
  #journal: Journal | undefined;
  #logs: RunLogs | undefined;
  #problem: StoreError | undefined;
  #computes = false;

  constructor(store: Store, pipeline: string, onMissing: (reason: string) => void) {
    this.#store = store;
    this.#pipeline = pipeline;
    this.#onMissing = onMissing;
  }

  /** Lines of logs go beside the journal; how far an action is, is not kept. */
  add(event: Event | AboutEvent | NamedEvent): void {
    if (event.event === "progress") return;
    if (event.event === "log") {
      this.#logs?.add(event.id, event.line);
      return;
    }
    // Who reads that it has ended finds all that it printed.
    if (event.event === "instance") this.#logs?.flush(event.id);
    if (this.#waiting) this.#waiting.push(event);
    else if (this.#journal) {
      const canWait = event.event === "instance" && event.state !== "failed";
      this.#writing(() => this.#journal?.append(event, canWait));
    }
  }

  /** Call before each pass. Throws `StoreError` if the pass would compute what cannot be kept. */
  begin(computes: boolean): void {
    this.#computes ||= computes;
    if (this.#problem && computes) throw this.#problem;
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    const own = { event: processEvent, ...thisProcess() };
    this.#writing(() => {
      this.#store.prepare();
      this.#journal = Journal.create(this.#store, this.#pipeline);
      this.#logs = new RunLogs(this.#journal.path);
      this.#journal.append(own);
      for (const event of waiting) this.#journal.append(event);
    });
  }

  /** Ignores later events. */
  close(): void {
    this.#logs?.close();
    this.#logs = undefined;
    const journal = this.#journal;
    this.#journal = undefined;
    this.#writing(() => journal?.close());
  }

  #writing(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (this.#computes || !(error instanceof StoreError)) throw error;
      this.#problem = error;
      this.close();
      this.#onMissing(error.message);
    }
  }
}
