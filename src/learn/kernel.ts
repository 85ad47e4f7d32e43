/** This layer's own WebAssembly, and the memory in which it works. Knows no network. */
import { instantiate } from "../math/index.ts";

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  allocate(count: number): number;
  tanh(at: number, count: number): void;
  adam(
    ...arguments_: [
      ...arrays: [parameters: number, gradient: number, first: number, second: number],
      count: number,
      ...numbers: [rate: number, beta1: number, beta2: number, correction: number, epsilon: number],
    ]
  ): void;
}

let loaded: Kernel | undefined;
let [address, capacity] = [0, 0];

export function kernel(): Kernel {
  loaded ??= instantiate("learn") as unknown as Kernel;
  return loaded;
}

/**
 * Copies arrays of one length into the kernel's memory, one behind the other, each on a multiple of
 * 16 bytes with zeros behind it. The views hold until the next call.
 */
export function lend(arrays: readonly Float32Array[]): { at: number; view: Float32Array }[] {
  const { allocate, memory } = kernel();
  const length = arrays[0]!.length;
  const count = (length + 3) & ~3;
  if (arrays.length * count > capacity) {
    capacity = Math.max(arrays.length * count, 2 * capacity);
    address = allocate(capacity);
  }
  return arrays.map((array, i) => {
    const at = address + 4 * i * count;
    // The memory may have grown since the last call.
    const view = new Float32Array(memory.buffer, at, count);
    view.set(array);
    view.fill(0, length);
    return { at, view };
  });
}
