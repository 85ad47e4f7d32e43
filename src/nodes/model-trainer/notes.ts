/** What the columns of `model-trainer` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  "*": { ...note.model },
  map: {
    beta: "Inverse temperature of the finer lattice.",
    beta_prime: "What is to be read at beta.",
  },
  model: {
    ...note.model,
  },
  history: {
    epoch: "Passes over the data so far; 0 is before training.",
    loss: "Mean loss over batches and outputs while they were trained on; at epoch 0, over all rows.",
    penalty: "What the penalties add to the loss.",
    validation_loss: "Loss over validation_x after the epoch; null without it.",
  },
};

export const typical: Typical = {
  params: {
    layers: [
      { dense: 64, name: "code" },
      { dense: "x", name: "image" },
    ],
    epochs: 10,
    seed: 1,
  },
  inputs: { x: note.lattices },
  depends:
    "The model has a column for each tensor of each layer; their sizes are those of `layers` and of the rows.",
};
