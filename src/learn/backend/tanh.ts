/** tanh of a float32 array, and its derivative, by this layer's own WebAssembly. */
import { kernel, lend } from "./kernel.ts";

/**
 * tanh of every number, in a new array: within 3 units in the last place, odd to the bit, and the
 * same on every machine.
 */
export function tanhOf(values: Float32Array): Float32Array {
  const [lent] = lend([values]);
  kernel().tanh(lent!.at, lent!.view.length);
  return lent!.view.slice(0, values.length);
}

/** dL/dz from dL/dy, in place, for y = tanh z. */
export function throughTanh(gradient: Float32Array, y: Float32Array): void {
  const [lent, values] = lend([gradient, y]);
  kernel().throughTanh(lent!.at, values!.at, lent!.view.length);
  gradient.set(lent!.view.subarray(0, gradient.length));
}
