/** Checks from column types alone that a model takes the rows that it is applied to. */
import type { DataColumn } from "./columns.ts";
import { requireLattice } from "./layers/new-layer.ts";
import { at, Misfit } from "./misfit.ts";
import { inputsOf, type LayerSize } from "./model.ts";
import { modelSizes } from "./model-table.ts";

/**
 * The layers of the model at port `model`; throws a Misfit if it holds none, or one that takes other
 * rows. `what` and `whose` name the rows' content and the rows in the message.
 */
export function modelFor(
  schema: Readonly<Record<string, object>>,
  { width, shape }: DataColumn,
  what = "numbers",
  whose = "configurations",
): LayerSize[] {
  const layers = modelSizes(schema);
  if (!layers) throw new Misfit("port", "model", "holds no model");
  if (inputsOf(layers) !== width) {
    const message = `takes ${inputsOf(layers)} ${what}, but the ${whose} have ${width}`;
    throw new Misfit("port", "model", message);
  }
  at("port", "model", () => requireLattice(layers[0]!, shape));
  return layers;
}
