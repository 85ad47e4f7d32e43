/** An action that a head waits for: what to do with its outcome, and how often its job was lost. */
import type { Job } from "../job.ts";
import { type Made, Stopped, type Watch } from "../workplace.ts";

/** So many times an action is submitted again after its job was lost. */
export const resubmissionsMax = 3;

export class Entry {
  readonly job: Job;
  readonly bytes: boolean;
  readonly watch: Watch;
  /** Settles with what the caller of `obtain` waits for. */
  readonly made: Promise<Made>;
  /** How often a job was lost that had begun with it. */
  lost = 0;
  /** With how many others it may share a job at most. */
  most = Number.POSITIVE_INFINITY;
  /** How far it had come when its last job was lost, if its node type keeps what it has. */
  kept: number | undefined;
  started = false;
  settled = false;
  readonly #resolve: (made: Made) => void;
  readonly #reject: (error: unknown) => void;

  constructor(job: Job, bytes: boolean, watch: Watch) {
    [this.job, this.bytes, this.watch] = [job, bytes, watch];
    const { promise, resolve, reject } = withResolvers<Made>();
    [this.made, this.#resolve, this.#reject] = [promise, resolve, reject];
  }

  resolve(made: Made): void {
    this.settled = true;
    this.#resolve(made);
  }

  reject(error: unknown): void {
    this.settled = true;
    this.#reject(error);
  }

  /** Gives it up if nothing more shall start; returns whether it is settled. */
  isOver(): boolean {
    if (!this.settled && !this.started && this.watch.stopped()) this.reject(new Stopped());
    return this.settled;
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { promise, resolve, reject };
}
