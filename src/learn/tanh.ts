/** tanh of a float32 array by this layer's own WebAssembly. */
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
