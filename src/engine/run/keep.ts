/**
 * Puts the result of an action into the store: the record, and the hints by which longer runs find it.
 * Does not know who performed the action.
 */
import type { StoreRecord } from "../../store/record.ts";
import { limits } from "../../store/record-shape.ts";
import type { Store } from "../../store/store.ts";
import type { Artifact } from "../../table/schema.ts";
import type { AnyNodeType } from "../node-type.ts";
import { lineageOf } from "../plan/key.ts";
import type { ActionBody, ActionResult, Prefix } from "./action.ts";
import { logTailLines } from "./log.ts";
import { extendedPorts } from "./output.ts";

interface Performed {
  readonly action: ActionBody;
  readonly type: AnyNodeType;
  /** The earlier result that the action continued. */
  readonly prefix: Prefix | undefined;
}

/** Returns the record that the store holds now; another process may have been faster. */
export function keepRecord(
  store: Store,
  { action, type, prefix }: Performed,
  result: ActionResult,
  startedAt: Date,
  parts?: readonly StoreRecord[],
): StoreRecord {
  const { outputs, checkpoint, continues, warnings, log, seconds } = result;
  const record = store.putRecord({
    key: action.key,
    preimage: action.preimage,
    outputs,
    ...(checkpoint ? { checkpoint } : {}),
    ...(parts ? { parts: parts.map(({ key }) => key) } : {}),
    ...(continues === undefined ? {} : { continues }),
    // The time from nothing, which is what the record saves.
    seconds: seconds + (prefix?.seconds ?? 0),
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    warnings: clipWarnings(warnings),
    log: log.slice(-logTailLines),
  });
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
