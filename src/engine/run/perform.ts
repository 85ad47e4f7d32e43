/**
 * Performs one action: reads its inputs from the store, calls the node type's `run`, writes what it
 * returns. Knows neither the graph nor where it runs (a worker thread, a process, or this thread).
 */
import { artifactOf, beginsWith, openChunks } from "../../store/artifacts.ts";
import { MissingObject } from "../../store/errors.ts";
import type { Store } from "../../store/store.ts";
import { readArtifact } from "../../store/tables.ts";
import { sameColumns } from "../../table/columns.ts";
import { expectedMessage } from "../../table/errors.ts";
import type { Artifact } from "../../table/schema.ts";
import type { AnyNodeType } from "../node-type.ts";
import type { Action, ActionHooks, ActionResult, Prefix } from "./action.ts";
import { makeContext } from "./context.ts";
import { captureOutput, clipLine, LogTail } from "./log.ts";
import { extendedPorts, writeOutputs } from "./output.ts";
import { Publisher } from "./publish.ts";

/** Throws what `run` throws, `ActionError`, and the store's `MissingObject` and `SchemaMismatch`. */
export async function performAction(
  action: Action,
  type: AnyNodeType,
  store: Store,
  hooks: ActionHooks,
): Promise<ActionResult> {
  const warnings: { code: string; message: string }[] = [];
  const tail = new LogTail();
  const print = (line: string) => {
    tail.add(line);
    hooks.log(clipLine(line));
  };
  const attempt = async (prefix: Prefix | undefined) => {
    const publisher = new Publisher(action, type, store, prefix, {
      warnings,
      get log() {
        return tail.lines;
      },
    });
    const returned = await type.run(
      makeContext(action, type, store, hooks, prefix, {
        warn: (code, message) => warnings.push({ code, message }),
        log: print,
        publish: (value, outputs) => publisher.offer(value, outputs),
        handOver: (value, outputs) => publisher.take(value, outputs),
      }),
    );
    const written = await writeOutputs(action, type, returned, publisher.prefix, store);
    return { ...written, ...(prefix ? { continues: prefix.key } : {}) };
  };
  const restore = captureOutput(print);
  const rejections = watchRejections();
  const started = performance.now();
  try {
    const made = await attemptFrom(await choosePrefix(action, type, store), attempt, (problem) => {
      warnings.length = 0;
      print(problem);
    });
    const seconds = (performance.now() - started) / 1000;
    await rejections.check();
    const said = { warnings: [...warnings, ...made.warnings], log: tail.lines };
    return { ...made, ...said, seconds };
  } finally {
    rejections.end();
    restore();
  }
}

/** A promise that nobody awaits and that fails makes the action fail. */
function watchRejections() {
  const found: unknown[] = [];
  const note = (reason: unknown) => void found.push(reason);
  process.on("unhandledRejection", note);
  return {
    /** Throws the first. */
    async check(): Promise<void> {
      // Node reports a rejection only after all that is due at once.
      await new Promise(setImmediate);
      if (found.length === 0) return;
      const reason = Object(found[0]) as Partial<Error>;
      const what = reason.message ?? String(found[0]);
      const error = new Error(`a promise failed: ${what}: is an \`await\` missing?`);
      // Where it failed, and not where that was found out.
      throw reason.stack === undefined ? error : Object.assign(error, { stack: reason.stack });
    },
    end: () => process.off("unhandledRejection", note),
  };
}

/** Begins from nothing if the node type cannot make sense of the earlier result. */
async function attemptFrom<T>(
  prefix: Prefix | undefined,
  attempt: (prefix: Prefix | undefined) => Promise<T>,
  again: (problem: string) => void,
): Promise<T> {
  try {
    return await attempt(prefix);
  } catch (error) {
    if (!prefix || !isBug(error)) throw error;
    again(`cannot continue ${prefix.key}, begins from nothing: ${(error as Error)?.message}`);
    return await attempt(undefined);
  }
}

/** Whether an error is a bug, or comes from data that the code did not foresee. */
function isBug(thrown: unknown): boolean {
  if (thrown instanceof MissingObject || expectedMessage(thrown) !== undefined) return false;
  return Object(thrown).name !== "AbortError";
}

/** The first prefix that is undamaged and really is a prefix. */
async function choosePrefix(
  action: Action,
  type: AnyNodeType,
  store: Store,
): Promise<Prefix | undefined> {
  for (const prefix of action.prefixes) {
    try {
      if (await isPrefix(action, type, prefix, store)) return prefix;
    } catch (error) {
      if (!(error instanceof MissingObject)) throw error;
      // It went to quarantine, or was never here. A missing input is reported when it is read.
    }
  }
  return undefined;
}

async function isPrefix(
  action: Action,
  type: AnyNodeType,
  { outputs, checkpoint, begins, value }: Prefix,
  store: Store,
): Promise<boolean> {
  for (const port of extendedPorts(action, type, begins !== undefined)) {
    const { columns } = action.outputs[port]!;
    const artifact = outputs[port];
    if (!artifact || !sameColumns(artifact.schema, columns)) return false;
    if (begins !== undefined && artifact.rows !== value) return false;
    await readThrough(store, artifactOf(columns, openChunks(columns, artifact)));
  }
  if (checkpoint) await readThrough(store, checkpoint);
  if (begins === undefined) return true;
  const input = action.inputs[type.maps!]!.members[0]!.artifact;
  return await beginsWith(store, input, value, begins);
}

/** Throws `MissingObject` for what cannot be read, or is not what the record says. */
async function readThrough(store: Store, artifact: Artifact): Promise<void> {
  for await (const _ of readArtifact(store, artifact));
}
