/** What a run tells while it goes on; the journal and `run --json` hold the same events. */
import type { ActionKey } from "../table/digest.ts";

export type Event =
  | {
      readonly event: "started";
      readonly pipeline: string;
      readonly backend: "wasm" | "tensorflow";
      readonly instances: number;
      readonly cached: number;
      readonly run: number;
      readonly unknown: number;
      readonly at: string;
    }
  | InstanceEvent
  | {
      readonly event: "progress";
      readonly id: string;
      readonly fraction: number;
      readonly message?: string;
    }
  | { readonly event: "waiting"; readonly id: string; readonly holder: string }
  | {
      readonly event: "warning";
      readonly code: string;
      readonly message: string;
      readonly id?: string;
    }
  | {
      readonly event: "finished";
      readonly ran: number;
      readonly cached: number;
      readonly failed: number;
      readonly skipped: number;
      readonly seconds: number;
    };

/** `skipped`: an ancestor failed, or the run stopped. */
export type FinalState = "ran" | "cached" | "failed" | "skipped";

export interface InstanceEvent {
  readonly event: "instance";
  readonly id: string;
  readonly state: "started" | FinalState;
  readonly key?: ActionKey;
  readonly seconds?: number;
  /**
   * Of an instance that ran in parts or from an earlier result: how many parts were computed and how
   * many were there, and how many of the former continued an earlier result.
   */
  readonly parts?: { readonly ran: number; readonly cached: number; readonly continued: number };
  /** Why it ran. */
  readonly reason?: readonly string[];
  readonly error?: string;
  /** The last lines of what it printed. */
  readonly log?: readonly string[];
}
