/** What instances printed: the last time that they ran, or in a run that is named. */

import { thisProcess } from "../../store/process-identity.ts";
import type { StoreRecord } from "../../store/record.ts";
import { readRunLog } from "../../store/run-logs.ts";
import type { Store } from "../../store/store.ts";
import type { Place } from "../events.ts";
import { type Attempt, Attempts } from "../history/attempts.ts";
import { findRun } from "../history/runs.ts";
import type { Opened } from "../open/open.ts";
import { matchPattern } from "../plan/pattern.ts";
import { logTailLines } from "../run/log.ts";
import { planPipeline } from "./plan.ts";

export interface InstanceLog {
  readonly label: string;
  /** `stopped`: by Ctrl-C, a failure elsewhere, or a kill. */
  readonly state: "ran" | "failed" | "runs" | "stopped";
  /** Why it failed. */
  readonly error: string | undefined;
  readonly warnings: StoreRecord["warnings"];
  readonly lines: readonly string[];
  /** How many lines before these were dropped; undefined if that is not known. */
  readonly dropped: number | undefined;
  /** Whether it ran with other parameters, inputs or code than it has now. */
  readonly changed: boolean;
  /** Where it ran, if that was a job of a cluster. */
  readonly place?: Place;
}

/**
 * The logs of the instances that a pattern names, but of those that never ran.
 *
 * @param run - a name of a run; else the result that the instance has now counts, or the last attempt
 */
export async function readLogs(
  opened: Opened,
  pattern: string,
  run?: string,
): Promise<InstanceLog[]> {
  const { graph } = opened;
  const { plan, store } = await planPipeline(opened);
  const only = run === undefined ? undefined : findRun(store, graph.name, run).name;
  const attempts = new Attempts(store, graph.name, only);
  return matchPattern(graph, pattern).indices.flatMap((index): InstanceLog[] => {
    const { id, label } = graph.instances[index]!;
    const found = only === undefined ? plan[index]?.record : undefined;
    const record = found && store.getRecord(found.key);
    // Nothing of it was dropped: no journal has more of it, but where it ran on a cluster.
    const whole = record !== undefined && record.log.length < logTailLines;
    if (whole && record.computedBy.host === thisProcess().host) {
      return [{ label, ...ofRecord(record) }];
    }
    const last = attempts.find(id, record?.key);
    const { host, job } = last?.event ?? {};
    const place = host === undefined || job === undefined ? {} : { place: { host, job } };
    const kept = last && !whole ? readRunLog(last.journal, id) : undefined;
    if (record) return [{ label, ...ofRecord(record), ...kept, ...place }];
    const changed = last?.event.key !== plan[index]?.key && only === undefined;
    return last ? [{ label, ...ofAttempt(last, store), ...kept, changed, ...place }] : [];
  });
}

type Said = Omit<InstanceLog, "label">;

function ofRecord({ warnings, log }: Pick<StoreRecord, "warnings" | "log">): Said {
  const dropped = log.length < logTailLines ? 0 : undefined;
  return { state: "ran", error: undefined, warnings, lines: log, dropped, changed: false };
}

function ofAttempt({ event, alive }: Attempt, store: Store): Said {
  const { state, key, error, log = [] } = event;
  const record = state === "ran" && key !== undefined ? store.getRecord(key) : undefined;
  const said = ofRecord(record ?? { warnings: [], log });
  if (state === "ran") return said;
  if (state === "failed") return { ...said, state, error };
  return { ...said, state: alive ? "runs" : "stopped" };
}
