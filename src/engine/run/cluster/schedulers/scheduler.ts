/**
 * Who starts jobs on nodes: three verbs. `index.ts` lists who stands behind them. A scheduler knows neither
 * actions nor the store; it runs the script of a batch once for each of its tasks.
 */

/** What a job of a batch asks for. */
export interface Request {
  readonly cpus: number;
  /** MiB; undefined for what the site gives. */
  readonly memory: number | undefined;
  /** Seconds; undefined for what the site gives. */
  readonly seconds: number | undefined;
  /** The scheduler's own, as the configuration has them. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

export interface Submission {
  readonly run: string;
  readonly batch: string;
  /** Folder of the batch. */
  readonly folder: string;
  /** How many tasks it has. */
  readonly tasks: number;
  readonly request: Request;
}

/** A task that the scheduler knows. */
export interface Listed {
  readonly run: string;
  readonly batch: string;
  readonly task: number;
  readonly job: string;
  readonly state: "queued" | "running" | "ended";
  /** How it stands, in the scheduler's words: `NODE_FAIL`. */
  readonly how: string;
  readonly host?: string;
}

/** What the script of a batch finds in its environment, as text for a shell. */
export interface Shell {
  readonly task: string;
  readonly job: string;
  /** The node; empty for the name that it has itself. */
  readonly host: string;
}

export interface Scheduler {
  readonly name: string;
  readonly shell: Shell;
  /** Seconds from one listing to the next, and from one look at outcomes to the next. */
  readonly pace: {
    readonly list: number;
    readonly outcomes: { readonly least: number; readonly most: number };
  };
  /** As many tasks has one submission at most. */
  readonly tasksMax: number;
  /** Rejects with `Refused`. */
  submit(submission: Submission): Promise<void>;
  /** All that it knows of these runs; what has ended may be missing. Rejects with `Refused`. */
  list(runs: readonly string[]): Promise<Listed[]>;
  /** @param queued - ends only what has not begun */
  cancel(run: string, queued: boolean): Promise<void>;
}

/** The scheduler did not do it. */
export class Refused extends Error {
  /** Whether the same call may well succeed later: a full queue, a controller that is down. */
  readonly temporary: boolean;
  constructor(message: string, temporary: boolean) {
    super(message);
    this.temporary = temporary;
  }
}
