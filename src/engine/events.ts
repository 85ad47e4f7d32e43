/** What a run reports while it goes on; the journal and `run --json` hold the same
 * events, but for progress (not in the journal) and lines of logs (in neither). */
import type { ActionKey } from "../table/digest.ts";
import type { Counts, PlanState, RunState } from "./states.ts";

export type Event =
  | ({
      readonly event: "started";
      readonly pipeline: string;
      readonly backend: "wasm" | "tensorflow";
      readonly instances: number;
      readonly at: string;
    } & Readonly<Record<PlanState, number>>)
  | InstanceEvent
  | {
      readonly event: "progress";
      readonly id: string;
      readonly fraction: number;
      readonly message?: string;
      /** What it reports again and again, by name: say, a loss. */
      readonly numbers?: Readonly<Record<string, number>>;
    }
  /** A line that it printed, as it comes; neither in the journal nor in `run --json`. */
  | { readonly event: "log"; readonly id: string; readonly line: string }
  | { readonly event: "waiting"; readonly id: string; readonly holder: string }
  | {
      readonly event: "warning";
      readonly code: string;
      readonly message: string;
      readonly id?: string;
    }
  | ({ readonly event: "finished"; readonly seconds: number } & Counts);

/** Where something runs that does not run in this process. */
export interface Place {
  readonly host: string;
  /** The scheduler's id of the job. */
  readonly job: string;
}

export interface InstanceEvent extends Partial<Place> {
  readonly event: "instance";
  readonly id: string;
  readonly state: RunState;
  readonly key?: ActionKey;
  readonly seconds?: number;
  /**
   * For an instance that ran in parts or continued an earlier result: how many parts ran, how many were
   * cached, and how many of those that ran continued an earlier result.
   */
  readonly parts?: { readonly ran: number; readonly cached: number; readonly continued: number };
  /** Why it ran. */
  readonly reason?: readonly string[];
  readonly error?: string;
  /** The last lines of what it printed. */
  readonly log?: readonly string[];
}
