/**
 * Loads the library that does the numerics of training. Does not know networks: a backend is the
 * TensorFlow.js namespace, ready to multiply matrices. A thread has one active backend.
 */
import { createRequire } from "node:module";
import type { BackendDescription, BackendName } from "./description.ts";
import { fastProducts, type TfKernel, type WasmModule } from "./wasm-matmul.ts";

export type { BackendName } from "./description.ts";
export type Tf = typeof import("@tensorflow/tfjs-core");

export interface Backend {
  readonly name: BackendName;
  /** The version of the package that computes. */
  readonly version: string;
  readonly tf: Tf;
}

/** A backend cannot be used; the message is one line that a person can act on. */
export class BackendError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "BackendError";
  }

  /** Marks an error that is not a bug, as `table/errors.ts` does, which this room does not know. */
  get [Symbol.for("blockspin.expected")](): string {
    return this.message;
  }
}

/** Makes a backend the active one of this thread. Throws `BackendError`. */
export async function loadBackend(name: BackendName): Promise<Backend> {
  try {
    const backend = name === "wasm" ? await loadWasm() : loadTensorflow();
    if (!(await backend.tf.setBackend(name))) throw new Error(`backend "${name}" does not start`);
    requireProduct(backend);
    return backend;
  } catch (error) {
    throw new BackendError(reason(error), error);
  }
}

/** Why a backend cannot be used; undefined if it can. */
export async function backendProblem(name: BackendName): Promise<string | undefined> {
  return loadBackend(name).then(
    () => undefined,
    (error: BackendError) => error.message,
  );
}

/** Which backends work, and why the others do not. Never throws. */
export async function describeBackends(): Promise<readonly BackendDescription[]> {
  const describe = async (name: BackendName): Promise<BackendDescription> => {
    try {
      return { name, available: true, detail: (await loadBackend(name)).version };
    } catch (error) {
      return { name, available: false, detail: (error as BackendError).message };
    }
  };
  // In this order, so that `wasm` is the one left active.
  const tensorflow = await describe("tensorflow");
  return [await describe("wasm"), tensorflow];
}

/** `tensorflow` if it loads, else `wasm`. */
export async function resolveAuto(): Promise<BackendName> {
  return loadBackend("tensorflow").then(
    () => "tensorflow",
    () => "wasm",
  );
}

/**
 * Disposes every tensor that `work` makes. Unlike `tf.tidy`, which looks for tensors in whatever is
 * returned, element by element, it lets typed arrays through.
 */
export function inScope<T>(tf: Tf, work: () => T): T {
  let result: T | undefined;
  tf.tidy(() => {
    result = work();
  });
  return result as T;
}

async function loadWasm(): Promise<Backend> {
  const tf = await import("@tensorflow/tfjs-core");
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  const folder = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  if (tf.findBackend("wasm") === null) {
    wasm.setWasmPaths(folder.slice(0, folder.search(/[^\\/]*$/)));
    const restore = rememberListeners();
    try {
      if (!(await tf.setBackend("wasm"))) throw new Error('backend "wasm" does not start');
    } finally {
      restore();
    }
  }
  replaceKernels(tf);
  return { name: "wasm", version: wasm.version_wasm, tf };
}

/** Required, not imported: the package is optional, so its types may be missing. */
function loadTensorflow(): Backend {
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2"; // Else it prints to stderr which instructions it uses.
  const require = createRequire(import.meta.url);
  const tf = require("@tensorflow/tfjs-node") as Tf & { version: Record<string, string> };
  return { name: "tensorflow", version: tf.version["tfjs-node"] ?? "unknown", tf };
}

/** Some builds load and then fail in their first operation, such as tfjs-node 4 on Node 23. */
function requireProduct({ name, tf }: Backend): void {
  const scalar = (x: number) => tf.tensor2d([x], [1, 1]);
  const [product] = inScope(tf, () => tf.matMul(scalar(2), scalar(3), true, false).dataSync());
  if (product !== 6) throw new Error(`backend "${name}" computes 2 * 3 = ${product}`);
}

let areReplaced = false;

/** Registers the faster kernels of `wasm-matmul.ts` in place of the shipped ones, once. */
function replaceKernels(tf: Tf): void {
  if (areReplaced) return;
  const faster = fastProducts((tf.findBackend("wasm") as unknown as { wasm: WasmModule }).wasm);
  for (const name of ["BatchMatMul", "_FusedMatMul"]) {
    const shipped = tf.getKernel(name, "wasm");
    const kernelFunc = faster(shipped.kernelFunc as unknown as TfKernel);
    tf.unregisterKernel(name, "wasm");
    const config = { ...shipped, kernelFunc: kernelFunc as unknown as typeof shipped.kernelFunc };
    tf.registerKernel(config);
  }
  areReplaced = true;
}

/**
 * Emscripten's start-up code adds listeners that turn every uncaught exception and every unhandled
 * rejection of the whole process into its own rethrow; the returned function takes them out again.
 */
function rememberListeners(): () => void {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => new Set(process.listeners(event as "exit")));
  return () => {
    for (const [i, event] of events.entries()) {
      for (const listener of process.listeners(event as "exit")) {
        const theirs = /ExitStatus|throw reason/.test(String(listener));
        if (theirs && !before[i]!.has(listener)) process.removeListener(event, listener);
      }
    }
  };
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown } | null)?.code;
  const line = message.split("\n")[0]!.trim();
  const missing = code === "MODULE_NOT_FOUND" || line.includes("tfjs_binding");
  if (missing && line.includes("'@tensorflow/tfjs-node'")) {
    return "@tensorflow/tfjs-node is not installed";
  }
  return missing ? `@tensorflow/tfjs-node is not built: ${line}` : line;
}
