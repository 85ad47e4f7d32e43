/** The loss of a network over a whole data set. */
import type { Backend } from "./backend/contract.ts";
import { predict } from "./layers/forward.ts";
import type { Layer, Loss } from "./model.ts";
import type { Rows } from "./rows.ts";
import { lossOf } from "./training/loss.ts";

/** Inputs with the outputs that are wanted for them, row by row. */
export interface Examples {
  readonly x: Rows;
  readonly y: Rows;
}

/** Rows held as numbers at once. */
const windowRows = 4096;

/** Mean over rows and outputs. */
export function evaluate(
  backend: Backend,
  layers: readonly Layer[],
  loss: Loss,
  { x, y }: Examples,
): number {
  const last = layers.at(-1)!.activation;
  let sum = 0;
  for (let start = 0; start < x.rows; start += windowRows) {
    const end = Math.min(x.rows, start + windowRows);
    const targets = new Float32Array((end - start) * y.width);
    for (let row = start; row < end; row++) y.copy(row, targets, (row - start) * y.width);
    sum += (end - start) * lossOf(loss, last, predict(backend, layers, x, start, end), targets);
  }
  return sum / x.rows;
}
