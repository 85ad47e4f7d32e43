/** Makes the context that a node type's `run` gets. */
import { readFileSync } from "node:fs";
import { createGenerator, streamSeed } from "../../random/index.ts";
import { sha256 } from "../../store/digest.ts";
import type { Store } from "../../store/store.ts";
import {
  ActionError,
  type AnyNodeType,
  type Context,
  type Input,
  type Ports,
  type Previous,
  type SeedValue,
} from "../node-type.ts";
import { seedParam } from "../seed.ts";
import type { Action, ActionHooks, Prefix } from "./action.ts";
import { openArtifact, openInput } from "./input.ts";

/** The part of a context that collects what the node says. */
type Kept = Pick<Context<unknown, Ports>, "log" | "warn" | "publish" | "handOver">;

export function makeContext(
  action: Action,
  type: AnyNodeType,
  store: Store,
  hooks: ActionHooks,
  prefix: Prefix | undefined,
  kept: Kept,
): Context<unknown, Ports> {
  const all = Object.entries(action.inputs).map(([port, input]): [string, Input] => {
    const skip = port === type.maps && prefix?.begins !== undefined ? prefix.value : 0;
    return [port, openInput(input, store, skip)];
  });
  const declared = (port: string) => Object.hasOwn(type.inputs, port);
  return {
    params: withFiles(action.preimage.params, action.files),
    inputs: Object.fromEntries(all.filter(([port]) => declared(port))),
    moreInputs: Object.fromEntries(all.filter(([port]) => !declared(port))),
    outputs: action.outputs,
    random(purpose, ...parts) {
      const name = seedParam(type.params);
      const seed = name === undefined ? undefined : action.preimage.params[name];
      if (!isSeed(seed)) throw new ActionError("draws random numbers but has no seed");
      return createGenerator(streamSeed({ nodeType: action.preimage.node, purpose, seed, parts }));
    },
    backend: action.backend,
    previous: prefix && prefix.begins === undefined ? previousOf(prefix, store) : undefined,
    progress: rarely((fraction, message, numbers) => hooks.progress(fraction, message, numbers)),
    signal: hooks.signal,
    ...kept,
  };
}

function isSeed(value: unknown): value is SeedValue {
  return ["number", "string"].includes(typeof value) || Array.isArray(value);
}

/** A node may report progress as often as it likes; this passes some of it on. */
const progressEveryMs = 50;

function rarely(report: Context<unknown>["progress"]): Context<unknown>["progress"] {
  let next = 0;
  return (fraction, message, numbers) => {
    const now = performance.now();
    if (now < next) return;
    next = now + progressEveryMs;
    report(fraction, message, numbers);
  };
}

function previousOf({ value, outputs, checkpoint }: Prefix, store: Store): Previous {
  const opened = Object.entries(outputs).map(([port, artifact]) => [
    port,
    openArtifact(artifact, store),
  ]);
  return {
    value,
    outputs: Object.fromEntries(opened),
    checkpoint: checkpoint && openArtifact(checkpoint, store),
  };
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    // The message has the path and the reason.
    throw new ActionError(`a file can no longer be read: ${(error as Error).message}`);
  }
}

/** `{ file: digest }` becomes `FileValue`. Throws if the bytes are not those that the key names. */
function withFiles(value: unknown, files: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((item) => withFiles(item, files));
  if (typeof value !== "object" || value === null) return value;
  const { file: digest, ...rest } = value as { file?: unknown; name?: string };
  if (typeof digest === "string" && Object.hasOwn(files, digest)) {
    const path = files[digest]!;
    const bytes = readFile(path);
    if (sha256(bytes) !== digest) {
      throw new ActionError(`file ${JSON.stringify(path)} changed while the pipeline ran`);
    }
    return { name: path, ...rest, digest, bytes };
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withFiles(item, files)]),
  );
}
