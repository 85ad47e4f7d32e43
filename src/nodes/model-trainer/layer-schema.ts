/** The JSON Schema of a layer as it is written in YAML. Knows nothing of how layers fit together. */
import { activations } from "../../learn/model.ts";

const lambda = (formula: string) => ({
  type: "number",
  minimum: 0,
  description: `lambda of the penalty ${formula} over this layer's weights, biases excepted.`,
});
const channels = (description: string) => ({ type: "integer", minimum: 1, description });

export const layerSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    dense: {
      anyOf: [{ type: "integer", minimum: 1 }, { enum: ["x", "y"] }],
      description: "A dense layer with this many units, or as many as a row of port x or y has.",
    },
    conv: channels(
      "A convolution on the periodic lattice with this many channels: a coarse site for each window.",
    ),
    conv_transpose: channels(
      "The transpose of a convolution: every site adds to a window of a finer lattice with this " +
        "many channels.",
    ),
    energy: {
      enum: ["square"],
      description:
        "The energy per site of the periodic square lattice of its inputs, -(1/N) sum x x' over " +
        "nearest neighbours, also of real numbers: one output, nothing to train.",
    },
    window: channels(
      "Of a convolution: sites a side of a window, centred on the block; default 3.",
    ),
    stride: channels("Of a convolution: fine sites a side for one coarse site; default 1."),
    activation: { enum: activations, description: "Of a new layer; linear unless given." },
    name: {
      type: "string",
      pattern: "^[a-z][a-z0-9_]*$",
      description: "Of a new layer, for `until` and for the measures; else dense_1, conv_2, ….",
    },
    l1: lambda("lambda * sum |w|"),
    l2: lambda("lambda * sum w^2"),
    use: { type: "string", description: "The layers of the model at this input port." },
    until: { type: "string", description: "The last layer of `use` that is taken; else all." },
    frozen: { type: "boolean", description: "Leave the layers of `use` as they are." },
  },
};
