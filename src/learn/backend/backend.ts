/** Loads what does the numerics of training: our own WebAssembly, or TensorFlow's library. */
import { createRequire } from "node:module";
import { inScope, type Tf } from "../tensorflow/namespace.ts";
import type { Backend } from "./contract.ts";
import type { BackendDescription, BackendName } from "./description.ts";

export type { Backend } from "./contract.ts";
export type { BackendName } from "./description.ts";

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

/** Throws `BackendError`. */
export async function loadBackend(name: BackendName): Promise<Backend> {
  try {
    return name === "wasm" ? await loadWasm() : await loadTensorflow();
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
  return [await describe("wasm"), await describe("tensorflow")];
}

/** `tensorflow` if it loads, else `wasm`. */
export async function resolveAuto(): Promise<BackendName> {
  return loadBackend("tensorflow").then(
    () => "tensorflow",
    () => "wasm",
  );
}

async function loadWasm(): Promise<Backend> {
  const { networkOf } = await import("../wasm/network.ts");
  const { traineeOf } = await import("../wasm/trainee.ts");
  const { version } = createRequire(import.meta.url)("../../../package.json") as {
    version: string;
  };
  return { name: "wasm", version, network: networkOf, trainee: traineeOf };
}

/** Required, not imported: the package is optional, so its types may be missing. */
async function loadTensorflow(): Promise<Backend> {
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2"; // Else it prints to stderr which instructions it uses.
  const require = createRequire(import.meta.url);
  const tf = require("@tensorflow/tfjs-node") as Tf & { version: Record<string, string> };
  if (!(await tf.setBackend("tensorflow"))) throw new Error('backend "tensorflow" does not start');
  requireProduct(tf);
  return backendOf(tf, tf.version["tfjs-node"] ?? "unknown");
}

/** The backend `tensorflow` with any build of the library; tests have one that is always there. */
export async function backendOf(tf: Tf, version: string): Promise<Backend> {
  const { networkOf } = await import("../tensorflow/forward.ts");
  const { traineeOf } = await import("../tensorflow/trainee.ts");
  return {
    name: "tensorflow",
    version,
    network: (layers) => networkOf(tf, layers),
    trainee: (options) => traineeOf(tf, options),
  };
}

/** Some builds load and then fail in their first operation, such as tfjs-node 4 on Node 23. */
function requireProduct(tf: Tf): void {
  const scalar = (x: number) => tf.tensor2d([x], [1, 1]);
  const [product] = inScope(tf, () => tf.matMul(scalar(2), scalar(3), true, false).dataSync());
  if (product !== 6) throw new Error(`backend "tensorflow" computes 2 * 3 = ${product}`);
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
