/**
 * Performs one action: reads its inputs from the store, calls the node type's `run`, writes what it
 * returns. Unaware of the graph, of keys, and of where it runs (a worker thread, a child process,
 * or the calling thread).
 */
import { readFileSync } from "node:fs";
import { format } from "node:util";
import { createGenerator, streamSeed } from "../../random/index.ts";
import type { Artifact, Batch } from "../../store/schema.ts";
import type { Store } from "../../store/store.ts";
import { readForeign, writeArtifact } from "../../store/tables.ts";
import type { Coordinate } from "../graph.ts";
import type { AnyNodeType, Context, Output, Ports, SeedValue } from "../node-type.ts";
import { openInput } from "./input.ts";

/** Everything that an action needs, as plain data: it crosses threads and processes. */
export interface Action {
  /** The instance's, for messages. */
  readonly id: string;
  readonly key: string;
  readonly nodeType: string;
  /** URL of the module that exports the node type. */
  readonly module: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Absolute paths of file parameters, by digest. */
  readonly files: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, ActionInput>>;
  readonly outputs: Ports;
  readonly backend: "wasm" | "tensorflow";
  /** Folder of the store. */
  readonly store: string;
}

/** One artifact, or several with the coordinates that become the first columns. */
export interface ActionInput {
  readonly axes: readonly string[];
  readonly members: readonly { readonly coordinate: Coordinate; readonly artifact: Artifact }[];
}

export interface ActionResult {
  /** Of running and writing, without the start of a thread and the loading of code. */
  readonly seconds: number;
  readonly outputs: Readonly<Record<string, Artifact>>;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly log: readonly string[];
}

/** What an action tells while it runs. */
export interface ActionHooks {
  progress(fraction: number, message: string | undefined): void;
  log(line: string): void;
  readonly signal: AbortSignal;
}

/** An action did not keep to its node type's contract. */
export class ActionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ActionError";
  }
}

/** Throws what `run` throws, `ActionError`, and the store's `MissingObject` and `SchemaMismatch`. */
export async function performAction(
  action: Action,
  type: AnyNodeType,
  store: Store,
  hooks: ActionHooks,
): Promise<ActionResult> {
  const warnings: { code: string; message: string }[] = [];
  const log: string[] = [];
  const print = (line: string) => {
    log.push(line);
    hooks.log(line);
  };
  const context = makeContext(action, type, store, hooks, {
    warn: (code, message) => warnings.push({ code, message }),
    log: print,
  });
  const restore = captureConsole(print);
  const started = performance.now();
  try {
    const returned = await type.run(context);
    const outputs: Record<string, Artifact> = {};
    for (const port of Object.keys(action.outputs)) {
      const output = returned[port];
      if (output === undefined) throw new ActionError(`returned no output "${port}"`);
      outputs[port] = await writeOutput(action, port, output, store);
    }
    return { outputs, warnings, log, seconds: (performance.now() - started) / 1000 };
  } finally {
    restore();
  }
}

/** What a node prints belongs in its log, not on the screen. One action at a time per thread. */
function captureConsole(log: (line: string) => void): () => void {
  const { log: out, info, warn, error, debug } = console;
  const print = (...values: unknown[]) => log(format(...values));
  Object.assign(console, { log: print, info: print, warn: print, error: print, debug: print });
  return () => Object.assign(console, { log: out, info, warn, error, debug });
}

function makeContext(
  action: Action,
  type: AnyNodeType,
  store: Store,
  hooks: ActionHooks,
  into: { warn(code: string, message: string): void; log(line: string): void },
): Context<unknown, Ports> {
  const all = Object.entries(action.inputs).map(
    ([port, input]) => [port, openInput(input, store)] as const,
  );
  const declared = (port: string) => port in type.inputs;
  return {
    params: withFiles(action.params, action.files),
    inputs: Object.fromEntries(all.filter(([port]) => declared(port))),
    moreInputs: Object.fromEntries(all.filter(([port]) => !declared(port))),
    outputs: action.outputs,
    random(purpose, ...parts) {
      const seed = action.params["seed"] as SeedValue | undefined;
      if (seed === undefined) throw new ActionError("draws random numbers but has no seed");
      return createGenerator(streamSeed({ nodeType: action.nodeType, purpose, seed, parts }));
    },
    backend: action.backend,
    previous: undefined,
    publish: async () => {},
    progress: (fraction, message) => hooks.progress(fraction, message),
    log: into.log,
    warn: into.warn,
    signal: hooks.signal,
  };
}

/** `{ file: digest }` becomes `FileValue`; the bytes are those that the key names, or it throws. */
function withFiles(value: unknown, files: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((item) => withFiles(item, files));
  if (typeof value !== "object" || value === null) return value;
  const digest = (value as { file?: unknown }).file;
  if (typeof digest === "string" && files[digest] !== undefined) {
    const path = files[digest];
    return { name: (value as { name?: string }).name ?? path, digest, bytes: readFileSync(path) };
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withFiles(item, files)]),
  );
}

async function writeOutput(
  action: Action,
  port: string,
  output: Output,
  store: Store,
): Promise<Artifact> {
  const { columns } = action.outputs[port]!;
  if ("arrow" in output && output.arrow instanceof Uint8Array) {
    return await writeArtifact(store, columns, await readForeign(output.arrow, columns));
  }
  const batches =
    Symbol.asyncIterator in output ? (output as AsyncIterable<Batch>) : [output as Batch];
  return await writeArtifact(store, columns, batches);
}
