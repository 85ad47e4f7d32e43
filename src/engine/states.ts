/**
 * The states of an instance: what a plan says of it, what a run makes of it, and how many there are of
 * each. Whatever plans, counts, keeps or prints states takes their names from here.
 *
 * ```
 * plan      run
 * cached ─► cached
 * run ────► started ─► ran | failed
 * unknown ► cached, where its inputs came out the same; else as `run`
 * ```
 * What was planned as `run` or `unknown` may also end as `cached` (somebody else computed it) or as
 * `skipped`. Imports nothing.
 */

/** What a plan says of an instance, before anything runs. */
export type PlanState =
  /** The store has its record. */
  | "cached"
  /** Its key is known, and the store lacks the record, or bytes of it that will be read. */
  | "run"
  /** An input's bytes are not known yet, so it has no key. */
  | "unknown";

/** How an instance ends. */
export type FinalState =
  /** This run computed it, or a part of it. */
  | "ran"
  /** The store has its record: from before, or from another instance or process with the same key. */
  | "cached"
  /** Its action failed. Failures are not kept: the next run tries again. */
  | "failed"
  /** It did not start, since an ancestor failed or the run stopped. */
  | "skipped";

/** What a journal says of an instance. */
export type RunState =
  /** Something is being computed for it. */
  "started" | FinalState;

/** A plan's state as people read it. `--json` has `cached` for `accepted`. */
export type ShownState =
  | PlanState
  /** Cached, with a record that a person accepted after a change of code. */
  | "accepted";

export function shownState(planned: {
  readonly state: PlanState;
  readonly record: { readonly accepted?: unknown } | undefined;
}): ShownState {
  const accepted = planned.state === "cached" && planned.record?.accepted !== undefined;
  return accepted ? "accepted" : planned.state;
}

/** How many instances ended in each state. */
export type Counts = Readonly<Record<FinalState, number>>;

export function countFinal(states: Iterable<FinalState>): Counts {
  const counts = { ran: 0, cached: 0, failed: 0, skipped: 0 };
  for (const state of states) counts[state]++;
  return counts;
}

/** How many instances a plan has in each state. */
export function countPlanned(states: Iterable<PlanState>): Readonly<Record<PlanState, number>> {
  const counts = { cached: 0, run: 0, unknown: 0 };
  for (const state of states) counts[state]++;
  return counts;
}
