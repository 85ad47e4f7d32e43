/** Small networks and data for the tests of learning. */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { backendOf } from "../../src/learn/backend/backend.ts";
import type { Backend, TraineeOptions } from "../../src/learn/backend/contract.ts";
import { initialWeights } from "../../src/learn/layers/initialize.ts";
import {
  type Activation,
  type Layer,
  parameterSizes,
  parametersOf,
  type Windows,
} from "../../src/learn/model.ts";
import { convolutionSize } from "../../src/learn/model-table.ts";
import { floatRows, type Rows, spinRows } from "../../src/learn/rows.ts";
import { initialState, optimizerOf } from "../../src/learn/training/optimizer.ts";
import { createGenerator } from "../../src/random/index.ts";

export function random(purpose: string, ...parts: readonly (number | string)[]) {
  const seed = createHash("sha256")
    .update(JSON.stringify([purpose, ...parts]))
    .digest();
  return createGenerator(new Uint8Array(seed));
}

export function dense(
  name: string,
  inputs: number,
  outputs: number,
  activation: Activation = "tanh",
  frozen = false,
): Layer {
  const kernel = initialWeights("normal", inputs, outputs, random("initialization", name));
  const generator = random("bias", name);
  const bias = Float32Array.from({ length: outputs }, () => 0.1 * generator.normal());
  return { kind: "dense", name, activation, inputs, outputs, kernel, bias, frozen };
}

export function convolution(
  kind: "conv" | "conv_transpose",
  name: string,
  windows: Windows,
  activation: Activation = "tanh",
  frozen = false,
): Layer {
  const size = convolutionSize(kind, name, windows);
  const { rows, columns, biases } = parameterSizes(size);
  const kernel = initialWeights("normal", columns, rows, random("initialization", name));
  const generator = random("bias", name);
  const bias = Float32Array.from({ length: biases }, () => 0.1 * generator.normal());
  return { ...size, activation, kernel, bias, frozen };
}

export function energy(name: string, inputs: number): Layer {
  const none = new Float32Array(0);
  const rest = { activation: "linear", kernel: none, bias: none, frozen: true } as const;
  return { kind: "energy", name, inputs, outputs: 1, ...rest };
}

export function randomSpins(rows: number, width: number, purpose = "spins"): Rows {
  const generator = random(purpose);
  const bits = Uint8Array.from({ length: Math.ceil((rows * width) / 8) }, () =>
    generator.below(256),
  );
  return spinRows(bits, rows, width);
}

/** Uniform on (-1, 1). */
export function randomReals(rows: number, width: number, purpose = "reals"): Rows {
  const generator = random(purpose);
  const draw = () => 2 * generator.float64() - 1;
  return floatRows(Float32Array.from({ length: rows * width }, draw), width);
}

/** All rows, one behind the other. */
export function flat(rows: Rows): Float32Array {
  const values = new Float32Array(rows.rows * rows.width);
  for (let row = 0; row < rows.rows; row++) rows.copy(row, values, row * rows.width);
  return values;
}

/**
 * The code of the backend `tensorflow` with the library's own WebAssembly, which is always there: the
 * plain twin of our engine.
 */
export async function twin(): Promise<Backend> {
  const tf = await import("@tensorflow/tfjs-core");
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  const main = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(main.slice(0, main.search(/[^\\/]*$/)));
  await tf.setBackend("wasm");
  return backendOf(tf, "twin");
}

/** A training of one step, with targets of their own. */
export function traineeFor(
  backend: Backend,
  layers: readonly Layer[],
  change: Partial<TraineeOptions> & { batch: number },
) {
  const { optimizer = optimizerOf({ sgd: 0.1 }) } = change;
  const arrays = layers.filter((layer) => !layer.frozen).flatMap(parametersOf);
  return backend.trainee({
    ...{ layers, loss: "mse", penalties: new Map(), optimizer },
    state: initialState(
      optimizer,
      arrays.map(({ length }) => length),
    ),
    ...change,
  });
}

/** SHA-256 of the arrays' bytes, in hex. */
export function digest(arrays: readonly Float32Array[]): string {
  const hash = createHash("sha256");
  for (const array of arrays) {
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest("hex");
}

/** The numbers from `start` on. */
export function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
