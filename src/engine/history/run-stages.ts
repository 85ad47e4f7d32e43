/** Where the time and the bytes of an earlier run are, stage by stage. */
import { artifactsOf, type StoreRecord } from "../../store/record.ts";
import type { ActionKey } from "../../table/digest.ts";
import { push } from "../../text/group.ts";
import { parsePattern } from "../plan/pattern.ts";
import { type Counts, countFinal } from "../states.ts";
import type { PastRun } from "./runs.ts";

export interface RunStage {
  readonly stage: string;
  readonly counts: Counts;
  /** Of what ran, one after the other. */
  readonly seconds: number;
  /** Of all outputs, whether computed or cached; of those whose records are still there. */
  readonly bytes: number;
  /** How many records are gone. */
  readonly gone: number;
}

interface Records {
  getRecord(key: ActionKey): StoreRecord | undefined;
}

/** In the order in which the stages ended first. */
export function stagesOf({ ended, keys }: PastRun, records: Records): RunStage[] {
  const ids = new Map<string, string[]>();
  for (const id of ended.keys()) push(ids, stageOf(id), id);
  return [...ids].map(([stage, members]) => {
    const ends = members.map((id) => ended.get(id)!);
    // Instances with one key share their outputs.
    const distinct = new Set(members.flatMap((id) => keys.get(id) ?? []));
    const found = [...distinct].map((key) => records.getRecord(key));
    const chunks = found
      .flatMap((record) => (record ? artifactsOf(record) : []))
      .flatMap((one) => one.chunks);
    return {
      stage,
      counts: countFinal(ends.map(({ state }) => state)),
      seconds: ends.reduce((sum, { seconds }) => sum + seconds, 0),
      bytes: chunks.reduce((sum, { bytes }) => sum + bytes, 0),
      gone: found.filter((record) => !record).length,
    };
  });
}

/** A damaged journal may have any text for an id. */
function stageOf(id: string): string {
  try {
    return parsePattern(id).stage;
  } catch {
    return id;
  }
}
