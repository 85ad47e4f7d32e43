/** The parameters of `model-trainer`. */
import { Seed, type Static, Type } from "../../engine/node-type.ts";
import { type Initialization, initializations } from "../../learn/layers/initialize.ts";
import type { LayerParam } from "../../learn/layers/resolve-layers.ts";
import { type Loss, losses } from "../../learn/model.ts";
import type { OptimizerParam } from "../../learn/training/optimizer.ts";
import { optimizerSchema } from "../shared/optimizer-schema.ts";
import { layerSchema } from "./layer-schema.ts";

export const params = Type.Object(
  {
    layers: Type.Unsafe<readonly LayerParam[]>({
      type: "array",
      minItems: 1,
      items: layerSchema,
      // A list among the layers counts as its elements, so that a param can hold several layers.
      "x-blockspin": "flatten",
      description: "First to last: new layers, and parts of connected models.",
    }),
    loss: Type.Unsafe<Loss>({
      enum: losses,
      default: "mse",
      description: "mse, or bce (nats): the mean over batch and outputs.",
    }),
    epochs: Type.Integer({ minimum: 0, description: "Passes over the data; 0: untrained." }),
    batch: Type.Integer({
      minimum: 1,
      default: 64,
      description: "Rows a step. An epoch ends with its last whole batch.",
    }),
    optimizer: Type.Unsafe<OptimizerParam>({ ...optimizerSchema, default: { adam: 0.001 } }),
    initialization: Type.Unsafe<Initialization>({
      enum: initializations,
      default: "normal",
      description:
        "Of new layers' weights: normal with variance 1/inputs, its absolute values, or Glorot's uniform.",
    }),
    target: Type.Optional(
      Type.String({
        description:
          "Column to learn, of y if that is connected, else of x. Else: spins or values.",
      }),
    ),
    keep: Type.Optional(
      Type.String({
        description:
          "The last layer of the model that is handed on; the layers above are there for the loss.",
      }),
    ),
    early_stopping: Type.Optional(
      Type.Object(
        {
          patience: Type.Integer({ minimum: 1, description: "Epochs without improvement." }),
          min_delta: Type.Number({
            minimum: 0,
            default: 0,
            description: "What counts as improvement of the validation loss.",
          }),
        },
        {
          additionalProperties: false,
          description: "Stop by the validation loss, and keep the epoch where it was lowest.",
        },
      ),
    ),
    seed: Seed({ default: 1 }),
  },
  { additionalProperties: false },
);
export type Params = Static<typeof params>;
