/** What the columns of `code-information` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

const codes = "What is read: real (codes as they are) or signs (of each unit its side of zero).";
const measures = (over: string) => ({
  accuracy: `Share of spins whose sign the linear map gives${over}.`,
  accuracy_se: note.jackknife("accuracy"),
  block_entropy: `H of the four spins of a block, in nats${over}.`,
  block_entropy_se: note.jackknife("block_entropy"),
  block_surroundings_information: `I(block; a spin beyond each side), of spins alone, in nats${over}.`,
  block_surroundings_information_se: note.jackknife("it"),
  block_information: `Mutual information of a 2 x 2 block and the signs that the linear map gives it, in nats${over}.`,
  block_information_se: note.jackknife("block_information"),
  surroundings_information: `I(a spin beyond each side; signs that the map gives the block), in nats${over}.`,
  surroundings_information_se: note.jackknife("surroundings_information"),
  own_block_information: `I(block; sign of the unit of its index), nats, a mean over blocks${over}; null for real.`,
  own_block_information_se: note.jackknife("own_block_information"),
  own_surroundings_information: `I(a spin beyond each side; that sign), nats, a mean over blocks${over}; null for real.`,
  own_surroundings_information_se: note.jackknife("it"),
});

export const notes: Notes = {
  configurations: { spins: note.configurations.spins, beta: note.beta },
  train: { spins: note.configurations.spins, beta: note.beta },
  model: { ...note.model },
  summary: {
    codes,
    configurations: "Number of configurations, over all betas.",
    r2: "Share of the spins' variance within betas that a linear map of the code explains, out of sample; up to 1.",
    r2_se: "Standard error of r2, from those of the betas.",
    ...measures(", a mean over betas"),
  },
  by_beta: {
    beta: note.beta,
    codes,
    configurations: note.countOf,
    r2: "Share of the spins' variance that the linear map explains, up to 1; below 0 if the mean does better.",
    r2_se: note.jackknife("r2"),
    ...measures(""),
  },
};

export const typical: Typical = {
  params: {},
  inputs: { configurations: note.lattices, train: note.lattices, model: note.autoencoder },
  depends: "The columns are always these; codes of bits have rows for signs alone.",
};
