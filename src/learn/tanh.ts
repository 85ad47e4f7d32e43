/** tanh of a float32 array by this layer's own WebAssembly. */
import { instantiate } from "../math/index.ts";

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  allocate(count: number): number;
  tanh(at: number, count: number): void;
}

let kernel: Kernel | undefined;
let [address, capacity] = [0, 0];

/**
 * tanh of every number, in a new array: within 3 units in the last place, odd to the bit, and the
 * same on every machine.
 */
export function tanhOf(values: Float32Array): Float32Array {
  kernel ??= instantiate("learn") as unknown as Kernel;
  const count = (values.length + 3) & ~3;
  if (count > capacity) {
    capacity = Math.max(count, 2 * capacity);
    address = kernel.allocate(capacity);
  }
  // The memory may have grown since: a view holds for one call.
  const view = new Float32Array(kernel.memory.buffer, address, count);
  view.set(values);
  kernel.tanh(address, count);
  return view.slice(0, values.length);
}
