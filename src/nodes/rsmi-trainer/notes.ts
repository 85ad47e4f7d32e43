/** What the columns of `rsmi-trainer` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  x: { spins: note.configurations.spins },
  validation_x: { spins: note.configurations.spins },
  model: note.model,
  encoder: note.model,
  history: {
    epoch: "Passes over the blocks so far; 0 is before training.",
    information: "The bound, mean over all blocks that are trained on, in nats per block spin.",
    validation_information: "The same over validation_x; null without it.",
  },
  bounds: {
    block_spin:
      "How h is made of the filter's sum f: sample, with mean tanh f; or sign, the sign of f.",
    information:
      "Lower bound of the mutual information of h and its environment, in nats; at most ln 2.",
    information_se: note.jackknife("information"),
    measured_on: "validation_x, or x, whose blocks were trained on: then it is a little too large.",
    configurations: note.countOf,
  },
};

export const typical: Typical = {
  params: { epochs: 20 },
  inputs: { x: note.lattices },
  depends: "The tensors of the model have the sizes of the lattices, `window` and `factor`.",
};
