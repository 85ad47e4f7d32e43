/**
 * Puts the result of an action into the store: the record, and the hints by which longer runs find it.
 * Does not know who performed the action.
 */
import type { Stamp } from "../../store/files.ts";
import type { RecordDraft, StoreRecord } from "../../store/record.ts";
import { limits } from "../../store/record-shape.ts";
import type { Store } from "../../store/store.ts";
import type { Artifact } from "../../table/schema.ts";
import type { AnyNodeType } from "../node-type.ts";
import { lineageOf } from "../plan/key.ts";
import type { ActionBody, ActionResult, Kept, Prefix } from "./action.ts";
import { logTailLines } from "./log.ts";
import { extendedPorts } from "./output.ts";

interface Performed {
  readonly action: ActionBody;
  readonly type: AnyNodeType;
  /** The earlier result that the action continued. */
  readonly prefix: Prefix | undefined;
}

interface Further {
  /** The records that were put together. */
  readonly parts?: readonly StoreRecord[];
  /** Called with the record's file, if it is a new one. */
  published?(file: Stamp): void;
}

/** Returns the record that the store holds now; another process may have been faster. */
export function keepRecord(
  store: Store,
  performed: Performed,
  result: ActionResult,
  startedAt: Date,
  { parts, published }: Further = {},
): StoreRecord {
  const { action, type, prefix } = performed;
  const times = { startedAt: startedAt.toISOString(), finishedAt: new Date().toISOString() };
  const record = store.putRecord(draftOf(performed, result, times, parts), published);
  const { grows } = type;
  const value = grows && action.preimage.params[grows.by];
  if (grows && typeof value === "number" && !parts) {
    store.noteHint(lineageOf(action.preimage, grows.by), value, record.key);
  }
  if (prefix) {
    for (const port of extendedPorts(action, type, prefix.begins !== undefined)) {
      noteExtension(store, prefix.outputs[port]!, record.outputs[port]!);
    }
  }
  return record;
}

function draftOf(
  { action, prefix }: Pick<Performed, "action" | "prefix">,
  result: ActionResult,
  { startedAt, finishedAt }: Pick<RecordDraft, "startedAt" | "finishedAt">,
  parts?: readonly StoreRecord[],
): RecordDraft {
  const { outputs, checkpoint, continues, warnings, log, seconds } = result;
  return {
    key: action.key,
    preimage: action.preimage,
    outputs,
    ...(checkpoint ? { checkpoint } : {}),
    ...(parts ? { parts: parts.map(({ key }) => key) } : {}),
    ...(continues === undefined ? {} : { continues }),
    // The time from nothing, which is what the record saves.
    seconds: seconds + (prefix?.seconds ?? 0),
    startedAt,
    finishedAt,
    warnings: clipWarnings(warnings),
    log: log.slice(-logTailLines),
  };
}

/** The same by whoever performed the action; undefined where that is left to the caller. */
export function keepThere(
  store: Store,
  performed: Omit<Performed, "prefix">,
  result: ActionResult,
  startedAt: Date,
): Kept | undefined {
  let file: Stamp | undefined;
  const published = (stamp: Stamp) => {
    file = stamp;
  };
  try {
    const whole = { ...performed, prefix: undefined };
    const record = keepRecord(store, whole, result, startedAt, { published });
    const { check, finishedAt, computedBy } = record;
    // If another process was faster, the caller finds its record.
    return file && { check, startedAt: record.startedAt, finishedAt, computedBy, file };
  } catch {
    // The caller does it again, and can say what is wrong.
    return undefined;
  }
}

/** Takes note of that. */
export function noteKept(
  store: Store,
  action: ActionBody,
  result: ActionResult,
  { check, computedBy, file, ...times }: Kept,
): StoreRecord {
  const draft = draftOf({ action, prefix: undefined }, result, times);
  const record: StoreRecord = { check, v: 1, ...draft, computedBy };
  store.noteRecord(file, record);
  return record;
}

/** A node type may warn without end; a record does not hold it. */
function clipWarnings(warnings: StoreRecord["warnings"]): StoreRecord["warnings"] {
  return warnings.slice(0, limits.warnings).map(({ code, message }) => ({
    code: code.slice(0, limits.name),
    message: message.slice(0, limits.text),
  }));
}

/** Where one artifact begins with another, only the last chunk of the shorter one can differ. */
function noteExtension(store: Store, before: Artifact, after: Artifact): void {
  const [last, longer] = [before.chunks.at(-1), after.chunks[before.chunks.length - 1]];
  if (last && longer && last.rows < longer.rows) {
    store.noteHint(longer.digest, last.rows, last.digest);
  }
}
