/** The outputs of a network for many rows. Does not know what it is trained for. */
import type { Backend } from "../backend/contract.ts";
import { inputsOf, type Layer, outputsOf } from "../model.ts";
import { floatRows, type Rows } from "../rows.ts";

/** Rows that a prediction handles at once; the result does not depend on this number. */
const batchRows = 256;

/**
 * The network's outputs for rows `start` to `end` (exclusive; default: all), row after row.
 * Throws a RangeError if the rows are not as wide as the network's input.
 */
export function predict(
  backend: Backend,
  layers: readonly Layer[],
  inputs: Rows,
  start = 0,
  end = inputs.rows,
): Float32Array {
  const [width, outputs] = [inputsOf(layers), outputsOf(layers)];
  if (inputs.width !== width) {
    throw new RangeError(`the network takes ${width} numbers a row, got ${inputs.width}`);
  }
  const result = new Float32Array((end - start) * outputs);
  const network = backend.network(layers, Math.min(batchRows, end - start));
  try {
    for (let row = start; row < end; row += batchRows) {
      const rows = Math.min(batchRows, end - row);
      const picked = new Uint32Array(rows).map((_, i) => row + i);
      result.set(network.run(inputs, picked), (row - start) * outputs);
    }
  } finally {
    network.dispose();
  }
  return result;
}

/** The outputs of the leading layers, as rows for the others. */
export function encode(backend: Backend, layers: readonly Layer[], inputs: Rows): Rows {
  if (layers.length === 0) return inputs;
  return floatRows(predict(backend, layers, inputs), outputsOf(layers));
}
